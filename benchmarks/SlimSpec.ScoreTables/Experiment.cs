using TorchSharp;

namespace SlimSpec.ScoreTables;

/// <summary>One checkpoint and one text: the perplexity after a cut and before any recovery.</summary>
internal sealed class Experiment(string checkpoint, string text) : IDisposable
{
    private readonly HuggingFaceFolder _folder = HuggingFaceFolder.Open(checkpoint);
    private readonly CalibrationSettings _calibration = Stories3MScores.Instance.Settings.Calibration!;
    private readonly PerplexityEvaluation _evaluation = Stories3MScores.Instance.Settings.Evaluate!.Perplexity[0];
    private TokenDataset? _forCalibration;
    private TokenDataset? _heldOut;

    /// <summary>Perplexity of the whole model.</summary>
    public double Dense()
    {
        using var model = Load();
        return Measure(model);
    }

    /// <summary>Perplexity after a cut and the fraction of all parameters that it took.</summary>
    /// <param name="cut">The cut.</param>
    /// <param name="seed">Seed of the calibration samples and of random scores.</param>
    public (double Perplexity, double Removed) After(PruneCut cut, int seed)
    {
        var model = Load();
        var parameters = model.Shape.Parameters;
        using var samples = Samples(seed);
        var result = PruningRun.Run(new CutRecipe(Stories3MScores.Instance, cut with { Seed = seed }), model, samples, "", seed);
        using var slim = result.Model;
        return (Measure(slim), 1 - ((double)slim.Shape.Parameters / parameters));
    }

    public void Dispose() => _folder.Dispose();

    private CausalLM Load()
    {
        var recipe = Stories3MScores.Instance;
        var model = recipe.CreateModel(_folder.ReadShape(recipe), torch.ScalarType.Float32, torch.CPU);
        _folder.LoadInto(model);
        return model;
    }

    private torch.Tensor Samples(int seed)
    {
        _forCalibration ??= Read(_calibration.Dataset);
        var rows = _forCalibration.SampleWindows(_calibration.NumSamples, _calibration.MaxSeqLength, seed);
        return torch.tensor([.. rows.SelectMany(row => row).Select(id => (long)id)], [rows.Length, rows[0].Length]);
    }

    private double Measure(CausalLM model)
    {
        _heldOut ??= Read(_evaluation.Dataset);
        return Perplexity.Measure(model, _heldOut.Ids, _evaluation.Window, _heldOut.Name).Perplexity;
    }

    private TokenDataset Read(DatasetReference part) => TokenDataset.Load(part with { Path = text }, _folder.LoadTokenizer(), Stories3MScores.Instance.Dense.VocabularySize);
}
