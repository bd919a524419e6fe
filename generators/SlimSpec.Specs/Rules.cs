using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace SlimSpec.Specs;

/// <summary>How grave a problem is.</summary>
public enum RuleSeverity
{
    /// <summary>No recipe comes of it: a questionable spec would give another model than was meant.</summary>
    Error,

    /// <summary>The recipe is as the spec says; what was to add to it is left out, or will not pay.</summary>
    Warning,
}

/// <summary>One kind of problem.</summary>
/// <param name="Id">For example <c>SLIM103</c>.</param>
/// <param name="Title">What it is about, in a few words.</param>
public sealed record Rule(string Id, string Title)
{
    /// <summary>How grave it is.</summary>
    public RuleSeverity Severity { get; init; } = RuleSeverity.Error;

    /// <summary>Its page: within the repository, or at the repository's address where the build was told that (<c>RepositoryUrl</c>).</summary>
    public string HelpLink => Rules.Repository + $"docs/diagnostics/{Id}.md";
}

/// <summary>
/// Every kind of problem: 1xx language, 2xx architecture and dimensions, 3xx pruning, 4xx recovery, 5xx exits, 6xx evaluation and files, 7xx sweeps, 8xx exports.
/// </summary>
public static class Rules
{
    internal static readonly string Repository = typeof(Rules).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(data => data.Key == "RepositoryUrl")?.Value is { } address ? $"{address.TrimEnd('/')}/blob/main/" : "";

    /// <summary>YAML or JSON that cannot be parsed.</summary>
    public static readonly Rule Syntax = new("SLIM100", "The file is not well-formed");

    /// <summary>Anchors, aliases, tags.</summary>
    public static readonly Rule Feature = new("SLIM101", "A feature of YAML that specs do not use");

    /// <summary>A key written twice in one mapping.</summary>
    public static readonly Rule DuplicateKey = new("SLIM102", "A key is written twice");

    /// <summary>A key that the language does not have.</summary>
    public static readonly Rule UnknownKey = new("SLIM103", "Unknown key");

    /// <summary>A required key that is absent.</summary>
    public static readonly Rule MissingKey = new("SLIM104", "A required key is missing");

    /// <summary>A value of the wrong type or form.</summary>
    public static readonly Rule WrongType = new("SLIM105", "A value has the wrong type");

    /// <summary>A word outside an enumeration.</summary>
    public static readonly Rule UnknownWord = new("SLIM106", "Unknown word");

    /// <summary>A number outside its range.</summary>
    public static readonly Rule OutOfRange = new("SLIM107", "A number is out of range");

    /// <summary>A name that cannot be the name of generated code, or is taken.</summary>
    public static readonly Rule BadName = new("SLIM108", "A name cannot be used");

    /// <summary>Keys that contradict each other.</summary>
    public static readonly Rule Conflict = new("SLIM109", "Keys do not go together");

    /// <summary>A change (<c>--set</c>) that does not fit the spec.</summary>
    public static readonly Rule Override = new("SLIM110", "A --set does not fit the spec");

    /// <summary>The same item twice in a list.</summary>
    public static readonly Rule DuplicateItem = new("SLIM111", "An item is listed twice");

    /// <summary>Two recipes of one name.</summary>
    public static readonly Rule DuplicateRecipe = new("SLIM112", "Two recipes have one name");

    /// <summary>A class with recipe attributes to which no recipe can be added.</summary>
    public static readonly Rule RecipeClass = new("SLIM113", "A class cannot be a recipe");

    /// <summary>No architecture file, or more than one, describes what a recipe names.</summary>
    public static readonly Rule Architecture = new("SLIM201", "The architecture is not known");

    /// <summary>A model type that the architecture does not describe.</summary>
    public static readonly Rule ModelType = new("SLIM202", "The checkpoint is of another architecture");

    /// <summary>A dimension or constant without value.</summary>
    public static readonly Rule MissingDimension = new("SLIM203", "A dimension has no value");

    /// <summary>A dimension that must be divisible and is not.</summary>
    public static readonly Rule Divisibility = new("SLIM204", "A dimension does not divide");

    /// <summary>Something in <c>config.json</c> that the generated model would ignore.</summary>
    public static readonly Rule Requirement = new("SLIM205", "The architecture does not cover this checkpoint");

    /// <summary>A model too large for the arithmetic of its sizes.</summary>
    public static readonly Rule TooLarge = new("SLIM206", "The model is too large");

    /// <summary>A configuration that makes no model of the architecture.</summary>
    public static readonly Rule Resolution = new("SLIM207", "The configuration makes no model of the architecture");

