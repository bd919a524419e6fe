using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>Names that become names in generated code.</summary>
internal static class SpecNames
{
    private const int Longest = 100;

    private static readonly Regex NodeForm = new(@"^[a-z][a-z0-9]*(_[a-z0-9]+)*\z", RegexOptions.CultureInvariant);
    private static readonly Regex LabelForm = new(@"^[A-Za-z][A-Za-z0-9._-]*\z", RegexOptions.CultureInvariant);
    private static readonly Regex WeightForm = new(@"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*\z", RegexOptions.CultureInvariant);

    private static readonly HashSet<string> Keywords = new(
        ("abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event " +
        "explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null " +
        "object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string " +
        "struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while " +
        "var record required file scoped field nint nuint dynamic await async yield when where").Split(' '),
        StringComparer.Ordinal);

    // Members and nested types of a generated recipe, and what its code calls by a name that a class of this name would hide.
    private static readonly HashSet<string> TakenByRecipes = new(
        ("Instance Name SpecFile Hash PruningHash ArchitectureHash Settings Dense Pruned Pruner Recovery Exits Architecture CreateModel CreateUnloaded CreateExits Register " +
        "Dims Constants LayerShape Shape Model Block WidthPruner ExitLoop FittedPolicy " +
        "Recipe RecipeRegistry RecipeSettings ArchitectureInfo ModelShape CausalLM DecoderLayer StructuredPruner LayerScores CoupledStructure CoupledMember " +
        "KeyValueCache RotaryTable RotaryScaling AlibiSlopes PrefixLayout TokenTrees SequencePass Kernels Surgery LayerCost CheckpointTensor CheckpointLayout LoraTarget LoraAdapter LoraRecovery NamedWeight WeightLeaf WidthCut WidthScore TaylorOrder GroupReduction LearningRateSchedule " +
        "CalibrationSettings DatasetReference EvaluationSettings PerplexityEvaluation PerplexityProtocol MultipleChoiceTask MultipleChoiceMetric CostEvaluation ExportTarget ExportFormat ExportDtype TrainingSettings OptimizationSettings " +
        "ExitSettings ExitStack ExitHead ExitPolicy ExitObservation ExitChain BranchStates ExitMode ExitScope ExitFeature ExitHeadPolicy ExitClassifierKind ExitLabel ExitCachePolicy CompiledExits " +
        "SlimSpec System TorchSharp torch functional Tensor ScalarType Device Math Array Enumerable HashCode Dictionary List HashSet IEnumerable IReadOnlyList IReadOnlyDictionary " +
        "ArgumentException NotSupportedException IDisposable Func Action Object String Equals ReferenceEquals GetHashCode GetType ToString MemberwiseClone Finalize").Split(' '),
        StringComparer.Ordinal);

    // Members of the classes whose members dimensions and constants become.
    private static readonly HashSet<string> TakenByMembers = new(
        "dims constants layer_shape parameters multiply_accumulates equals get_hash_code get_type to_string deconstruct print_members equality_contract".Split(' '),
        StringComparer.Ordinal);

    // What the generated forward calls by a name that a node's local would hide.
    private static readonly HashSet<string> TakenByForwards = new("batch tokens pass cache scope functional input_ids input_id".Split(' '), StringComparer.Ordinal);

    /// <summary>Why a recipe cannot be called this, or null if it can.</summary>
    public static string? WhyNotRecipe(string name) =>
        name.Length > Longest ? $"is longer than {Longest} characters"
        : name.Length == 0 || !(char.IsLetter(name[0]) || name[0] == '_') || !name.All(character => char.IsLetterOrDigit(character) || character == '_')
            ? "is not an identifier: letters, digits and underscores, no digit first"
        : Keywords.Contains(name) ? "is a keyword of C#"
        : TakenByRecipes.Contains(name) ? "is taken by the generated code"
        : null;

    /// <summary>Why a node cannot be called this, or null if it can.</summary>
    public static string? WhyNotNode(string name) => TakenByForwards.Contains(name) ? "is taken by the generated code" : WhyNotMember(name);

    /// <summary>Why a dimension, constant or unit cannot be called this, or null if it can.</summary>
    public static string? WhyNotMember(string name) =>
        name.Length > Longest ? $"is longer than {Longest} characters"
        : !NodeForm.IsMatch(name) ? "must be lower-case words joined by underscores, such as input_norm"
        : Keywords.Contains(name) ? "is a keyword of C#"
        : TakenByMembers.Contains(name) ? "is taken by the generated code"
        : null;

    /// <summary>Whether a weight, or the start of one's name, can be called this.</summary>
    public static bool IsWeight(string name) => name.Length <= 2 * Longest && WeightForm.IsMatch(name);

    /// <summary>Whether an architecture, or its class in transformers, can be called this: it goes into comments and paths.</summary>
    public static bool IsLabel(string name) => name.Length <= Longest && LabelForm.IsMatch(name);

    /// <summary>Names equal in this form would be equal in generated code: <c>a_1</c> and <c>a1</c>.</summary>
    public static string InCode(string name) => name.Replace("_", "");

    /// <summary>The class name that a file's name gives: <c>specs/tales-20.slim.yaml</c> gives <c>Tales20</c>.</summary>
    public static string OfFile(string path)
    {
        var file = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        var stem = file.EndsWith(SpecCompiler.RecipeSuffix, StringComparison.OrdinalIgnoreCase)
            ? file.Substring(0, file.Length - SpecCompiler.RecipeSuffix.Length)
            : file.Split('.')[0];
        var name = new StringBuilder();
        var startsWord = true;
        foreach (var character in stem)
        {
            if (char.IsLetterOrDigit(character))
            {
                name.Append(startsWord ? char.ToUpper(character, CultureInfo.InvariantCulture) : character);
            }

            startsWord = !char.IsLetterOrDigit(character);
        }

        return name.ToString();
    }
}
