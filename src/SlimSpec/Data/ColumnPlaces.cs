using System.Globalization;

namespace SlimSpec;

/// <summary>Finds columns among the names of a table.</summary>
internal static class ColumnPlaces
{
    /// <summary>Whether a column is given by its number.</summary>
    public static bool IsNumber(string column) => int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>The place of each column, -1 for an optional one that is not there.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="columns">The columns: a name, or a number from 0.</param>
    /// <param name="names">The names of all columns in order; null: they have none.</param>
    /// <exception cref="SlimException">There is no such column.</exception>
    public static int[] Find(string path, IReadOnlyList<DataColumn> columns, IReadOnlyList<string>? names) =>
        [.. columns.Select(column => Place(path, column, names))];

    /// <summary>The values of the columns found.</summary>
    public static string[] Take(int[] places, IReadOnlyList<string> values) => [.. places.Select(place => place < 0 ? "" : values[place])];

    private static int Place(string path, DataColumn column, IReadOnlyList<string>? names)
    {
        var place = names?.ToList().IndexOf(column.Name) ?? -1;
        if (place >= 0 || column.Optional)
        {
            return place;
        }

        if (IsNumber(column.Name))
        {
            var number = int.Parse(column.Name, CultureInfo.InvariantCulture);
            return names is null || number < names.Count
                ? number
                : throw new SlimException($"{path}: there is no column {number}; it has columns 0 to {names.Count - 1} ({string.Join(", ", names)})");
        }

        throw new SlimException(names is null
            ? $"{path}: its columns have no names, so '{column.Name}' cannot be found; give its number from 0, or 'header: true' if the first line names the columns"
            : $"{path}: there is no column '{column.Name}'{NearestName.Hint(column.Name, names)}; its columns are {string.Join(", ", names)}");
    }
}
