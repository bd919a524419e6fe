using System.Globalization;
using System.Text.Json.Nodes;

namespace SlimSpec.ExitBenchmark;

/// <summary>AdaInfer's table (Fan et al. 2024): the whole head behind every layer, SVM and CRF, its two features and the three it leaves out; and the same with cheap heads.</summary>
internal sealed class AdaInferTable(SlimExits slim, TextWriter output)
{
    // It takes exits that nobody could certify, as the paper does, and shows what they are worth; its clock is that of the lossy mode and of refused drafts.
    private const string Verified = "exits.mode=adaptive_verified";

    private const string Base = "gap, top_prob";
    private static readonly string[] Further = ["", ", cos_prev", ", cos_attn", ", cos_mlp"];

    /// <summary>Every text and task with the two features.</summary>
    public void WriteTasks(IEnumerable<(string Name, string File)> texts, IEnumerable<(string Name, string File)> questions)
    {
        Header("task");
        foreach (var (name, file) in texts)
        {
            Row($"{name}, decode", "svm_linear", slim.Run(file, Verified, "exits.classifier.kind=svm_linear"));
            Row($"{name}, decode", "crf", slim.Run(file, Verified, "exits.classifier.kind=crf"));
        }

        foreach (var (name, file) in questions)
        {
            string[] scope = ["exits.mode=simulate", "exits.scope=prompt_last", "exits.kv.policy=single_token", "exits.calibrate.num_prompts=500", "exits.calibrate.max_new_tokens=1"];
            Row($"{name}, prompt_last", "svm_linear", slim.Run(file, [.. scope, "exits.classifier.kind=svm_linear"]));
            Row($"{name}, prompt_last", "crf", slim.Run(file, [.. scope, "exits.classifier.kind=crf"]));
        }
    }

    /// <summary>One text with each of the features that the paper leaves out.</summary>
    public void WriteFeatures(string file)
    {
        Header("features");
        foreach (var kind in new[] { "svm_linear", "crf" })
        {
            foreach (var more in Further)
            {
                Row(Base + more, kind, slim.Run(file, [Verified, $"exits.classifier.kind={kind}", $"exits.features=[{Base}{more}]"]));
            }
        }
    }

    /// <summary>One text with the heads that cost less.</summary>
    public void WriteHeads(string file)
    {
        Header("head");
        foreach (var (name, settings) in new (string, string[])[]
        {
            ("full, every layer", []),
            ("full, layers 3 and 5", ["exits.layers=[3, 5]"]),
            ("full, layer 5", ["exits.layers=[5]"]),
            ("shortlist 64, layers 3 to 5", ["exits.layers={ from: 3 }", "exits.head.policy=shortlist"]),
            ("lowrank 96, shortlist 64, layers 3 to 5", ["exits.layers={ from: 3 }", "exits.head.policy=lowrank", "exits.head.rank=96"]),
            ("lowrank 96, shortlist 64, layer 5, mode adaptive_verified", ["exits.layers=[5]", "exits.head.policy=lowrank", "exits.head.rank=96", Verified]),
        })
        {
            Row(name, "logistic", slim.Run(file, ["exits.classifier.kind=logistic", .. settings]));
        }
    }

    private void Header(string first)
    {
        output.WriteLine($"| {first} | classifier | tokens that leave | of these, right | average layers | pruning ratio 1 - A/L | average layers of an oracle | average layers, measured | speed-up, cost model | speed-up, wall clock | after the guard |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
    }

    private void Row(string name, string kind, JsonNode? found)
    {
        output.WriteLine(found is null
            ? $"| {name} | {kind} | nothing certified | | | | | | | | dense |"
            : $"| {name} | {kind} | {string.Join(" | ", Simulated(found).Concat(Measured(found)))} |");
        output.Flush();
    }

    private static IEnumerable<string> Simulated(JsonNode found)
    {
        var (left, wrong) = (Number(found["certificate"]!["exits"]), Number(found["certificate"]!["errors"]));
        return
        [
            Text($"{left / Number(found["certificate"]!["tokens"]):0.0 %}"),
            left == 0 ? "" : Text($"{1 - (wrong / left):0.0 %}"),
            Text($"{Number(found["simulated"]!["average_layers"]):0.00} of {found["depth"]}"),
            Text($"{Number(found["simulated"]!["pruning_ratio"]):0.0 %}"),
            Text($"{Number(found["calibration"]!["oracle_layers"]):0.00}"),
        ];
    }

    // A simulation has no clock.
    private static IEnumerable<string> Measured(JsonNode found) => found["measured"] is not { } measured ? ["", "", "", ""] :
    [
        Text($"{Number(measured["average_layers"]):0.00}"),
        Text($"{Number(found["speedup"]!["predicted"]):0.00}x"),
        Text($"{Number(found["speedup"]!["measured"]):0.00}x"),
        (bool)found["enabled"]! ? "exits" : "dense",
    ];

    private static double Number(JsonNode? node) => (double)node!;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
