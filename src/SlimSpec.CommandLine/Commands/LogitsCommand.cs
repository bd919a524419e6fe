using System.CommandLine;
using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary><c>slim logits</c>: what the model makes of some token ids, to compare with other runtimes.</summary>
internal static class LogitsCommand
{
    private const int Shown = 5;

    public static Command Create()
    {
        var options = new CommonOptions();
        var ids = new Option<string?>("--ids") { HelpName = "1,2,3", Description = "Token ids, separated by commas" };
        var prompt = new Option<string?>("--prompt") { HelpName = "TEXT", Description = "A text in place of ids; the model's BOS comes first" };
        var command = new Command("logits", "The model's logits at each position of some token ids")
        {
            options.Spec, ids, prompt, options.Checkpoint, options.Device, options.Dtype, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            using var model = LoadedModel.Open(job);
            var input = Ids(parsed.GetValue(ids), parsed.GetValue(prompt), model);
            var logits = Rows(model.Model, input);
            return job.Print(new { Logits = logits }, output => Write(output, model, input, logits), compact: true);
        });
        return command;
    }

    private static int[] Ids(string? ids, string? prompt, LoadedModel model)
    {
        if ((ids is null) == (prompt is null))
        {
            throw new SlimException("say what to feed: either --ids 1,2,3 or --prompt TEXT");
        }

        return ids is null ? model.Prompt(prompt!) : Parse(ids, model.Model.Shape.VocabularySize);
    }

    private static int[] Parse(string ids, int vocabularySize) =>
        [.. ids.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < vocabularySize
                ? id
                : throw new SlimException($"--ids: '{word}' is no token id; the model knows 0 to {vocabularySize - 1}"))];

    // One row a position, in the model's own precision.
    private static double[][] Rows(CausalLM model, int[] ids)
    {
        if (ids.Length == 0)
        {
            throw new SlimException("--ids: there are no ids");
        }

        if (ids.Length > model.Shape.MaxPositions)
        {
            throw new SlimException($"--ids: {ids.Length} ids are more than the model's {model.Shape.MaxPositions} positions");
        }

        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var input = torch.tensor(ids.Select(id => (long)id).ToArray(), [1, ids.Length], device: model.Device);
        var flat = model.forward(input).to(torch.ScalarType.Float64).cpu().data<double>().ToArray();
        return [.. flat.Chunk(flat.Length / ids.Length)];
    }

    private static void Write(TextWriter output, LoadedModel model, int[] ids, double[][] logits)
    {
        var tokenizer = model.TryTokenizer();
        var table = new TextTable(">position", ">id", "token", $"the {Shown} most likely next tokens, by logit");
        for (var i = 0; i < ids.Length; i++)
        {
            var best = Enumerable.Range(0, logits[i].Length).OrderByDescending(id => logits[i][id]).Take(Shown);
            table.Add(i, ids[i].ToString(CultureInfo.InvariantCulture), Piece(ids[i]), string.Join("  ", best.Select(id => $"{Piece(id)} {Numbers.Short(logits[i][id])}")));
        }

        table.Write(output);
        string Piece(int id) => tokenizer?.Piece(id) is { } piece ? piece.Replace("\n", "\\n", StringComparison.Ordinal) : $"#{id}";
    }
}