    /// <summary>An operation that does not exist.</summary>
    public static readonly Rule UnknownOp = new("SLIM210", "Unknown operation");

    /// <summary>A node that reads what does not exist or comes later.</summary>
    public static readonly Rule NodeInput = new("SLIM211", "A node reads an unknown node");

    /// <summary>A name that is no dimension, constant or weight of the architecture.</summary>
    public static readonly Rule UnknownName = new("SLIM212", "Unknown dimension, constant or weight");

    /// <summary>Axes that do not fit an operation.</summary>
    public static readonly Rule Axes = new("SLIM213", "Axes do not fit");

    /// <summary>Two weights of one name.</summary>
    public static readonly Rule DuplicateWeight = new("SLIM214", "Two weights have one name");

    /// <summary>A section that ends in the wrong thing.</summary>
    public static readonly Rule SectionOutput = new("SLIM215", "A section ends in the wrong axis");

    /// <summary>A dimension's default that cannot be evaluated.</summary>
    public static readonly Rule Expression = new("SLIM216", "A default cannot be evaluated");

    /// <summary>A unit that cannot be cut.</summary>
    public static readonly Rule Unit = new("SLIM217", "A unit cannot be cut");

    /// <summary>An operation where it cannot stand, too many of them or too few.</summary>
    public static readonly Rule Placement = new("SLIM218", "An operation cannot stand here");

    /// <summary>A node that nothing reads.</summary>
    public static readonly Rule UnreadNode = new("SLIM219", "A node is not read");

    /// <summary>A condition that cannot be read.</summary>
    public static readonly Rule Condition = new("SLIM220", "A condition cannot be read");

    /// <summary>A target that the architecture does not declare as a unit.</summary>
    public static readonly Rule UnknownTarget = new("SLIM301", "Unknown target");

    /// <summary>A layer that does not exist.</summary>
    public static readonly Rule LayerRange = new("SLIM302", "A layer does not exist");

    /// <summary>A cut without any layer.</summary>
    public static readonly Rule NoLayers = new("SLIM303", "A cut has no layers");

    /// <summary>A cut that removes nothing.</summary>
    public static readonly Rule RemovesNothing = new("SLIM304", "A cut removes nothing");

    /// <summary>A score that needs data, in a recipe without any.</summary>
    public static readonly Rule NeedsCalibration = new("SLIM305", "A score needs calibration data");

    /// <summary>Cuts that leave more than the constraints allow.</summary>
    public static readonly Rule OverBudget = new("SLIM306", "The cuts leave more than the constraints allow");

    /// <summary>Constraints that the open cut cannot reach.</summary>
    public static readonly Rule OutOfReach = new("SLIM307", "The constraints cannot be met");

    /// <summary>A plan beside a spec that was made for another recipe.</summary>
    public static readonly Rule StalePlan = new("SLIM308", "A plan was made for another recipe") { Severity = RuleSeverity.Warning };

    /// <summary>A plan beside a spec that is none, or does not fit the model.</summary>
    public static readonly Rule BadPlan = new("SLIM309", "A plan does not fit its recipe");

    /// <summary>A LoRA target that is no linear of the layer.</summary>
    public static readonly Rule UnknownModule = new("SLIM401", "Unknown LoRA target");

    /// <summary>A LoRA rank above the rank of a weight.</summary>
    public static readonly Rule RankTooLarge = new("SLIM402", "The LoRA rank is too large");

    /// <summary>A step whose task is none of the recipe's.</summary>
    public static readonly Rule UnknownTask = new("SLIM403", "Unknown task");

    /// <summary>A classification without a place for its text, without classes, or whose classes have one word.</summary>
    public static readonly Rule Classification = new("SLIM404", "A classification cannot be asked");

    /// <summary>A label of a dataset that stands for no class of its task.</summary>
    public static readonly Rule UnknownClass = new("SLIM405", "A label stands for an unknown class");

    /// <summary>A key or a format of data that an objective has no use for, or cannot do without.</summary>
    public static readonly Rule Objective = new("SLIM406", "A key does not go with the objective");

    /// <summary>A dataset of which something is said that its format does not have, or not said that it needs.</summary>
    public static readonly Rule DatasetContent = new("SLIM407", "A key does not go with the dataset's format");

    /// <summary>A partial training of nothing.</summary>
    public static readonly Rule TrainsNothing = new("SLIM408", "A recovery trains nothing");

    /// <summary>Test data among the training data.</summary>
    public static readonly Rule TestInTraining = new("SLIM409", "Test data is in the training data") { Severity = RuleSeverity.Warning };

