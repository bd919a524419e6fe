using System.Globalization;
using System.Text;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Tests;

/// <summary>
/// Writes a random recipe of a tiny model: every size and constant of the architecture, cuts, recovery, all with random
/// options. Most are valid; the checker says which.
/// </summary>
internal sealed class RandomSpec
{
    private const int FewestPositions = 12;

    private readonly ArchitectureModel _architecture;
    private readonly Random _random;
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, int> _sizes = [];
    private readonly List<(string Key, string Value)> _model = [];
    private readonly string _scaling;

    private RandomSpec(ArchitectureModel architecture, int seed)
    {
        (_architecture, _random) = (architecture, new(seed));
        _scaling = Pick("null", "default", "linear", "llama3");
        ChooseSizes();
        Write();
    }

    /// <summary>A recipe without <c>name:</c>.</summary>
    public static string Of(ArchitectureModel architecture, int seed) => new RandomSpec(architecture, seed)._text.ToString();

    private T Pick<T>(params IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private void ChooseSizes()
    {
        var keys = _architecture.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Key);
        var groups = !keys.TryGetValue("kv_heads", out var written) ? _random.Next(1, 5) : written is null ? 1 : _random.Next(1, 4);
        _sizes["heads"] = keys.ContainsKey("kv_heads") ? groups * _random.Next(1, 4) : groups;
        _sizes["kv_heads"] = groups;
        _sizes["head_dim"] = Chance(0.15) ? Pick(3, 5, 6, 10) : Pick(4, 8, 8, 12, 16);
        _sizes["hidden"] = Chance(0.5) ? _sizes["heads"] * _sizes["head_dim"] : _random.Next(4, 40);
        _sizes["rotated"] = Pick(2, 4, _sizes["head_dim"]);
        _sizes["embedded"] = Chance(0.5) ? _sizes["hidden"] : _random.Next(3, 30);
        _sizes["ffn"] = _random.Next(2, 50);
        _sizes["layers"] = _random.Next(1, 5);
        _sizes["vocab"] = _random.Next(16, 70);
        _sizes["positions"] = _random.Next(FewestPositions, 40);
    }

    private void Write()
    {
        _text.Append(CultureInfo.InvariantCulture, $"spec: 1\nmodel:\n  architecture: {_architecture.Name}\n");
        foreach (var dimension in _architecture.Dimensions.Where(dimension => dimension.Key is not null && !(IsDefault(dimension) && Chance(0.5))))
        {
            _model.Add((Pick<string>(dimension.Keys), Text(_sizes[dimension.Name])));
        }

        foreach (var constant in _architecture.Constants.Where(constant => !constant.IsPresence && (constant.Default is null && constant.Expression is null || Chance(0.7))))
        {
            _model.Add((Pick<string>(constant.Keys), Constant(constant)));
        }

        WriteKeys(_model, "  ");
        var (length, calibrated) = (_random.Next(4, FewestPositions), Chance(0.7));
        if (calibrated)
        {
            _text.Append(CultureInfo.InvariantCulture, $"calibration: {{ dataset: text.txt, num_samples: 2, max_seq_length: {length}, seed: {_random.Next(9)} }}\n");
        }

        WriteList("prune", _random.Next(4), () => Chance(0.3) ? DepthCut(calibrated) : WidthCut(calibrated));
        if (Chance(0.5))
        {
            _text.Append(CultureInfo.InvariantCulture, $"tasks: {{ topic: {{ {Task()} }} }}\n");
            WriteList("recover", _random.Next(3), () => Recovery(length, Pick("lm", "prompt_lm", "p_cls", "cls")));
        }
        else
        {
            WriteList("recover", _random.Next(3), () => Recovery(length, Pick("lm", "lm", "instruct")));
        }

        if (Chance(0.5))
        {
            _text.Append(CultureInfo.InvariantCulture, $"evaluate: {{ {Evaluation(length)} }}\n");
        }

        if (Chance(0.3))
        {
            _text.Append(CultureInfo.InvariantCulture, $"train: {{ dataset: text.json, max_seq_length: {length}, {Optimization()} }}\n");
        }

        if (_sizes["layers"] > 1 && Chance(0.25))
        {
            _text.Append(CultureInfo.InvariantCulture, $"exits: {{ {Exits()} }}\n");
        }

        if (calibrated && Chance(0.2))
        {
            _text.Append(CultureInfo.InvariantCulture, $"sweep: {{ calibration.seed: [{_random.Next(9)}, 9], evaluate: [{{ dataset: {Dataset()}, window: {length} }}] }}\n");
        }
    }

