using SlimSpec.Tests.Families;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Models;

/// <summary>Sequences that share their beginnings go through a model as they would alone, in every family.</summary>
public class TokenTreesTests
{
    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Each_sequence_of_a_tree_has_the_logits_that_it_has_alone(string family)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(family);
        var ids = RandomIds.Rows(6, 14, seed: 3).Select(row => row.Select(id => id % 100).ToArray()).ToArray(); // none of ChatGLM's marks
        TokenTree[] trees =
        [
            new(ids[0][..9], [ids[1][..4], [], ids[2][..1], ids[3][..5]]), // longer than a sliding window
            new(ids[4], []),
            new(ids[5][..1], [ids[2][..2], ids[1][..3]]),
        ];
        using var packed = new TokenTrees(trees);
        packed.Tokens.ShouldBe(19 + 14 + 6);
        packed.Depth.ShouldBe(14);

        var logits = model.Head(LayerSteps.Hidden(model, [packed])[0])[0];

        var start = 0;
        foreach (var tree in trees)
        {
            var at = start + tree.Trunk.Count;
            foreach (var branch in tree.Branches.DefaultIfEmpty([]))
            {
                var alone = model.forward(Tensors.Of([[.. tree.Trunk, .. branch]]))[0];
                Tensors.LargestDifference(logits.narrow(0, start, tree.Trunk.Count), alone.narrow(0, 0, tree.Trunk.Count)).ShouldBeLessThan(2e-5);
                if (branch.Count > 0)
                {
                    Tensors.LargestDifference(logits.narrow(0, at, branch.Count), alone.narrow(0, tree.Trunk.Count, branch.Count)).ShouldBeLessThan(2e-5);
                }

                at += branch.Count;
            }

            start += tree.Tokens;
        }
    }
}
