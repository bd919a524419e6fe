using Microsoft.CodeAnalysis;

namespace SlimSpec.Generator.Tests;

/// <summary>The loop that is written for a recipe's exits: its checks and features, and no others.</summary>
public class ExitLoopTests
{
    private const string Model = """
        spec: 1
        name: Tiny
        model:
          architecture: llama
          vocab_size: 256
          hidden_size: 64
          num_hidden_layers: 6
          num_attention_heads: 8
          num_key_value_heads: 2
          intermediate_size: 172
          max_position_embeddings: 128

        """;

    private const string Calibrate = "  calibrate: { dataset: text.txt, prompt_tokens: 16, max_new_tokens: 16 }\n";

    [Fact]
    public void Checks_come_after_the_stated_layers_and_see_the_stated_features() =>
        Loop("exits:\n  mode: adaptive_verified\n  layers: [2, 4]\n  features: [gap, delta_top_prob, same_argmax_run, depth]\n" + Calibrate).ShouldBe("""
            protected override Tensor? Climb(int layer, Tensor rows)
            {
                while (layer < model.Blocks.Count)
                {
                    rows = Ran(layer, rows, model.Blocks[layer].Decode(rows, Pass, Cache));
                    var check = ++layer switch
                    {
                        2 => 0,
                        4 => 1,
                        _ => NoCheck,
                    };
                    if (check != NoCheck && Leaves(check, ref rows))
                    {
                        return null;
                    }
                }

                return rows;
            }

            protected override void Describe(ExitObservation seen, Span<float> features)
            {
                features[0] = seen.Now.Gap;
                features[1] = seen.Now.TopProb - seen.Before.TopProb;
                features[2] = seen.SameArgmaxRun;
                features[3] = seen.Depth;
            }
            """);

    [Fact]
    public void Truncation_has_no_check() => Loop("exits: { mode: truncate, layers: [3] }\n").ShouldBe("""
        protected override Tensor Climb(int layer, Tensor rows)
        {
            for (; layer < 3; layer++)
            {
                rows = Ran(layer, rows, model.Blocks[layer].Decode(rows, Pass, Cache));
            }

            return rows;
        }
        """);

    [Fact]
    public void Branches_are_watched_where_a_feature_compares_them()
    {
        var loop = Loop("exits:\n  mode: simulate\n  layers: [2, 4]\n  features: [cos_attn]\n" + Calibrate);
        loop.ShouldContain("private readonly BranchStates _branches = new();");
        loop.ShouldContain("_branches.Watching = layer + 1 is 2 or 4;");
        loop.ShouldContain(".Decode(rows, Pass, Cache, _branches)");
        loop.ShouldContain("features[0] = seen.CosAttn;");
    }

    [Fact]
    public void Drafts_at_a_depth_need_no_features() =>
        Loop("exits: { mode: self_speculative, layers: [2] }\n").ShouldNotContain("Describe");

    // What is between the braces of ExitLoop, at its own depth; all of it compiles.
    private static string Loop(string exits)
    {
        var driver = Run.Driver(Run.Llama, new Spec("tiny.slim.yaml", Model + exits)).RunGeneratorsAndUpdateCompilation(Run.EmptyCompilation, out var compilation, out var diagnostics);
        diagnostics.ShouldBeEmpty();
        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
        var lines = driver.GetRunResult().GeneratedTrees.Single().ToString().Split('\n');
        var body = lines.SkipWhile(line => !line.Contains("class ExitLoop", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line != "    }");
        return string.Join('\n', body.Select(line => line.Length == 0 ? line : line[8..]));
    }
}