    // Whether leaving the key out may give the same size; the checker knows.
    private bool IsDefault(DimensionDefinition dimension) => dimension.Default is not null && dimension.Name switch
    {
        "kv_heads" => _sizes["kv_heads"] == _sizes["heads"],
        "head_dim" => _sizes["hidden"] == _sizes["heads"] * _sizes["head_dim"],
        _ => true,
    };

    private string Constant(ConstantDefinition constant) => constant.Name switch
    {
        "eps" => Pick("1.0e-5", "1e-6", "0.001"),
        "act" => Pick<string>([.. GraphOps.Functions.Select(function => function.Key)]),
        "theta" => Pick("10000.0", "500000", "31.5"),
        "scaling" => _scaling,
        "factor" => Pick("4", "2.5"),
        "low_freq_factor" => "1.0",
        "high_freq_factor" => "4.0",
        "original_positions" => "8",
        "window" => Pick("null", "1", "3", "7", "100"),
        "rotated" => Pick("0.25", "0.5", "1.0"),
        "embedding_scale" => Pick("8.0", "3.25"),
        "bos" => Text(_sizes["vocab"] - 1),
        "gmask" => Text(_sizes["vocab"] - 2),
        "mask" => Text(_sizes["vocab"] - 3),
        _ when constant.Default?.Flag is not null => Pick("true", "false"),
        _ => throw new NotSupportedException($"say here which values the constant '{constant.Name}' of {_architecture.Name} may have"),
    };

    private string WidthCut(bool calibrated)
    {
        var units = _architecture.Units.Select(unit => unit.Name).ToList();
        var target = Pick<string>(units);
        var sparsity = Sparsity(target);
        var score = Pick<string>(["random", "l1", "l2", .. calibrated ? ["taylor", target == "hidden" ? "taylor" : Pick("wanda", "flap", "activation")] : Array.Empty<string>()]);
        var targets = target == "hidden" ? [target] : units.Where(unit => unit == target || (unit is not ("hidden" or "query_heads") && target != "query_heads" && Chance(0.5))).ToList();
        var keys = new List<string>
        {
            "cut: width", $"targets: [{string.Join(", ", targets)}]", $"score: {score}",
            $"sparsity: {sparsity}", $"steps: {_random.Next(1, 4)}", $"round_to: {Pick(1, 1, 2, 3, 8)}", $"seed: {_random.Next(100)}",
        };
        if (score is not ("wanda" or "flap" or "activation"))
        {
            keys.Add($"reduce: {Pick("sum", "mean", "max", "prod", "first", "last")}");
        }

        if (calibrated && !targets.Contains("hidden") && !targets.Contains("query_heads") && Chance(0.3))
        {
            keys.Add("compensate: bias");
        }

        if (target != "hidden" && !sparsity.Contains('{', StringComparison.Ordinal) && Chance(0.2))
        {
            keys.Add($"scope: global{(Chance(0.5) ? "" : $", normalize: {Pick("none", "parameters", "mean", "max", "standard")}")}");
        }

        if (score == "taylor")
        {
            keys.Add($"order: {Pick("vector", "first", "second", "mix")}");
        }

        if (target != "hidden" && Chance(0.4))
        {
            var first = _random.Next(_sizes["layers"]);
            keys.Add($"layers: \"{first}..{_random.Next(first, _sizes["layers"])}\"");
        }

        if (target != "hidden" && Chance(0.2))
        {
            keys.Add($"protect: {{ first: {_random.Next(2)}, last: {_random.Next(2)} }}");
        }

        return string.Join(", ", keys);
    }

    private string Sparsity(string target)
    {
        string Number() => Text(Math.Round(0.05 + (0.9 * _random.NextDouble()), 3));
        return target == "hidden" || Chance(0.8) ? Number()
            : Chance(0.5) ? $"{{ gradient: [{Number()}, {Number()}] }}"
            : $"[{{ layers: 0, value: {Number()} }}, {{ value: {Number()} }}]";
    }

