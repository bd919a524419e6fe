using System.Diagnostics;
using System.Text.Json;
using TorchSharp;

namespace SlimSpec.Benchmarks;

/// <summary>Runs one command after another on the generated models of <c>llama-110m.slim.yaml</c> and <c>llama-110m-lora.slim.yaml</c>.</summary>
internal sealed class Worker
{
    private static readonly Llama110M Recipe = Llama110M.Instance;
    private CausalLM? _model;
    private LoraTuner? _adapters;

    private CausalLM Model => _model ?? throw new InvalidOperationException("No model is loaded.");

    /// <summary>Carries out one command.</summary>
    public object Answer(JsonElement command)
    {
        var arguments = new Arguments(command);
        return arguments.Text("command") switch
        {
            "hello" => Hello(),
            "load" => Load(arguments.Text("checkpoint")),
            "logits" => Logits(arguments.Ids("ids")),
            "prefill" => Prefill(arguments.Ids("ids"), arguments.Number("repeats")),
            "decode" => Decode(arguments.Ids("ids"), arguments.Number("tokens")),
            "calibrate" => Calibrate(arguments.Rows("samples")),
            "prune" => Prune(arguments.Text("checkpoint"), arguments.Rows("samples"), arguments.Text("output")),
            "adapt" => Adapt(arguments.Text("checkpoint"), arguments.Text("adapter")),
            "train" => Train(arguments.Sequences("ids"), arguments.Number("steps"), arguments.Real("rate")),
            var other => throw new ArgumentException($"There is no command '{other}'."),
        };
    }

    // What computes, and proof of which BLAS the process has mapped.
    private static object Hello()
    {
        torch.ones(64, 64).mm(torch.ones(64, 64)).Dispose();
        return new
        {
            engine = $"SlimSpec, .NET {Environment.Version}",
            pid = Environment.ProcessId,
            threads = torch.get_num_threads(),
            blas = File.ReadLines("/proc/self/maps")
                .Where(line => line.Contains("blas", StringComparison.Ordinal) || line.Contains("blis", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[^1])
                .Distinct()
                .Order(StringComparer.Ordinal),
        };
    }

    private object Load(string checkpoint)
    {
        _model?.Dispose();
        _model = Read(Recipe, checkpoint);
        return new { parameters = _model.Shape.Parameters };
    }

    // Logits of the last position by the full forward, and by prefill and cached decode of the last token.
    private object Logits(torch.Tensor ids)
    {
        using var inference = torch.inference_mode();
        var full = Model.forward(ids)[0, -1];
        using var cache = Model.CreateCache();
        Model.Prefill(ids.narrow(1, 0, ids.size(1) - 1), cache);
        var decoded = Model.Decode(ids[0, ^1..], cache);
        return new { full = full.data<float>().ToArray(), decoded = decoded.data<float>().ToArray() };
    }

    // Seconds from a prompt to the logits of its next token, the cache filled.
    private object Prefill(torch.Tensor ids, int repeats)
    {
        using var inference = torch.inference_mode();
        using var cache = Model.CreateCache(capacity: ids.size(1));
        var seconds = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            cache.Truncate(0);
            seconds[i] = Seconds(() => Model.Prefill(ids, cache).Dispose());
        }

        return new { seconds };
    }

    // Seconds of each greedily decoded token behind a prompt, and the tokens.
    private object Decode(torch.Tensor ids, int tokens)
    {
        using var inference = torch.inference_mode();
        using var cache = Model.CreateCache(capacity: ids.size(1) + tokens);
        var logits = Model.Prefill(ids, cache)[0];
        var (seconds, decoded) = (new double[tokens], new long[tokens]);
        for (var i = 0; i < tokens; i++)
        {
            seconds[i] = Seconds(() =>
            {
                using var scope = torch.NewDisposeScope();
                var token = logits.argmax(-1, keepdim: true);
                decoded[i] = token.item<long>();
                logits = Model.Decode(token, cache).MoveToOuterDisposeScope();
            });
        }

        return new { seconds, tokens = decoded };
    }

    // Seconds of forward, backward and group scores over all samples; the scores.
    private object Calibrate(torch.Tensor samples)
    {
        var cut = (WidthCut)Recipe.Settings.Prune[0];
        var scores = new Dictionary<string, float[]>();
        var loss = 0.0;
        var seconds = Seconds(() =>
        {
            var members = Recipe.Pruner.Structures.SelectMany(structure => structure.Members).Select(member => member.Weight).ToHashSet();
            var request = new GradientRequest(
                cut.Layers.ToHashSet(), name => members.Any(name.EndsWith), TaylorScores.Needs(cut.Order));
            loss = LayerwiseBackward.Run(Model, samples, request, (layer, gradients) =>
            {
                foreach (var unit in cut.Targets)
                {
                    var score = Recipe.Pruner.Score(Model.Layers[layer], unit, new TaylorScores(cut.Order, cut.Reduce, gradients));
                    scores[$"{layer}.{unit}"] = score.data<float>().ToArray();
                }
            });
        });
        return new { seconds = new[] { seconds }, loss, scores };
    }

    // Seconds of the whole job, from the checkpoint on disk to the slim one; what was kept.
    private static object Prune(string checkpoint, torch.Tensor samples, string output)
    {
        PruningPlan? plan = null;
        var seconds = Seconds(() =>
        {
            using var folder = HuggingFaceFolder.Open(checkpoint);
            var pruned = PruningRun.Run(Recipe, Read(Recipe, checkpoint), samples, CheckpointFingerprint.Of(checkpoint), seed: 0);
            HuggingFaceFolder.Save(pruned.Model, Recipe, folder, output, overwrite: true);
            plan = pruned.Plan;
        });
        return new { seconds = new[] { seconds }, kept = plan!.Groups.ToDictionary(group => $"{group.Layer}.{group.Unit}", group => group.Kept) };
    }

    // The pruned model of a folder with the adapters of another.
    private object Adapt(string checkpoint, string adapter)
    {
        _model = Read(Llama110MLora.Instance, checkpoint);
        _adapters = LoraTuner.Load(_model, adapter);
        return new { trained = _adapters.TrainableParameters };
    }

    // Seconds of each of some optimizer steps on a batch, and the losses.
    private object Train(int[][] batch, int steps, double rate)
    {
        var settings = new TrainingSettings
        {
            Dataset = new("batch"),
            LearningRate = rate,
            LrScheduler = LearningRateSchedule.Constant,
            MaxSteps = steps,
            MicroBatchSize = batch.Length,
        };
        var (seconds, losses) = (new List<double>(), new List<double>());
        var start = Stopwatch.GetTimestamp();
        _adapters!.Train(settings, batch, new()
        {
            OnStep = metric =>
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                losses.Add(metric.Loss);
                start = Stopwatch.GetTimestamp();
            },
        });
        return new { seconds, losses };
    }

    private static CausalLM Read(Recipe recipe, string checkpoint)
    {
        using var folder = HuggingFaceFolder.Open(checkpoint);
        folder.Check(recipe);
        var model = recipe.CreateModel(folder.ReadShape(recipe), torch.ScalarType.Float32, torch.CPU);
        folder.LoadInto(model);
        return model;
    }

    private static double Seconds(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
