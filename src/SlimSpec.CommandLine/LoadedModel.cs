namespace SlimSpec.CommandLine;

/// <summary>The checkpoint of a job: model, in memory or streamed, and tokenizer.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly Lazy<Tokenizer> _tokenizer;
    private readonly bool _temporary;

    private LoadedModel(HuggingFaceFolder folder, CausalLM model, torch.ScalarType storedDtype, bool temporary)
    {
        Folder = folder;
        Model = model;
        StoredDtype = storedDtype;
        _temporary = temporary;
        _tokenizer = new(folder.LoadTokenizer);
    }

    /// <summary>Where it came from.</summary>
    public HuggingFaceFolder Folder { get; }

    /// <summary>The folder of its weights; null where they are new.</summary>
    public string? StartsFrom => _temporary ? null : Folder.Path;

    /// <summary>The model; whoever cuts it puts the slim one in its place.</summary>
    public CausalLM Model { get; set; }

    /// <summary>Its classifier; null where it has none.</summary>
    public ClassificationHead? Head { get; set; }

    /// <summary>Parameters of the model and its classifier; a tied head counts once.</summary>
    public long Parameters => Model.Shape.Parameters + (Head?.Weight.numel() ?? 0);

    /// <summary>Which of the folder's layers the model's are; null: all of them.</summary>
    public IReadOnlyList<int>? KeptLayers { get; set; }

    /// <summary>What its weights are stored as, on disk.</summary>
    public torch.ScalarType StoredDtype { get; }

    /// <summary>The tokenizer, read when first needed.</summary>
    public Tokenizer Tokenizer => _tokenizer.Value;

    /// <summary>Reads the weights of a job's checkpoint, or gets ready to.</summary>
    /// <param name="job">The job.</param>
    /// <param name="trains">Whether the model will be trained, for which it has to be in memory.</param>
    public static LoadedModel Open(Job job, bool trains = false) => Open(job, job.CheckpointFolder, trains);

    /// <summary>The same of another folder.</summary>
    public static LoadedModel Open(Job job, string path, bool trains = false)
    {
        var folder = HuggingFaceFolder.Open(path);
        CausalLM? model = null;
        try
        {
            var shape = folder.ReadShape(job.Recipe);
            if (Streaming.IsDue(job, shape, trains))
            {
                model = folder.OpenStream(job.Recipe, job.Dtype, job.Device);
            }
            else
            {
                model = job.Recipe.CreateModel(shape, job.Dtype, job.Device);
                folder.LoadInto(model);
            }

            return new(folder, model, folder.StoredDtype, temporary: false) { Head = folder.LoadHead(model) };
        }
        catch
        {
            model?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A model that is in memory already.</summary>
    /// <param name="folder">Its configuration and tokenizer.</param>
    /// <param name="model">The model.</param>
    /// <param name="storedDtype">What its weights shall be stored as.</param>
    /// <param name="temporary">Whether the folder goes with it.</param>
    public static LoadedModel Of(HuggingFaceFolder folder, CausalLM model, torch.ScalarType storedDtype, bool temporary) => new(folder, model, storedDtype, temporary);

    /// <summary>Rounds trained weights to what will be stored, so that what is measured now is what a reader of the file gets.</summary>
    public void RoundToStored()
    {
        if (StoredDtype == Model.Dtype)
        {
            return;
        }

        using var noGradients = torch.no_grad();
        foreach (var weight in Model.Weights)
        {
            using var rounded = weight.Value.to(StoredDtype);
            weight.Value.copy_(rounded);
        }
    }

    /// <summary>The tokenizer, or null where the folder has none: ids alone can do without.</summary>
    public Tokenizer? TryTokenizer()
    {
        try
        {
            return Tokenizer;
        }
        catch (SlimException)
        {
            return null;
        }
    }

    /// <summary>Reads a dataset of a job as text and says what was left out; ready ids need no tokenizer.</summary>
    public TokenDataset Read(Job job, DatasetReference dataset)
    {
        var found = job.FindShown(dataset);
        var data = TokenDataset.Load(found, Tokens(found), Model.Shape.VocabularySize);
        job.Say(data.Notes);
        return data;
    }

    /// <summary>What tokenizes a dataset; may be null for ready ids.</summary>
    public Tokenizer? Tokens(DatasetReference dataset) => RunSettings.IsReady(dataset.Path) ? TryTokenizer() : Tokenizer;

    /// <summary>A prompt's token ids, with BOS in front where the model is used to it.</summary>
    public int[] Prompt(string text) => Tokenizer.Encode(text, addBos: Tokenizer.AddsBos);

    /// <inheritdoc/>
    public void Dispose()
    {
        Head?.Dispose();
        Model.Dispose();
        Folder.Dispose();
        if (_temporary)
        {
            Directory.Delete(Folder.Path, recursive: true);
        }
    }
}
