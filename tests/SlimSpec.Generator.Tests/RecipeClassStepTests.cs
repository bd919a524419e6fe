using System.Reflection;
using Microsoft.CodeAnalysis;

namespace SlimSpec.Generator.Tests;

/// <summary>What an edit to C# runs again where recipes are classes.</summary>
public class RecipeClassStepTests
{
    private static readonly string A = ClassOf("A");
    private static readonly string B = ClassOf("B");

    [Fact]
    public void An_unrelated_edit_checks_and_emits_nothing_again()
    {
        var driver = Edit([("A.cs", A), ("Other.cs", "class Other;")], [("A.cs", A), ("Other.cs", "class Other { int x; }")]);

        driver.Reasons(SpecGenerator.Steps.Classes).ShouldBe([IncrementalStepRunReason.Unchanged]);
        driver.Reasons(SpecGenerator.Steps.Compile).ShouldBe([IncrementalStepRunReason.Cached]);
        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Cached]);
    }

    [Fact]
    public void An_edit_behind_a_class_checks_nothing_again()
    {
        var driver = Edit([("A.cs", A)], [("A.cs", A + "\nclass Other;")]);

        driver.Reasons(SpecGenerator.Steps.Classes).ShouldBe([IncrementalStepRunReason.Unchanged]);
        driver.Reasons(SpecGenerator.Steps.Compile).ShouldBe([IncrementalStepRunReason.Cached]);
    }

    [Fact]
    public void A_moved_class_is_checked_and_not_emitted_again()
    {
        var driver = Edit([("A.cs", A)], [("A.cs", "// a remark\n" + A)]);

        driver.Reasons(SpecGenerator.Steps.Compile).ShouldBe([IncrementalStepRunReason.Unchanged]);
        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Cached]);
    }

    [Fact]
    public void An_edit_to_an_argument_emits_its_own_class_again()
    {
        var driver = Edit([("A.cs", A), ("B.cs", B)], [("A.cs", A), ("B.cs", B.Replace("172", "180"))]);

        driver.Reasons(SpecGenerator.Steps.Compile).ShouldBe([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified]);
        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void An_edit_to_a_constant_elsewhere_emits_the_class_that_uses_it_again()
    {
        var a = A.Replace("172", "Sizes.Ffn");
        var driver = Edit(
            [("A.cs", a), ("Sizes.cs", "static class Sizes { public const int Ffn = 172; }")],
            [("A.cs", a), ("Sizes.cs", "static class Sizes { public const int Ffn = 180; }")]);

        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void Another_namespace_emits_the_class_again()
    {
        var driver = Edit([("A.cs", A)], [("A.cs", A.Replace("namespace Small", "namespace Large"))]);

        driver.Reasons(SpecGenerator.Steps.Model).ShouldBe([IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void What_is_kept_between_edits_holds_nothing_of_the_compiler()
    {
        var outputs = Run.Compile([Run.Llama], ("A.cs", A)).Driver.GetRunResult().Results[0].TrackedSteps[SpecGenerator.Steps.Classes].SelectMany(run => run.Outputs);

        TypesWithin(outputs.ShouldHaveSingleItem().Value).Select(type => type.Namespace).ShouldBe(["SlimSpec.Generator.Reading", "SlimSpec.Generator", "SlimSpec.Specs", "System"], ignoreOrder: true);
    }

    // Of everything that is reachable, namespaces once each.
    private static IEnumerable<Type> TypesWithin(object root)
    {
        var (found, open) = (new HashSet<Type>(), new Stack<object>([root]));
        while (open.TryPop(out var value))
        {
            found.Add(value.GetType().IsArray ? value.GetType().GetElementType()! : value.GetType());
            foreach (var inner in value is Array items ? items.Cast<object>() : value is string || value.GetType().IsPrimitive ? [] : FieldsOf(value.GetType()).Select(field => field.GetValue(value)))
            {
                if (inner is not null)
                {
                    open.Push(inner);
                }
            }
        }

        return found.DistinctBy(type => type.Namespace);
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type? type) => type is null ? [] :
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Concat(FieldsOf(type.BaseType));

    private static GeneratorDriver Edit((string, string)[] before, (string, string)[] after) =>
        Run.Compile([Run.Llama], before).Driver.RunGenerators(Run.CompilationOf(after));

    private static string ClassOf(string name) => $"""
        namespace Small;

        [SlimSpec.SlimRecipe]
        [SlimSpec.Model(Architecture = "llama")]
        [SlimSpec.ModelKey("vocab_size", 256), SlimSpec.ModelKey("hidden_size", 64), SlimSpec.ModelKey("num_hidden_layers", 4)]
        [SlimSpec.ModelKey("num_attention_heads", 8), SlimSpec.ModelKey("intermediate_size", 172), SlimSpec.ModelKey("max_position_embeddings", 128)]
        public partial class {name};
        """;
}
