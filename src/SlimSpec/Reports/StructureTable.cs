namespace SlimSpec;

/// <summary>The members of a coupled structure: which weights' rows and columns are cut together.</summary>
internal static class StructureTable
{
    /// <summary>Writes the table, indented.</summary>
    public static void Write(TextWriter output, CoupledStructure structure)
    {
        var table = new TextTable("  weight", "axis", "elements of one unit", "");
        foreach (var member in structure.Members)
        {
            table.Add("  " + member.Weight, Axis(member), member.ChannelsPerUnit, structure.IsWholeModel && member.InLayer ? "in each layer" : "");
        }

        table.Write(output);
    }

    /// <summary>An axis in words.</summary>
    public static string Axis(CoupledMember member) => member.Axis == 0 ? "rows" : "columns";
}
