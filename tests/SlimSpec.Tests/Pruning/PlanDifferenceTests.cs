namespace SlimSpec.Tests.Pruning;

public class PlanDifferenceTests
{
    [Fact]
    public void Units_are_compared_structure_by_structure()
    {
        var difference = PlanDifference.Of(
            Plan([], new PlanGroup(0, "mlp", [0, 1, 2], new float[6]), new(1, "mlp", [4, 5], new float[6])),
            Plan([], new PlanGroup(0, "mlp", [1, 2, 3, 5], new float[6]), new(1, "mlp", [4, 5], new float[6])));

        difference.Layers.ShouldBeEmpty();
        difference.Groups.Select(group => (group.Layer, group.Unit, group.Units)).ShouldBe([(0, "mlp", 6), (1, "mlp", 6)]);
        var first = difference.Groups[0].Overlap;
        (first.KeptA, first.KeptB, first.Share).ShouldBe((3, 4, 2 / 5.0));
        first.OnlyA.ShouldBe([0]);
        first.OnlyB.ShouldBe([3, 5]);
        difference.Groups[1].Overlap.Share.ShouldBe(1);
        difference.Totals.ShouldBe([("mlp", (2 + 2) / (5 + 2.0))]);
    }

    [Fact]
    public void What_a_plan_does_not_speak_of_is_whole_in_it()
    {
        var difference = PlanDifference.Of(Plan([], new PlanGroup(1, "attention", [0, 2], new float[4])), Plan([Layers("block", 3, 0, 1)]));

        difference.Groups.ShouldHaveSingleItem().Overlap.OnlyB.ShouldBe([1, 3]);
        difference.Layers.ShouldHaveSingleItem().Overlap.OnlyA.ShouldBe([2]);
    }

    [Fact]
    public void Units_are_compared_in_layers_that_both_keep()
    {
        var cut = new PlanGroup(2, "attention", [0], new float[4]);

        PlanDifference.Of(Plan([], cut), Plan([Layers("block", 3, 0, 1)])).Groups.ShouldBeEmpty();
        PlanDifference.Of(Plan([], cut), Plan([Layers("attention", 3, 0, 1)])).Groups.ShouldBeEmpty();
        PlanDifference.Of(Plan([], cut), Plan([Layers("mlp", 3, 0, 1)])).Groups.Count.ShouldBe(1);
    }

    [Fact]
    public void A_branch_is_compared_among_the_layers_that_stay()
    {
        var difference = PlanDifference.Of(Plan([Layers("attention", 4, 0, 1)]), Plan([Layers("block", 4, 0, 1, 2)]));

        difference.Layers.Select(layers => layers.Unit).ShouldBe(["attention", "block"]);
        difference.Layers[0].Overlap.OnlyB.ShouldBe([2]);
        difference.Layers[1].Overlap.OnlyA.ShouldBe([3]);
    }

    [Fact]
    public void Plans_of_different_shapes_are_refused()
    {
        Refused(Plan([], new PlanGroup(1, "mlp", [0], new float[4])), Plan([], new PlanGroup(1, "mlp", [0], new float[5])), "mlp of layer 1 has 4 units in one and 5 in the other");
        Refused(Plan([Layers("block", 3, 0)]), Plan([Layers("block", 4, 0)]), "a model with 3 layers, the other of one with 4");
        Refused(Plan([], new PlanGroup(3, "mlp", [0], new float[4])), Plan([Layers("block", 3, 0)]), "a model with 3 layers, the other cuts its layer 3");
    }

    private static void Refused(PruningPlan a, PruningPlan b, string message) =>
        Should.Throw<SlimException>(() => PlanDifference.Of(a, b)).Message.ShouldContain(message);

    private static PlanLayers Layers(string unit, int layers, params int[] kept) => new(unit, kept, new float?[layers]);

    private static PruningPlan Plan(IReadOnlyList<PlanLayers> layers, params PlanGroup[] groups) =>
        new() { Origin = new("Recipe", "0", "1", 0), Versions = PruningPlan.CurrentVersions, Layers = layers, Groups = groups };
}
