using SlimSpec.Tests.Families;

namespace SlimSpec.Tests.Exits;

/// <summary>What checks read behind every block of every family, against transformers (<c>logit_lens_last_token</c>): AdaInfer's features.</summary>
public class LogitLensGoldenTests
{
    public static TheoryData<string> WithLens =>
        [.. ((IEnumerable<object[]>)GoldenModels.Names).Select(row => (string)row[0]).Where(name => new FamilyGolden(name).Find("logit_lens_last_token") is not null)];

    [Theory]
    [MemberData(nameof(WithLens))]
    public void Readings_behind_every_block_are_the_golden_ones(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var model = GoldenModels.Load(name);
        var golden = new FamilyGolden(name);
        var lens = golden.Find("logit_lens_last_token")!.Value.EnumerateArray().ToList();
        using var pass = model.Begin(golden.Ids);
        var hidden = model.Embed(golden.Ids, pass);
        lens.Count.ShouldBe(model.Layers.Count);

        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            hidden = model.RunLayer(layer, hidden, pass);
            var logits = model.Head(hidden.narrow(1, hidden.size(1) - 1, 1));
            for (var row = 0; row < 2; row++)
            {
                double Golden(string feature) => lens[layer].GetProperty(feature)[row].GetDouble();
                var values = logits[row, 0].contiguous();
                foreach (var reading in new[] { LogitReader.Read(values.data<float>().ToArray()), LogitReader.Read(values) })
                {
                    if (Golden("gap_logit") > 1e-3)
                    {
                        reading.TopId.ShouldBe((int)Golden("top1"));
                    }

                    reading.TopProb.ShouldBe((float)Golden("top_prob"), 1e-5f);
                    reading.Gap.ShouldBe((float)Golden("gap_prob"), 1e-5f);
                    reading.MarginLogit.ShouldBe((float)Golden("gap_logit"), 1e-4f);
                    reading.Entropy.ShouldBe((float)Golden("entropy"), 1e-4f);
                }
            }
        }
    }
}
