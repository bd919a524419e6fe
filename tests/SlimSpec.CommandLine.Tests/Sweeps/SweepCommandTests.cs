namespace SlimSpec.CommandLine.Tests;

/// <summary>Sweeps of a tiny model.</summary>
public sealed class SweepCommandTests(Workplace place) : IClassFixture<Workplace>
{
    private const string Axes = """

        sweep:
          prune[0].sparsity: [0.25, 0.5]
          recover[0].seed: [0, 7]
        """;

    [Fact]
    public void ASweepRunsEveryCellOnceAndGoesOnWithThoseThatAreMissing()
    {
        var folder = place.At("a/sweep");
        var spec = Spec("a", Axes);

        Sweep(spec, folder).Count(line => line.StartsWith('[')).ShouldBe(4);
        var csv = File.ReadAllText(Path.Combine(folder, "sweep.csv"));
        csv.Split('\n').Length.ShouldBe(6);
        var cells = Directory.GetDirectories(Path.Combine(folder, "cells")).Select(Path.GetFileName).Where(name => !name!.StartsWith('.')).Order().ToList();
        cells.ShouldBe(["sparsity=0.25,seed=0", "sparsity=0.25,seed=7", "sparsity=0.5,seed=0", "sparsity=0.5,seed=7"]);
        Sweep(spec, folder).ShouldNotContain(line => line.StartsWith('['));

        Directory.Delete(Path.Combine(folder, "cells", cells[1]!), recursive: true);
        Sweep(Spec("a", Axes.Replace("[0, 7]", "[0, 7, 9]", StringComparison.Ordinal)), folder).Count(line => line.StartsWith('[')).ShouldBe(3);

        var again = File.ReadAllLines(Path.Combine(folder, "sweep.csv"));
        again.Length.ShouldBe(7);
        Numbers(again[2]).ShouldBe(Numbers(csv.Split('\n')[2]), "the same cell comes to the same numbers");
        File.ReadAllText(Path.Combine(folder, "sweep.html")).ShouldContain("perplexity against sparsity");
    }

    [Fact]
    public void ACellIsTheRunThatItsCommandSays()
    {
        var folder = place.At("b/sweep");
        var sweep = Slim.Json("sweep", Spec("b", Axes), "--checkpoint", place.Model, "--output", folder);
        var run = Slim.Json("run", Spec("b", ""), "--checkpoint", place.Model, "--output", place.At("b/run"), "--set", "prune[0].sparsity=0.5", "--set", "recover[0].seed=7");

        var cell = sweep[3];
        cell.GetProperty("values").GetProperty("recover[0].seed").GetString().ShouldBe("7");
        var stages = run.GetProperty("stages");
        cell.GetProperty("metrics").GetProperty("perplexity").GetDouble().ShouldBe(stages[stages.GetArrayLength() - 1].GetProperty("perplexity").GetDouble());
        place.ReadJson("b/sweep/cells/sparsity=0.5,seed=7/run.json")["command"]!.GetValue<string>().ShouldEndWith("--set 'prune[0].sparsity=0.5' --set 'recover[0].seed=7'");
        File.Exists(Path.Combine(folder, "cells/sparsity=0.5,seed=7/model.safetensors")).ShouldBeFalse();
    }

    [Fact]
    public void ACellThatFailsIsNamedAndTheOthersAreDone()
    {
        var spec = Spec("c", "\nsweep:\n  recover[0].max_seq_length: [16, 64]\n", text => text.Replace("dataset: text.txt, split: \":80%\", max_seq_length: 32, max_steps: 2, micro", "dataset: short.txt, max_seq_length: 16, max_steps: 2, micro", StringComparison.Ordinal));
        place.Write("short.txt", "Ann has two red balls and Ben has three blue ones.\n");

        var (code, _, error) = Slim.Run("sweep", spec, "--checkpoint", place.Model, "--output", place.At("c/sweep"));

        code.ShouldBe(1);
        error.ShouldContain("failed: max_seq_length=64: ");
        File.ReadAllLines(place.At("c/sweep/sweep.csv")).Length.ShouldBe(2);
    }

    [Fact]
    public void WhereTheFirstCellCannotRunTheSweepEnds()
    {
        var spec = Spec("f", Axes, text => text.Replace("dataset: text.txt, split: \":80%\", max_seq_length: 32, max_steps: 2, micro", "dataset: absent.txt, max_seq_length: 16, max_steps: 2, micro", StringComparison.Ordinal));

        Slim.Refused("sweep", spec, "--checkpoint", place.Model, "--output", place.At("f/sweep")).ShouldContain("dataset 'absent.txt' is neither in");
    }

    [Fact]
    public void MistakesAreFoundBeforeTheFirstCell()
    {
        Slim.Refused("sweep", Spec("d", Axes.Replace("[0.25, 0.5]", "[0.25, 2]", StringComparison.Ordinal)), "--checkpoint", place.Model, "--output", place.At("d")).ShouldContain("'prune[0].sparsity' must be a number above 0 and below 1, found 2");
        Slim.Refused("sweep", Spec("d", ""), "--checkpoint", place.Model).ShouldContain("has no sweep section");
        Directory.Exists(place.At("d")).ShouldBeFalse();

        place.Write("e/sweep.json", "{}");
        Slim.Refused("sweep", Spec("d", Axes), "--checkpoint", place.Model, "--output", place.At("e")).ShouldContain("is a sweep of another recipe, other weights, or another device or dtype");
    }

    private string Spec(string name, string axes, Func<string, string>? change = null) =>
        place.Write($"{name}.slim.yaml", (change ?? (text => text))(File.ReadAllText(place.Spec)) + axes);

    private string[] Sweep(string spec, string folder)
    {
        var (code, _, error) = Slim.Run("sweep", spec, "--checkpoint", place.Model, "--output", folder);
        code.ShouldBe(0, error);
        return error.Split('\n');
    }

    // All but the seconds at the end.
    private static string Numbers(string line) => line[..line.LastIndexOf(',')];
}
