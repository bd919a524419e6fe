namespace SlimSpec.Tests.Pruning;

public sealed class PlanFileTests : IDisposable
{
    private const string Valid = """
        {
          "format": 1,
          "recipe": "LlamaMha",
          "recipe_hash": "0000000000000000000000000000000000000000000000000000000000000000",
          "checkpoint_hash": "c0ffee",
          "seed": 7,
          "versions": {"slimspec": "1.0.0"},
          "groups": [
            {"layer": 0, "unit": "attention", "kept": [1, 3], "scores": [0.1, 0.25, 1E-07, 3]},
            {"layer": 1, "unit": "attention", "kept": [0], "scores": [0, 1, 2, 3]}
          ]
        }

        """;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"plan-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_read_is_written_again_byte_for_byte()
    {
        File.WriteAllText(_path, Valid);
        PlanFile.Write(PlanFile.Read(_path), _path);
        File.ReadAllText(_path).ShouldBe(Valid);
    }

    [Theory]
    [InlineData("\"seed\": 7", "\"seed\": 7.5", "seed is not a whole number")]
    [InlineData("\"seed\"", "\"sead\"", "unknown key 'sead'; did you mean 'seed'?")]
    [InlineData("\"seed\": 7,", "", "lacks 'seed'")]
    [InlineData("\"seed\": 7", "\"seed\": 7, \"seed\": 8", "'seed' more than once")]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2 is not read by this version")]
    [InlineData("[1, 3]", "[3, 1]", "groups[0].kept has 1 at position 1; unit numbers ascend, each once, from 0 to 3")]
    [InlineData("[1, 3]", "[1, 1]", "groups[0].kept has 1 at position 1")]
    [InlineData("[1, 3]", "[1, 4]", "groups[0].kept has 4 at position 1")]
    [InlineData("[1, 3]", "[-1]", "groups[0].kept has -1 at position 0")]
    [InlineData("[1, 3]", "[]", "groups[0].kept is empty")]
    [InlineData("[1, 3]", "[1, \"3\"]", "groups[0].kept[1] is not a whole number")]
    [InlineData("0.25", "1e99", "groups[0].scores[1] is not a finite number")]
    [InlineData("\"layer\": 1", "\"layer\": 0", "groups[1] repeats a structure")]
    [InlineData("\"layer\": 0", "\"layer\": 2", "groups[1] repeats a structure or is not in order")]
    [InlineData("\"layer\": 0", "\"layer\": -1", "groups[0].layer is a layer number, from 0")]
    [InlineData("\"versions\": {", "\"versions\": }", ":7: is not JSON")]
    public void A_damaged_plan_is_refused_at_its_place(string part, string damaged, string message)
    {
        File.WriteAllText(_path, Valid.Replace(part, damaged, StringComparison.Ordinal));
        var failure = Should.Throw<SlimException>(() => PlanFile.Read(_path));
        failure.Message.ShouldStartWith(_path);
        failure.Message.ShouldContain(message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() => Should.Throw<SlimException>(() => PlanFile.Read(_path)).Message.ShouldContain(_path);

    [Theory]
    [InlineData("LlamaMha", "Other", "made for recipe Other")]
    [InlineData("HASH", "00000000", "made for recipe LlamaMha (00000000)")]
    [InlineData("\"attention\"", "\"heads\"", "it has mlp, attention")]
    [InlineData("\"layer\": 1", "\"layer\": 4", "its last is 3")]
    [InlineData("[0, 1, 2, 3]", "[0, 1, 2]", "scores 3 units, but the model has 4")]
    public void A_plan_of_something_else_is_refused(string part, string other, string message)
    {
        var ours = Valid.Replace(new string('0', 64), "HASH", StringComparison.Ordinal).Replace(part, other, StringComparison.Ordinal);
        File.WriteAllText(_path, ours.Replace("HASH", LlamaMha.Instance.Hash, StringComparison.Ordinal));
        var plan = PlanFile.Read(_path);
        Should.Throw<SlimException>(() => plan.CheckFits(LlamaMha.Instance, LlamaMha.Shape.Dense)).Message.ShouldContain(message);
    }
}
