namespace SlimSpec.Tests.Pruning;

public sealed class PlanFileTests : IDisposable
{
    private const string Valid = """
        {
          "format": 2,
          "recipe": "LlamaMha",
          "recipe_hash": "0000000000000000000000000000000000000000000000000000000000000000",
          "checkpoint_hash": "c0ffee",
          "seed": 7,
          "versions": {"slimspec": "1.0.0"},
          "layers": [
            {"unit": "block", "kept": [0, 1, 2], "scores": [null, 0.5, 2, 0.125]}
          ],
          "groups": [
            {"layer": 0, "unit": "attention", "kept": [1, 3], "scores": [0.1, 0.25, 1E-07, 3], "means": [0.5, -1, 2, 1E-09]},
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
    [InlineData("\"format\": 2", "\"format\": 1", "format 1 is not read by this version, which reads format 2; prune again")]
    [InlineData("\"format\": 2", "\"format\": 3", "which reads format 2; a newer version of SlimSpec wrote it")]
    [InlineData("\"format\": 2,", "", "lacks 'format'")]
    [InlineData("[0, 1, 2]", "[0, 2, 1]", "layers[0].kept has 1 at position 2; layer numbers ascend, each once, from 0 to 3")]
    [InlineData("[0, 1, 2]", "[]", "layers[0].kept is empty; at least one layer stays")]
    [InlineData("[0, 1, 2]", "[0, 2, 3]", "groups[1] is of layer 1, which does not keep its block")]
    [InlineData("[null, ", "[true, ", "layers[0].scores[0] is not a finite number")]
    [InlineData("\"layers\": [", "\"layers\": [{\"unit\": \"attention\", \"kept\": [0, 1, 3], \"scores\": [0, 0, 0, 0]}, ", "layers[0].kept has 3, a layer that unit block does not keep")]
    [InlineData("\"layers\": [", "\"layers\": [{\"unit\": \"attention\", \"kept\": [0], \"scores\": [0, 0, 0]}, ", "layers[1].scores has 4 entries, but layers[0].scores has 3")]
    [InlineData("\"layers\": [", "\"layers\": [{\"unit\": \"mlp\", \"kept\": [0], \"scores\": [0, 0, 0, 0]}, ", "layers[1] repeats a unit or is not in their order")]
    [InlineData("-1, 2", "null, 2", "groups[0].means[1] is not a finite number")]
    [InlineData("\"means\"", "\"meens\"", "unknown key 'meens'; did you mean 'means'?")]
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
    [InlineData("\"attention\"", "\"heads\"", "group of layer 0, unit heads, cuts something this architecture does not have; it has mlp, attention")]
    [InlineData("[0, 1, 2, 3]", "[0, 1, 2]", "scores 3 units, but the model has 4")]
    [InlineData("0.125]", "0.125, 1]", "layers of unit block are of a model with 5 layers, but this one has 4")]
    [InlineData("\"unit\": \"block\"", "\"unit\": \"mlp\"", "layers of unit mlp are of a branch that this recipe's layers cannot lose")]
    [InlineData("[0.5, -1, 2, 1E-09]", "[0.5, -1, 2]", "means of 3 channels")]
    public void A_plan_of_another_shape_is_refused(string part, string other, string message)
    {
        File.WriteAllText(_path, Valid.Replace(part, other, StringComparison.Ordinal));
        var plan = PlanFile.Read(_path);
        Should.Throw<SlimException>(() => plan.CheckFits(LlamaMha.Instance, LlamaMha.Shape.Dense)).Message.ShouldContain(message);
    }

    [Fact]
    public void A_plan_of_a_deeper_model_is_refused()
    {
        File.WriteAllText(_path, Valid.Replace("\"layer\": 1", "\"layer\": 4", StringComparison.Ordinal));
        Should.Throw<SlimException>(() => PlanFile.Read(_path)).Message.ShouldContain("groups[1] is of layer 4, which does not keep its block");
        var plan = new PruningPlan { Origin = new("", "", "", 0), Versions = PruningPlan.CurrentVersions, Groups = [new(4, "mlp", [0], [1])] };
        Should.Throw<SlimException>(() => plan.CheckFits(LlamaMha.Instance, LlamaMha.Shape.Dense)).Message.ShouldContain("of a layer the model does not have; its last is 3");
    }

    [Fact]
    public void A_plan_of_another_recipe_or_of_other_weights_fits_and_the_difference_is_said()
    {
        File.WriteAllText(_path, Valid);
        var plan = PlanFile.Read(_path);

        plan.CheckFits(LlamaMha.Instance, LlamaMha.Shape.Dense);
        plan.Differences(LlamaMha.Instance, "c0ffee").ShouldBe(["the plan was made for LlamaMha as it was before its model, calibration or cuts changed"]);
        (plan with { Origin = plan.Origin with { Recipe = "Other" } }).Differences(LlamaMha.Instance, "beef")
            .ShouldBe(["the plan was made for recipe Other, not for LlamaMha", "the plan was scored on other weights"]);
        (plan with { Origin = plan.Origin with { RecipeHash = LlamaMha.Instance.PruningHash } }).Differences(LlamaMha.Instance, "c0ffee").ShouldBeEmpty();
    }

    [Fact]
    public void Surgery_is_told_what_is_cut_and_of_which_layers()
    {
        File.WriteAllText(_path, Valid);
        var selection = PlanFile.Read(_path).Selection;

        selection.Layers.ShouldBe([0, 1, 2]);
        selection.Units.Keys.ShouldBe([(0, "attention"), (1, "attention")]);
        selection.Units[(0, "attention")].ShouldBe([1, 3]);
        selection.Means[(0, "attention")].ShouldBe([0.5f, -1, 2, 1e-9f]);
        selection.Means.Count.ShouldBe(1);
    }
}
