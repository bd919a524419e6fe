namespace SlimSpec;

/// <summary>
/// The prompts of a classification: the demonstrations, each the template with its text and, behind a space, its label word, a line feed after each; then
/// the template with the text to classify. Where they are too long, texts lose their end, never the template: each demonstration may take its share of
/// the tokens, <c>max_seq_length / (demonstrations + 1)</c>, and the last text what is left.
/// </summary>
internal sealed class TaskPrompt
{
    private const string Placeholder = "{text}";

    private readonly ClassificationTask _task;
    private readonly Tokenizer _tokenizer;
    private readonly string _demonstrations;
    private readonly int _length;

    /// <summary>Prepares the demonstrations.</summary>
    /// <param name="task">The classification.</param>
    /// <param name="demonstrations">Solved examples, in order.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="length">Tokens a prompt at most.</param>
    /// <param name="counts">Counts texts that were cut.</param>
    /// <exception cref="SlimException">There is no room for the demonstrations.</exception>
    public TaskPrompt(ClassificationTask task, IReadOnlyList<LabelledRow> demonstrations, Tokenizer tokenizer, int length, DataCounts counts)
    {
        (_task, _tokenizer, _length) = (task, tokenizer, length);
        string[] words = [.. task.LabelWords.Values];
        _demonstrations = string.Concat(demonstrations.Select(row => Solved(row.Text, words[row.Class], length / (demonstrations.Count + 1), counts) + "\n"));
    }

    /// <summary>The tokens of a prompt.</summary>
    /// <param name="text">The text to classify.</param>
    /// <param name="counts">Counts the text where it is cut.</param>
    public int[] Encode(string text, DataCounts counts) => Fit(text, part => _demonstrations + Fill(part), _length, _tokenizer.AddsBos, counts).Ids;

    /// <summary>The first token of each class's label word, behind a space and in its place after the template.</summary>
    /// <exception cref="SlimException">Two words begin with the same token, or the template's end and a word run together.</exception>
    public static int[] LabelTokens(ClassificationTask task, Tokenizer tokenizer)
    {
        var prompt = Fill(task, "text");
        var before = tokenizer.Encode(prompt, tokenizer.AddsBos);
        string[] words = [.. task.LabelWords.Values];
        var tokens = new int[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            var ids = tokenizer.Encode($"{prompt} {words[i]}", tokenizer.AddsBos);
            tokens[i] = ids.Length > before.Length && ids.AsSpan().StartsWith(before)
                ? ids[before.Length]
                : throw new SlimException($"tasks: {task.Name}: the end of the template and the label word '{words[i]}' run together into one token; end the template with a letter or a sign, not with a space");
            var same = Array.IndexOf(tokens, tokens[i], 0, i);
            if (same >= 0)
            {
                throw new SlimException($"tasks: {task.Name}: the label words '{words[same]}' and '{words[i]}' begin with the same token ('{tokenizer.Piece(tokens[i])}') of this model's tokenizer, so its next token cannot tell them apart; take other words, or the objective p_cls");
            }
        }

        return tokens;
    }

    private static string Fill(ClassificationTask task, string text) => task.Template.Replace(Placeholder, text, StringComparison.Ordinal);

    private string Fill(string text) => Fill(_task, text);

    private string Solved(string text, string word, int budget, DataCounts counts)
    {
        return Render(Fit(text, Render, budget, addBos: false, counts).Text);

        string Render(string part) => $"{Fill(part)} {word}";
    }

    // The longest beginning of a text with which what is rendered keeps within a number of tokens.
    private (string Text, int[] Ids) Fit(string text, Func<string, string> render, int budget, bool addBos, DataCounts counts)
    {
        var ids = _tokenizer.Encode(render(text), addBos);
        if (ids.Length <= budget)
        {
            return (text, ids);
        }

        (string Text, int[] Ids)? best = null;
        for (var (least, most) = (1, text.Length - 1); least <= most;)
        {
            var middle = (least + most) / 2;
            var part = text[..(char.IsHighSurrogate(text[middle - 1]) ? middle - 1 : middle)].TrimEnd();
            ids = _tokenizer.Encode(render(part), addBos);
            (least, most) = ids.Length <= budget ? (middle + 1, most) : (least, middle - 1);
            best = ids.Length <= budget ? (part, ids) : best;
        }

        counts.Truncated++;
        return best ?? throw new SlimException($"max_seq_length: {_length} tokens have no room for a prompt of the task '{_task.Name}' with {_task.Demonstrations} demonstrations of each class; raise it, or take fewer demonstrations");
    }
}
