using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using SlimSpec.Specs;

namespace SlimSpec.Generator;

/// <summary>
/// The rules as the compiler knows them. Ids, category and severity are written out here because release tracking reads
/// them from the source; titles and links are the rules' own. Tests hold that none is missing or differs.
/// </summary>
internal static class Descriptors
{
    private const string Category = "SlimSpec";

    private static readonly DiagnosticDescriptor Syntax = new("SLIM100", Rules.Syntax.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Syntax.HelpLink);
    private static readonly DiagnosticDescriptor Feature = new("SLIM101", Rules.Feature.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Feature.HelpLink);
    private static readonly DiagnosticDescriptor DuplicateKey = new("SLIM102", Rules.DuplicateKey.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.DuplicateKey.HelpLink);
    private static readonly DiagnosticDescriptor UnknownKey = new("SLIM103", Rules.UnknownKey.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownKey.HelpLink);
    private static readonly DiagnosticDescriptor MissingKey = new("SLIM104", Rules.MissingKey.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.MissingKey.HelpLink);
    private static readonly DiagnosticDescriptor WrongType = new("SLIM105", Rules.WrongType.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.WrongType.HelpLink);
    private static readonly DiagnosticDescriptor UnknownWord = new("SLIM106", Rules.UnknownWord.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownWord.HelpLink);
    private static readonly DiagnosticDescriptor OutOfRange = new("SLIM107", Rules.OutOfRange.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.OutOfRange.HelpLink);
    private static readonly DiagnosticDescriptor BadName = new("SLIM108", Rules.BadName.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.BadName.HelpLink);
    private static readonly DiagnosticDescriptor Conflict = new("SLIM109", Rules.Conflict.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Conflict.HelpLink);
    private static readonly DiagnosticDescriptor Override = new("SLIM110", Rules.Override.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Override.HelpLink);
    private static readonly DiagnosticDescriptor DuplicateItem = new("SLIM111", Rules.DuplicateItem.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.DuplicateItem.HelpLink);
    private static readonly DiagnosticDescriptor DuplicateRecipe = new("SLIM112", Rules.DuplicateRecipe.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.DuplicateRecipe.HelpLink);
    private static readonly DiagnosticDescriptor RecipeClass = new("SLIM113", Rules.RecipeClass.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.RecipeClass.HelpLink);
    private static readonly DiagnosticDescriptor Architecture = new("SLIM201", Rules.Architecture.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Architecture.HelpLink);
    private static readonly DiagnosticDescriptor ModelType = new("SLIM202", Rules.ModelType.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.ModelType.HelpLink);
    private static readonly DiagnosticDescriptor MissingDimension = new("SLIM203", Rules.MissingDimension.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.MissingDimension.HelpLink);
    private static readonly DiagnosticDescriptor Divisibility = new("SLIM204", Rules.Divisibility.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Divisibility.HelpLink);
    private static readonly DiagnosticDescriptor Requirement = new("SLIM205", Rules.Requirement.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Requirement.HelpLink);
    private static readonly DiagnosticDescriptor TooLarge = new("SLIM206", Rules.TooLarge.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.TooLarge.HelpLink);
    private static readonly DiagnosticDescriptor Resolution = new("SLIM207", Rules.Resolution.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Resolution.HelpLink);
    private static readonly DiagnosticDescriptor UnknownOp = new("SLIM210", Rules.UnknownOp.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownOp.HelpLink);
    private static readonly DiagnosticDescriptor NodeInput = new("SLIM211", Rules.NodeInput.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.NodeInput.HelpLink);
    private static readonly DiagnosticDescriptor UnknownName = new("SLIM212", Rules.UnknownName.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownName.HelpLink);
    private static readonly DiagnosticDescriptor Axes = new("SLIM213", Rules.Axes.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Axes.HelpLink);
    private static readonly DiagnosticDescriptor DuplicateWeight = new("SLIM214", Rules.DuplicateWeight.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.DuplicateWeight.HelpLink);
    private static readonly DiagnosticDescriptor SectionOutput = new("SLIM215", Rules.SectionOutput.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.SectionOutput.HelpLink);
    private static readonly DiagnosticDescriptor Expression = new("SLIM216", Rules.Expression.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Expression.HelpLink);
    private static readonly DiagnosticDescriptor Unit = new("SLIM217", Rules.Unit.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Unit.HelpLink);
    private static readonly DiagnosticDescriptor Placement = new("SLIM218", Rules.Placement.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Placement.HelpLink);
    private static readonly DiagnosticDescriptor UnreadNode = new("SLIM219", Rules.UnreadNode.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnreadNode.HelpLink);
    private static readonly DiagnosticDescriptor Condition = new("SLIM220", Rules.Condition.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Condition.HelpLink);
    private static readonly DiagnosticDescriptor UnknownTarget = new("SLIM301", Rules.UnknownTarget.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownTarget.HelpLink);
    private static readonly DiagnosticDescriptor LayerRange = new("SLIM302", Rules.LayerRange.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.LayerRange.HelpLink);
    private static readonly DiagnosticDescriptor NoLayers = new("SLIM303", Rules.NoLayers.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.NoLayers.HelpLink);
    private static readonly DiagnosticDescriptor RemovesNothing = new("SLIM304", Rules.RemovesNothing.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.RemovesNothing.HelpLink);
    private static readonly DiagnosticDescriptor NeedsCalibration = new("SLIM305", Rules.NeedsCalibration.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.NeedsCalibration.HelpLink);
    private static readonly DiagnosticDescriptor OverBudget = new("SLIM306", Rules.OverBudget.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.OverBudget.HelpLink);
    private static readonly DiagnosticDescriptor OutOfReach = new("SLIM307", Rules.OutOfReach.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.OutOfReach.HelpLink);
    private static readonly DiagnosticDescriptor StalePlan = new("SLIM308", Rules.StalePlan.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.StalePlan.HelpLink);
    private static readonly DiagnosticDescriptor BadPlan = new("SLIM309", Rules.BadPlan.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.BadPlan.HelpLink);
    private static readonly DiagnosticDescriptor UnknownModule = new("SLIM401", Rules.UnknownModule.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownModule.HelpLink);
    private static readonly DiagnosticDescriptor RankTooLarge = new("SLIM402", Rules.RankTooLarge.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.RankTooLarge.HelpLink);
    private static readonly DiagnosticDescriptor UnknownTask = new("SLIM403", Rules.UnknownTask.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownTask.HelpLink);
    private static readonly DiagnosticDescriptor Classification = new("SLIM404", Rules.Classification.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Classification.HelpLink);
    private static readonly DiagnosticDescriptor UnknownClass = new("SLIM405", Rules.UnknownClass.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownClass.HelpLink);
    private static readonly DiagnosticDescriptor Objective = new("SLIM406", Rules.Objective.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Objective.HelpLink);
    private static readonly DiagnosticDescriptor DatasetContent = new("SLIM407", Rules.DatasetContent.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.DatasetContent.HelpLink);
    private static readonly DiagnosticDescriptor TrainsNothing = new("SLIM408", Rules.TrainsNothing.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.TrainsNothing.HelpLink);
    private static readonly DiagnosticDescriptor TestInTraining = new("SLIM409", Rules.TestInTraining.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.TestInTraining.HelpLink);
    private static readonly DiagnosticDescriptor ExitLayer = new("SLIM501", Rules.ExitLayer.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.ExitLayer.HelpLink);
    private static readonly DiagnosticDescriptor ExitScope = new("SLIM502", Rules.ExitScope.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.ExitScope.HelpLink);
    private static readonly DiagnosticDescriptor ExitHead = new("SLIM503", Rules.ExitHead.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.ExitHead.HelpLink);
    private static readonly DiagnosticDescriptor ExitMode = new("SLIM504", Rules.ExitMode.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.ExitMode.HelpLink);
    private static readonly DiagnosticDescriptor ExitCalibration = new("SLIM505", Rules.ExitCalibration.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.ExitCalibration.HelpLink);
    private static readonly DiagnosticDescriptor DearExitHead = new("SLIM506", Rules.DearExitHead.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.DearExitHead.HelpLink);
    private static readonly DiagnosticDescriptor ExitGuard = new("SLIM507", Rules.ExitGuard.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.ExitGuard.HelpLink);
    private static readonly DiagnosticDescriptor StaleExits = new("SLIM508", Rules.StaleExits.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.StaleExits.HelpLink);
    private static readonly DiagnosticDescriptor BadExits = new("SLIM509", Rules.BadExits.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.BadExits.HelpLink);
    private static readonly DiagnosticDescriptor IdleFeature = new("SLIM510", Rules.IdleFeature.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.IdleFeature.HelpLink);
    private static readonly DiagnosticDescriptor WindowTooLong = new("SLIM601", Rules.WindowTooLong.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.WindowTooLong.HelpLink);
    private static readonly DiagnosticDescriptor MissingFile = new("SLIM602", Rules.MissingFile.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.MissingFile.HelpLink);
    private static readonly DiagnosticDescriptor UnknownChoiceTask = new("SLIM603", Rules.UnknownChoiceTask.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnknownChoiceTask.HelpLink);
    private static readonly DiagnosticDescriptor Template = new("SLIM604", Rules.Template.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Template.HelpLink);
    private static readonly DiagnosticDescriptor Sweep = new("SLIM701", Rules.Sweep.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.Sweep.HelpLink);
    private static readonly DiagnosticDescriptor UnreachableExport = new("SLIM801", Rules.UnreachableExport.Title, "{0}", Category, DiagnosticSeverity.Error, true, helpLinkUri: Rules.UnreachableExport.HelpLink);
    private static readonly DiagnosticDescriptor UncertainExport = new("SLIM802", Rules.UncertainExport.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.UncertainExport.HelpLink);
    private static readonly DiagnosticDescriptor PartialExport = new("SLIM803", Rules.PartialExport.Title, "{0}", Category, DiagnosticSeverity.Warning, true, helpLinkUri: Rules.PartialExport.HelpLink);

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = new DiagnosticDescriptor[]
    {
        Syntax, Feature, DuplicateKey, UnknownKey, MissingKey, WrongType, UnknownWord, OutOfRange, BadName, Conflict, Override,
        DuplicateItem, DuplicateRecipe, RecipeClass,
        Architecture, ModelType, MissingDimension, Divisibility, Requirement, TooLarge, Resolution, UnknownOp, NodeInput,
        UnknownName, Axes, DuplicateWeight, SectionOutput, Expression, Unit, Placement, UnreadNode, Condition,
        UnknownTarget, LayerRange, NoLayers, RemovesNothing, NeedsCalibration, OverBudget, OutOfReach, StalePlan, BadPlan,
        UnknownModule, RankTooLarge, UnknownTask, Classification, UnknownClass, Objective, DatasetContent, TrainsNothing, TestInTraining,
        ExitLayer, ExitScope, ExitHead, ExitMode, ExitCalibration, DearExitHead, ExitGuard, StaleExits, BadExits, IdleFeature,
        WindowTooLong, MissingFile, UnknownChoiceTask, Template, Sweep,
        UnreachableExport, UncertainExport, PartialExport,
    }.ToDictionary(descriptor => descriptor.Id);

    /// <summary>All of them.</summary>
    public static IEnumerable<DiagnosticDescriptor> All => ById.Values;

    /// <summary>The descriptor of a rule.</summary>
    public static DiagnosticDescriptor Of(string id) => ById[id];
}