    /// <summary>An exit that is not before the model's end.</summary>
    public static readonly Rule ExitLayer = new("SLIM501", "An exit is not within the model");

    /// <summary>A scope, mode or policy that needs other tokens than there are.</summary>
    public static readonly Rule ExitScope = new("SLIM502", "Exits do not fit the tokens that are to come");

    /// <summary>A cheap head that is not cheap, or cannot be made.</summary>
    public static readonly Rule ExitHead = new("SLIM503", "The head of the checks does not fit the model");

    /// <summary>Keys that a mode has no use for, or uses otherwise.</summary>
    public static readonly Rule ExitMode = new("SLIM504", "A key does not go with the mode of the exits");

    /// <summary>A classifier without data to fit it with.</summary>
    public static readonly Rule ExitCalibration = new("SLIM505", "Exits need calibration data");

    /// <summary>Whole heads at checks of a model whose head outweighs its layers.</summary>
    public static readonly Rule DearExitHead = new("SLIM506", "The head of the checks costs more than a layer") { Severity = RuleSeverity.Warning };

    /// <summary>A predicted speed-up below the guard.</summary>
    public static readonly Rule ExitGuard = new("SLIM507", "Exits cannot pay") { Severity = RuleSeverity.Warning };

    /// <summary>Exits beside a spec that were calibrated for another recipe.</summary>
    public static readonly Rule StaleExits = new("SLIM508", "Exits were calibrated for another recipe") { Severity = RuleSeverity.Warning };

    /// <summary>Exits beside a spec that are none, or do not fit the recipe.</summary>
    public static readonly Rule BadExits = new("SLIM509", "Exits do not fit their recipe");

    /// <summary>A feature that is one number whatever the token.</summary>
    public static readonly Rule IdleFeature = new("SLIM510", "A feature of the exits never changes") { Severity = RuleSeverity.Warning };

    /// <summary>A window longer than the model's positions.</summary>
    public static readonly Rule WindowTooLong = new("SLIM601", "A sequence is longer than the model's positions");

    /// <summary>A file that is not among those given to the build.</summary>
    public static readonly Rule MissingFile = new("SLIM602", "A file is not found");

    /// <summary>A task whose file is not among those that are known.</summary>
    public static readonly Rule UnknownChoiceTask = new("SLIM603", "The multiple-choice task is not known");

    /// <summary>A template that is not of the language.</summary>
    public static readonly Rule Template = new("SLIM604", "A template cannot be read");

    /// <summary>A key that no sweep can set, or a value of one with which there is no recipe.</summary>
    public static readonly Rule Sweep = new("SLIM701", "A value of the sweep makes no recipe");

    /// <summary>A form of <c>export:</c> that cannot say the model.</summary>
    public static readonly Rule UnreachableExport = new("SLIM801", "An export cannot say the model");

    /// <summary>A form of <c>export:</c> that may not be able to say the model.</summary>
    public static readonly Rule UncertainExport = new("SLIM802", "Only scores will tell whether an export can say the model") { Severity = RuleSeverity.Warning };

    /// <summary>A form of <c>export:</c> that says the model in a way that not all readers take.</summary>
    public static readonly Rule PartialExport = new("SLIM803", "An export is less than it may be taken for") { Severity = RuleSeverity.Warning };

    /// <summary>All of them, by id.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        Syntax, Feature, DuplicateKey, UnknownKey, MissingKey, WrongType, UnknownWord, OutOfRange, BadName, Conflict, Override,
        DuplicateItem, DuplicateRecipe, RecipeClass,
        Architecture, ModelType, MissingDimension, Divisibility, Requirement, TooLarge, Resolution,
        UnknownOp, NodeInput, UnknownName, Axes, DuplicateWeight, SectionOutput, Expression, Unit, Placement, UnreadNode, Condition,
        UnknownTarget, LayerRange, NoLayers, RemovesNothing, NeedsCalibration, OverBudget, OutOfReach, StalePlan, BadPlan,
        UnknownModule, RankTooLarge, UnknownTask, Classification, UnknownClass, Objective, DatasetContent, TrainsNothing, TestInTraining,
        ExitLayer, ExitScope, ExitHead, ExitMode, ExitCalibration, DearExitHead, ExitGuard, StaleExits, BadExits, IdleFeature,
        WindowTooLong, MissingFile, UnknownChoiceTask, Template, Sweep,
        UnreachableExport, UncertainExport, PartialExport,
    ];

    private static readonly Dictionary<string, Rule> ById = All.ToDictionary(rule => rule.Id);

    /// <summary>How grave the problems of a rule are.</summary>
    public static RuleSeverity SeverityOf(string id) => ById[id].Severity;
}
