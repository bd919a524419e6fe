using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// Checks <c>sweep:</c>: each value alone, with the other keys at their first values, as the recipe that it makes. What is wrong with one is said at it.
/// </summary>
/// <param name="root">The recipe.</param>
/// <param name="problemsOf">What is wrong with a recipe.</param>
/// <param name="report">Where problems go.</param>
internal sealed class SweepChecker(MappingNode root, Func<MappingNode, IEnumerable<Problem>> problemsOf, Reporter report)
{
    private const int MostValues = 1000;

    private readonly List<Axis> _axes = [];

    /// <summary>Checks the keys and their values.</summary>
    public void Check(IReadOnlyList<NamedItem<IReadOnlyList<Located<SweepValue>>>> sweep)
    {
        foreach (var axis in sweep)
        {
            if (CheckKey(axis) is { } steps)
            {
                _axes.Add(new(axis, steps));
            }
        }

        if (_axes.Count < sweep.Count || _axes.Any(axis => axis.Values.Count == 0))
        {
            return;
        }

        if (_axes.Sum(axis => axis.Values.Count) is > MostValues and var count)
        {
            report.Add(Rules.Sweep, sweep[0].NamePlace, $"the sweep has {count} values, each of which is a recipe to check: at most {MostValues} can be");
            return;
        }

        var always = Errors(_axes.Select(axis => (axis, axis.Values[0])));
        foreach (var problem in always)
        {
            // It is the value's with which it begins.
            var axis = Enumerable.Range(1, _axes.Count).FirstOrDefault(count => Has(Errors(_axes.Take(count).Select(axis => (axis, axis.Values[0]))), problem)) is > 0 and var cause ? _axes[cause - 1] : _axes[0];
            Report(axis, axis.Values[0], problem);
        }

        foreach (var (axis, value) in _axes.SelectMany(axis => axis.Values.Skip(1), (axis, value) => (axis, value)))
        {
            foreach (var problem in Errors(_axes.Select(other => (other, other == axis ? value : other.Values[0]))).Where(problem => !Has(always, problem)))
            {
                Report(axis, value, problem);
            }
        }
    }

    private static bool Has(IEnumerable<Problem> problems, Problem problem) => problems.Any(other => other.Message == problem.Message);

    /// <summary>The steps of a key's path, or null where it cannot be swept.</summary>
    private IReadOnlyList<string>? CheckKey(NamedItem<IReadOnlyList<Located<SweepValue>>> axis)
    {
        if (Overrides.Parse(axis.Name) is not { } steps)
        {
            report.Add(Rules.Sweep, axis.NamePlace, $"{Words.Quote(axis.Name)} is not a path of keys such as prune[0].keep");
            return null;
        }

        if (steps[0] == RecipeKeys.Sweep.Name)
        {
            report.Add(Rules.Sweep, axis.NamePlace, $"{Words.Quote(axis.Name)} is a key of the sweep itself");
            return null;
        }

        if (_axes.FirstOrDefault(other => other.IsAbove(steps) || new Axis(axis, steps).IsAbove(other.Steps)) is { } other)
        {
            report.Add(Rules.Sweep, axis.NamePlace, $"{Words.Quote(axis.Name)} and {Words.Quote(other.Name)} are one within the other: a sweep sets each key by itself");
            return null;
        }

        return steps;
    }

    /// <summary>What is wrong with the recipe that some values make.</summary>
    private IReadOnlyList<Problem> Errors(IEnumerable<(Axis Axis, Located<SweepValue> Value)> cell)
    {
        var refused = new Reporter();
        var tree = cell.Aggregate(root, (tree, set) => Overrides.Apply(tree, set.Axis.Steps, set.Value.Value.Node, refused));
        return refused.HasErrors ? refused.Sorted() : [.. problemsOf(tree).Where(problem => problem.IsError)];
    }

    private void Report(Axis axis, Located<SweepValue> value, Problem problem)
    {
        var line = problem.At.File == value.Place.File && problem.At != value.Place ? $" (line {problem.At.Line + 1})" : "";
        report.Add(Rules.Sweep, value.Place, $"with {Words.Quote(axis.Name)} {Words.Shorten(value.Value.Text)}: {problem.Message}{line}");
    }

    /// <summary>A key and its values.</summary>
    private sealed class Axis(NamedItem<IReadOnlyList<Located<SweepValue>>> item, IReadOnlyList<string> steps)
    {
        public string Name => item.Name;

        public IReadOnlyList<string> Steps => steps;

        public IReadOnlyList<Located<SweepValue>> Values => item.Value;

        public bool IsAbove(IReadOnlyList<string> others) => others.Take(steps.Count).SequenceEqual(steps);
    }
}
