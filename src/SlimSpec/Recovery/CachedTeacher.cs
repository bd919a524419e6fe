using System.Text;

namespace SlimSpec;

/// <summary>
/// A teacher that runs once over the data before training: what its head reads at each place that is scored is kept on disk, exact
/// and in its dtype, for this training and later ones. Only its head stays in memory.
/// </summary>
internal sealed class CachedTeacher : Teacher
{
    private const string Rows = "rows";

    private readonly CausalLM _model;
    private readonly WeightLease _head;
    private readonly SafetensorsFile _file;
    private readonly long[] _firstRow;

    /// <summary>Runs the teacher over the data, if this was not done before.</summary>
    /// <param name="model">The teacher, which need not be in memory.</param>
    /// <param name="readout">How its answer is read.</param>
    /// <param name="head">Its classifier, if it has one.</param>
    /// <param name="examples">The data.</param>
    /// <param name="batch">Examples a forward pass.</param>
    /// <param name="cache">Where what it says is kept.</param>
    public CachedTeacher(CausalLM model, Readout readout, ClassificationHead? head, IReadOnlyList<TrainingExample> examples, int batch, TeacherCache cache)
        : base(model, readout, head)
    {
        _model = model;
        _firstRow = new long[examples.Count + 1];
        for (var example = 0; example < examples.Count; example++)
        {
            _firstRow[example + 1] = _firstRow[example] + TrainingBatch.Scores(examples[example]).Count();
        }

        var path = Path.Combine(cache.Folder, $"{Name(cache.Identity, examples, batch)}.safetensors");
        if (!File.Exists(path))
        {
            RemoveUnfinished(path);
            SafetensorsWriter.WriteParts(path, Rows, [_firstRow[^1], model.Shape.HiddenSize], model.Dtype, Run(examples, batch, cache.Progress));
        }

        _file = SafetensorsFile.Open(path);
        _head = model.UseHead();
    }

    /// <inheritdoc/>
    public override void Read(IReadOnlyList<TrainingBatch> batches)
    {
        foreach (var batch in batches)
        {
            var rows = torch.empty([batch.Scored, _model.Shape.HiddenSize], dtype: _model.Dtype, device: _model.Device);
            long row = 0;
            foreach (var example in batch.Examples)
            {
                var count = _firstRow[example + 1] - _firstRow[example];
                using var part = rows.narrow(0, row, count);
                _file.CopyRows(Rows, _firstRow[example], part);
                row += count;
            }

            batch.TeacherRows = rows;
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _head.Dispose();
        _file.Dispose();
        base.Dispose();
    }

    private static string Name(string identity, IReadOnlyList<TrainingExample> examples, int batch) => TrainingIdentity.Hash(stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(identity);
        writer.Write(batch); // the last bits follow from how many go together
        TrainingIdentity.Write(writer, examples);
    })[..32];

    private static void RemoveUnfinished(string path)
    {
        if (Path.GetDirectoryName(path) is { } folder && Directory.Exists(folder))
        {
            Array.ForEach(Directory.GetFiles(folder, $"{Path.GetFileName(path)}.*"), File.Delete);
        }
    }

    // What the head reads of each batch in turn, [scored, hidden]. Where layers are streamed, many batches go through one together.
    private IEnumerable<torch.Tensor> Run(IReadOnlyList<TrainingExample> examples, int batch, Action<ProgressUpdate>? progress)
    {
        var longest = examples.Max(example => example.Ids.Length);
        var together = batch * LayerSteps.BatchesTogether(_model, (long)batch * longest * _model.Shape.HiddenSize);
        var done = 0;
        foreach (var chunk in Enumerable.Range(0, examples.Count).Chunk(together))
        {
            using var scope = torch.NewDisposeScope();
            TrainingBatch[] batches = [.. chunk.Chunk(batch).Select(numbers => TrainingBatch.Of(examples, numbers, _model.Device))];
            base.Read(batches);
            foreach (var rows in batches.Select(each => each.TeacherRows!))
            {
                yield return rows;
            }

            done += chunk.Length;
            progress?.Invoke(new("teacher", done, examples.Count));
        }
    }
}

/// <summary>Where a teacher's words are kept.</summary>
/// <param name="Folder">The folder; made when first written to.</param>
/// <param name="Identity">What tells the teacher from others, in words.</param>
/// <param name="Progress">Told how far it has come.</param>
internal sealed record TeacherCache(string Folder, string Identity, Action<ProgressUpdate>? Progress);
