namespace SlimSpec.CommandLine.Tests;

/// <summary>What plans keep, and how they differ.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slim-plans-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_plan_is_shown_layer_by_layer()
    {
        var path = Write("plan.json", [0, 1, 3], 4, [0, 2]);

        var (code, output, _) = Slim.Run("plan", "show", path);
        code.ShouldBe(0);
        output.ShouldContain("plan of Tiny, seed 7");
        output.ShouldContain("block: 3 of 4 layers stay, without 2");
        output.ShouldContain("1        2 of 4  ");
        var json = Slim.Json("plan", "show", path);
        json.GetProperty("layers")[0].GetProperty("gone")[0].GetInt32().ShouldBe(2);
        json.GetProperty("groups")[0].GetProperty("kept").GetInt32().ShouldBe(2);
    }

    [Fact]
    public void Two_plans_are_compared_layer_by_layer_and_unit_by_unit()
    {
        var (a, b) = (Write("a.json", [0, 1, 3], 4, [0, 2]), Write("b.json", [0, 1, 2], 4, [1, 2, 3]));

        var (_, output, _) = Slim.Run("plan", "diff", a, b);
        output.ShouldContain("block           3     3   50.0 %  3          2");
        output.ShouldContain("1      mlp       4     2     3   25.0 %  0          1, 3");
        var json = Slim.Json("plan", "diff", a, b);
        json.GetProperty("groups")[0].GetProperty("overlap").GetDouble().ShouldBe(0.25);
        json.GetProperty("layers")[0].GetProperty("only_b")[0].GetInt32().ShouldBe(2);
        json.GetProperty("units")[0].GetProperty("overlap").GetDouble().ShouldBe(0.25);
    }

    [Fact]
    public void Bad_input_is_refused_with_what_is_wrong()
    {
        var plan = Write("a.json", [0, 1], 4, [0]);
        File.WriteAllText(Path.Combine(_folder, "old.json"), File.ReadAllText(plan).Replace("\"format\": 2", "\"format\": 1", StringComparison.Ordinal));

        Slim.Refused("plan", "diff", plan, Write("b.json", [0, 1], 5, [0])).ShouldContain("the plans are of different shapes: one is of a model with 4 layers");
        Slim.Refused("plan", "show", Path.Combine(_folder, "old.json")).ShouldContain("format 1 is not read by this version");
        Slim.Refused("plan", "show", Path.Combine(_folder, "none.json")).ShouldContain("none.json: cannot be read");
        Slim.Refused("plan").ShouldContain("slim plan show or diff: say which");
        Slim.Refused("plan", "dif", plan, plan).ShouldContain("not 'dif'; did you mean 'diff'?");
        Slim.Refused("plan", "diff", plan).ShouldContain("B is missing: another of the same dense model");
        Slim.Refused("plan", "diff", plan, plan, "--jsn").ShouldContain("unknown option '--jsn'; did you mean '--json'?");
    }

    private string Write(string name, int[] layers, int of, int[] kept)
    {
        var path = Path.Combine(_folder, name);
        PlanFile.Write(
            new()
            {
                Origin = new("Tiny", "0", "1", 7),
                Versions = PruningPlan.CurrentVersions,
                Layers = [new("block", layers, new float?[of])],
                Groups = [new(1, "mlp", kept, [1, 2, 3, 4])],
            },
            path);
        return path;
    }
}
