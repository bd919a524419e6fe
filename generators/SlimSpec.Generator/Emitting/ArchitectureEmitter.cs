using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes what the library needs to know of the architecture's checkpoints: the keys of config.json and names of tensors.</summary>
internal static class ArchitectureEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        var (architecture, huggingFace) = (graph.Architecture, graph.Architecture.HuggingFace);
        writer.Write("public override ArchitectureInfo Architecture { get; } = new(");
        writer.Write($"    {Literals.String(architecture.Name)},");
        writer.Write($"    {Literals.String(huggingFace.Class)},");
        writer.Write($"    [{Strings(huggingFace.ModelTypes)}],");
        writer.Write("    [");
        foreach (var dimension in architecture.Dimensions)
        {
            writer.Write($"        new({string.Join(", ", dimension.Keys.Prepend(dimension.SameAs ?? dimension.Name).Select(Literals.String))}),");
        }

        writer.Write("    ],");
        writer.Write("    [");
        foreach (var constant in architecture.Constants)
        {
            writer.Write($"        {Constant(graph, constant, graph.Recipe.Constants.First(given => given.Name == constant.Name).Value)},");
        }

        using (writer.Open("    ])", "};"))
        {
            if (huggingFace.BasePrefix is { } prefix)
            {
                writer.Write($"BasePrefix = {Literals.String(prefix)},");
            }

            if (huggingFace.Ignore.Count > 0)
            {
                writer.Write($"Ignore = [{Strings(huggingFace.Ignore)}],");
            }

            EmitRequirements(writer, architecture);
            EmitForms(writer, graph);
            GgufEmitter.Emit(writer, graph);
        }

        writer.Blank();
    }

    private static string Constant(RecipeGraph graph, ConstantDefinition definition, ConstantValue value)
    {
        var options = new List<string>();
        if (definition.IsPresence)
        {
            options.Add("IsPresence = true");
        }
        else if (definition.Default is not null || definition.Expression is not null)
        {
            options.Add("MayBeAbsent = true");
        }

        if (definition.Default is { IsNull: false } standard && !definition.IsPresence)
        {
            options.Add($"Default = {Literals.Constant(standard)}");
        }

        if (definition.ValueAt(graph.Size) is { } computed)
        {
            options.Add($"Default = {Literals.Double(computed)}");
            options.Add("FollowsDimensions = true");
        }

        var compiled = value.IsNull ? "null" : $"Constants.{CSharpNames.Pascal(definition.Name)}";
        return $"new([{Strings(definition.Keys)}], {compiled}){(options.Count == 0 ? string.Empty : $" {{ {string.Join(", ", options)} }}")}";
    }

    private static void EmitRequirements(CodeWriter writer, ArchitectureModel architecture)
    {
        if (architecture.Requires.Count == 0)
        {
            return;
        }

        using (writer.Open("Requires = new Dictionary<string, IReadOnlyList<string>>", "},"))
        {
            foreach (var required in architecture.Requires)
            {
                writer.Write($"[{Literals.String(required.Key)}] = [{Strings(required.Accepted)}],");
            }
        }
    }

    private static void EmitForms(CodeWriter writer, RecipeGraph graph)
    {
        var (architecture, forms) = (graph.Architecture, graph.Architecture.Forms!);
        writer.Write($"Heads = {Literals.String(graph.Axis(GraphSections.Layer, graph.AttentionNode.Input("q"))[0])},");
        Pairs(writer, "Derived", forms.Derived.Select(name => (graph.NameOf(name), graph.DefaultOf(name))));
        Pairs(writer, "BiasFlags", forms.BiasFlags.Select(flag => (flag.Name, flag.Text)));
        if (graph.Branches.Count > 0)
        {
            writer.Write($"Branches = [{string.Join(", ", graph.Branches.Select(branch => $"new({Literals.String(branch.Unit)}, [{Strings(branch.Dimensions)}])"))}],");
        }

        if (forms.NemotronNas is { } nas)
        {
            writer.Write($"NemotronNas = new({Strings(new[] { nas.Heads, nas.KvHeads, nas.Ffn }.Select(graph.NameOf))}),");
        }
    }

    /// <summary>A list of words in pairs, unless it is empty.</summary>
    public static void Pairs(CodeWriter writer, string name, IEnumerable<(string Key, string Text)> pairs)
    {
        if (pairs.ToList() is { Count: > 0 } all)
        {
            writer.Write($"{name} = [{string.Join(", ", all.Select(pair => $"new({Literals.String(pair.Key)}, {Literals.String(pair.Text)})"))}],");
        }
    }

    private static string Strings(IEnumerable<string> words) => string.Join(", ", words.Select(Literals.String));
}