    private string DepthCut(bool calibrated)
    {
        var unit = Pick<string>(["block", "block", .. _architecture.Units.Select(each => each.Name)]);
        var score = calibrated && Chance(0.5) ? Pick("block_influence", "angular", "perplexity", "taylor") : Pick("first", "last", "magnitude", "random");
        var keys = new List<string> { "cut: depth", $"unit: {unit}", $"score: {score}", Pick("remove: 1", "keep: 1", "sparsity: 0.5", "keep: 2"), $"seed: {_random.Next(100)}" };
        if (score is not ("first" or "last" or "angular") && Chance(0.4))
        {
            keys.Add("search: greedy");
        }

        if (score is not ("first" or "last") && Chance(0.3))
        {
            keys.Add("protect: { first: 1 }");
        }

        return string.Join(", ", keys);
    }

    private string Recovery(int length, string objective)
    {
        var method = Pick("lora", "lora", "full", "partial", "distill");
        var isClassification = objective is not ("lm" or "instruct");
        var keys = new List<string>
        {
            $"method: {method}", $"objective: {objective}", $"max_seq_length: {length}", Optimization(),
            isClassification ? "task: topic" : $"dataset: {(objective == "lm" ? Dataset() : Pick("{ path: a.json, format: alpaca, limit: 9 }", "{ path: b.csv, instruction: 0, output: 'an answer', header: true }"))}",
        };
        keys.AddRange(method switch
        {
            "lora" => Adapters("lora_"),
            "partial" => [$"head: {Pick("true", "false")}", $"norms: {Pick("true", "false")}", Pick("layers: 0", "last_layers: 1")],
            "distill" => Distillation(isClassification),
            _ => [],
        });
        keys.AddRange(objective == "instruct" && Chance(0.5) ? ["sample_packing: true", $"train_on_inputs: {Pick("true", "false")}"] : objective != "lm" && Chance(0.5) ? ["group_by_length: true"] : Array.Empty<string>());
        keys.AddRange(Chance(0.4) ? [$"val_set_size: {Pick("0.1", "3")}", "eval_steps: 2", $"early_stopping_patience: {_random.Next(1, 4)}", "save_steps: 3"] : Array.Empty<string>());
        return string.Join(", ", keys);
    }

    private IEnumerable<string> Adapters(string prefix)
    {
        var linears = _architecture.Layer.Where(node => node.Op == "linear").Select(node => node.Weight!.Split('.')[^1]).Distinct().ToArray();
        _random.Shuffle(linears);
        string[] targets = Chance(0.3) ? [] : [$"{prefix}target_modules: [{string.Join(", ", linears.Take(_random.Next(1, linears.Length + 1)))}]"];
        return [$"{prefix}r: {_random.Next(1, 4)}", $"{prefix}alpha: {Pick("16", "0.5")}", $"{prefix}dropout: {Pick("0", "0.05")}", .. targets];
    }

    private IEnumerable<string> Distillation(bool isClassification) =>
    [
        $"kd_temperature: {Pick("1", "2.5")}", $"kd_alpha: {Pick("0", "0.5", "1")}", $"teacher_memory: {Pick("resident", "streamed", "cached")}",
        .. isClassification || Chance(0.3) ? ["teacher: models/teacher"] : Array.Empty<string>(),
        .. Chance(0.5) ? [$"lora: {{ {string.Join(", ", Adapters(""))} }}"] : Array.Empty<string>(),
    ];

