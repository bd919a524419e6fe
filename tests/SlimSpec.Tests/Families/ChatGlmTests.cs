using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>The conventions of the first ChatGLM-6B: positions in two planes, and a prompt whose tokens all see each other.</summary>
public class ChatGlmTests
{
    private const string Name = "chatglm-6b";

    [Fact]
    public void Positions_are_the_place_up_to_the_mask_token_and_the_place_behind_the_prompt()
    {
        using var scope = NewDisposeScope();
        using var model = GoldenModels.Load(Name);
        var golden = new FamilyGolden(Name);
        using var pass = model.Begin(golden.Ids);
        var expected = golden.Find("position_ids")!.Value.EnumerateArray().SelectMany(row => row.Rows()).ToArray();

        var positions = pass.Prefix!.Positions(0, 20);

        Tensors.LargestDifference(positions, Tensors.Of(expected).view(2, 2, 20)).ShouldBe(0);
    }

    [Fact]
    public void A_token_sees_the_prompt_and_what_was_written_before_it()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(Name);
        var golden = new FamilyGolden(Name);
        var hidden = golden.Find("hidden_from_row")!.Value.Rows();
        using var pass = model.Begin(golden.Ids);
        var input = model.Embed(golden.Ids, pass);
        var output = model.RunLayer(0, input, pass);
        for (var token = 0; token < 20; token++)
        {
            var other = input.clone();
            other.select(1, token).mul_(-1);
            var moved = (model.RunLayer(0, other, pass) - output).abs().amax([2]);
            for (var row = 0; row < 2; row++)
            {
                for (var reader = 0; reader < 20; reader++)
                {
                    // All keys that a row does not see stand behind those that it sees.
                    var sees = token < 20 - hidden[row][reader];
                    (moved[row, reader].item<float>() > 1e-6f).ShouldBe(sees, $"row {row}: token {token} from {reader}");
                }
            }
        }
    }
}
