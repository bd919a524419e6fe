using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks dimensions that an architecture's exports name.</summary>
internal sealed class DimensionNamesChecker(IReadOnlyList<DimensionDefinition> dimensions, Reporter report)
{
    /// <summary>A dimension's name.</summary>
    public string Check(Field<string> field, string path)
    {
        if (field.IsWritten)
        {
            CheckName(field.Value, field.Place, path);
        }

        return field.Value ?? "";
    }

    /// <summary>Dimensions' names.</summary>
    public EquatableArray<string> Check(Field<IReadOnlyList<Located<string>>> field, string path)
    {
        foreach (var item in field.Value ?? [])
        {
            CheckName(item.Value, item.Place, path);
        }

        return new((field.Value ?? []).Select(item => item.Value));
    }

    /// <summary>Names of dimensions that another runtime computes as their defaults do.</summary>
    public EquatableArray<string> CheckDerived(Field<IReadOnlyList<Located<string>>> field, string path)
    {
        foreach (var item in field.Value ?? [])
        {
            if (dimensions.FirstOrDefault(dimension => dimension.Name == item.Value) is { } known && (known.Default is null || known.Key is null))
            {
                report.Add(Rules.Conflict, item.Place, $"'{path}' names '{item.Value}', which has no default to be computed by");
            }
        }

        return Check(field, path);
    }

    private void CheckName(string name, Place place, string path)
    {
        if (dimensions.All(dimension => dimension.Name != name))
        {
            report.Add(Rules.UnknownName, place, $"'{path}' names {Words.Quote(name)}, which is no dimension{Words.Hint(name, dimensions.Select(dimension => dimension.Name))}");
        }
    }
}