    private string Task() =>
        $"template: \"{Pick("Say: {text}\\nTopic:", "{text} \\\"is\\\"")}\", labels: {{ a/b: Word, 'c d': \"other \\\\ word\" }}, demonstrations: {_random.Next(3)}, {Pick("shots: 4, ", "")}"
        + $"train: {{ path: a.tsv, text: [0, 2], label: 1, {Pick("labels: { 0: a/b, 1: 'c d', x: 'c d' }, ", "")}split: \":50%\" }}, test: {{ path: a.tsv, format: {Pick("sst2", "emocontext", "trec")}, split: \"50%:\", limit: 5, seed: 1 }}";

    private string Evaluation(int length)
    {
        var text = $"dataset: \"a b.txt\", window: {length}{Pick("", ", limit: 3, split: \":25%\"", ", protocol: llm_pruner")}";
        return Pick(text, $"perplexity: [{{ {text} }}, {{ dataset: {{ path: b.raw, format: {Pick("wikitext", "ptb")} }}, window: {length} }}]") + (Chance(0.3) ? $", tasks: [piqa, {{ task: arc_easy_icl, dataset: {{ path: a.json, split: \":50%\" }}, num_fewshot: {_random.Next(3)}, limit: 9 }}]" : "") + (Chance(0.3) ? ", cost: { batch_sizes: [1, 2], prompt_tokens: 2, new_tokens: 1, rounds: 3 }" : "");
    }

    private string Dataset() => Pick("text.txt", "text.txt", "{ path: a.csv, text: [0, 'b c'], limit: 7, seed: 2 }", "{ path: a.jsonl, split: \":90%\" }", "{ path: a, format: completion }");

    private string Exits()
    {
        var mode = Pick("simulate", "truncate", "adaptive", "adaptive_verified", "self_speculative");
        var keys = new List<string> { $"mode: {mode}", $"reader: {{ final_norm: {Pick("true", "true", "false")} }}", $"guard: {{ min_predicted_speedup: {Pick("0", "1.02")} }}" };
        if (mode == "truncate")
        {
            return string.Join(", ", [.. keys, "layers: 1"]);
        }

        var (isDecided, isVerified) = (mode != "self_speculative", mode is "adaptive_verified" or "self_speculative");
        keys.AddRange(Pick("", "layers: [1]", "layers: [50%, 1]", "layers: { every: 2 }", "layers: { from: 50%, always: [1] }") is { Length: > 0 } layers ? [layers] : []);
        keys.Add($"head: {{ policy: {Pick<string>(["full", "shortlist", .. isDecided ? ["lowrank"] : Array.Empty<string>()])}, rank: {_random.Next(1, 3)}, shortlist: {_random.Next(2, 6)}, confirm: {Pick("true", "false")} }}");
        if (!isVerified && Chance(0.2))
        {
            keys.Add("scope: prompt_last");
        }
        else if (Chance(0.6))
        {
            keys.Add($"kv: {{ policy: {(isVerified ? "deferred" : Pick("deferred", "propagate"))}, max_pending: {_random.Next(1, 6)}, min_confidence: {Pick("0", "0.3")} }}");
        }

        if (isDecided)
        {
            var features = ((WordType)((ListType<string>)ExitKeys.Features.Type).ItemType).Choices.ToArray();
            _random.Shuffle(features);
            keys.Add($"features: [{string.Join(", ", features.Take(_random.Next(1, features.Length)))}]");
            keys.Add($"classifier: {{ kind: {Pick("threshold", "patience", "logistic", "svm_linear", "svm_rbf", "crf")}, per_layer: {Pick("true", "false")}, label: {Pick("agrees", "stable")} }}");
            keys.Add("calibrate: { dataset: text.txt, num_prompts: 3, prompt_tokens: 4, max_new_tokens: 4 }");
        }

        return string.Join(", ", keys);
    }

    private string Optimization() =>
        $"learning_rate: {Pick("1e-3", "0.5")}, lr_scheduler: {Pick("linear", "cosine", "constant")}, {Pick("warmup_steps: 2", "warmup_steps: 0", "warmup_ratio: 0.1")}, micro_batch_size: {_random.Next(1, 5)}, "
        + $"{Pick("num_epochs: 0.5", "max_steps: 5", "num_epochs: 2, max_steps: 4")}, weight_decay: {Pick("0.1", "0")}, max_grad_norm: {Pick("1", "0.3")}, seed: {_random.Next(9)}";

    private void WriteList(string key, int count, Func<string> item)
    {
        if (count > 0)
        {
            _text.Append(CultureInfo.InvariantCulture, $"{key}:\n{string.Concat(Enumerable.Range(0, count).Select(_ => $"  - {{ {item()} }}\n"))}");
        }
    }

    // Dotted keys are written as nested mappings.
    private void WriteKeys(IEnumerable<(string Key, string Value)> keys, string indent)
    {
        foreach (var group in keys.GroupBy(key => key.Key.Split('.')[0]))
        {
            _text.Append(indent).Append(group.Key).Append(':');
            if (group.First().Key == group.Key)
            {
                _text.Append(' ').Append(group.First().Value).Append('\n');
            }
            else
            {
                _text.Append('\n');
                WriteKeys(group.Select(key => (key.Key[(group.Key.Length + 1)..], key.Value)), indent + "  ");
            }
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
