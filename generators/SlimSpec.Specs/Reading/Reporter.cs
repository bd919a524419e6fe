using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Collects problems.</summary>
internal sealed class Reporter
{
    private readonly List<Problem> _problems = [];

    public int Count => _problems.Count;

    /// <summary>Whether anything was reported that no recipe can come of.</summary>
    public bool HasErrors => _problems.Any(problem => problem.IsError);

    public void Add(Rule rule, Place at, string message) => _problems.Add(new(rule.Id, at, message));

    public void AddAll(IEnumerable<Problem> problems) => _problems.AddRange(problems);

    /// <summary>Everything reported, once each: file by file in the order they were first named, each from top to bottom.</summary>
    public EquatableArray<Problem> Sorted()
    {
        var files = _problems.Select(problem => problem.At.File).Distinct().ToList();
        return new(_problems.Distinct().OrderBy(problem => files.IndexOf(problem.At.File)).ThenBy(problem => problem.At.Start));
    }
}
