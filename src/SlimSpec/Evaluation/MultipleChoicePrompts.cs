using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>Puts the rows of a task into words, as lm-evaluation-harness does.</summary>
internal sealed class MultipleChoicePrompts
{
    private readonly MultipleChoiceTask _task;
    private readonly (string Key, Template Template) _text;
    private readonly (string Key, Template Template) _choice;
    private readonly (string Key, Template Template) _target;

    private MultipleChoicePrompts(MultipleChoiceTask task)
    {
        _task = task;
        _text = Parse("doc_to_text", task.DocToText);
        _choice = Parse("doc_to_choice", task.DocToChoice);
        _target = Parse("doc_to_target", task.DocToTarget);
    }

    /// <summary>The rows of a task, as many as it asks for.</summary>
    /// <param name="task">The task, its paths as they can be opened from here.</param>
    /// <exception cref="SlimException">A file cannot be read, a template has no value for a row, or there are too few solved examples.</exception>
    public static IReadOnlyList<MultipleChoiceItem> Render(MultipleChoiceTask task)
    {
        if (task.Limit is < 1 || task.NumFewshot < 0)
        {
            throw new SlimException(task.NumFewshot < 0 ? $"num_fewshot: {task.NumFewshot} examples cannot be shown" : $"limit: {task.Limit} rows cannot be answered; leave it out to answer them all.");
        }

        var prompts = new MultipleChoicePrompts(task);
        var rows = DocumentRows.Read(task.Dataset);
        var asked = rows.Take(task.Limit ?? rows.Count).Select(row => prompts.Question(task.Dataset.Path, row)).ToList();
        var solved = task.NumFewshot == 0 ? []
            : task.Fewshot is { } fewshot ? DocumentRows.Read(fewshot).Select(row => prompts.Question(fewshot.Path, row)).ToList()
            : [.. asked, .. rows.Skip(asked.Count).Select(row => prompts.Question(task.Dataset.Path, row))];
        return [.. asked.Select((question, doc) => prompts.Item(doc, question, solved))];
    }

    private MultipleChoiceItem Item(int doc, Question question, List<Question> solved)
    {
        var start = _task.Description + string.Concat(Examples(doc, question, solved).Select(example => example + _task.FewshotDelimiter));
        return new(doc, [.. question.Choices.Select(choice => choice with { Context = start + choice.Context })], question.Gold);
    }

    // Drawn anew for each row, so that a row's prompt does not depend on which others are asked. The row itself is not shown, nor one that reads alike.
    private IEnumerable<string> Examples(int doc, Question question, List<Question> solved)
    {
        if (_task.NumFewshot == 0)
        {
            return [];
        }

        var others = solved.Select(other => other.Solved).Where(text => text != question.Solved).ToArray();
        if (others.Length < _task.NumFewshot)
        {
            throw new SlimException($"{(_task.Fewshot ?? _task.Dataset).Path}: num_fewshot asks for {_task.NumFewshot} solved examples, and there are {others.Length} besides the row that is asked");
        }

        new SeededRandom(_task.Seed, doc + 1).Shuffle<string>(others);
        return others[.._task.NumFewshot];
    }

    private Question Question(string path, DocumentRow row)
    {
        var values = new TemplateEvaluator(row.Fields);
        var text = Value(path, row, values, _text);
        string[] choices = Value(path, row, values, _choice) is IReadOnlyList<object?> { Count: > 1 } list
            ? [.. list.Select(TemplateValues.Text)]
            : throw Fault(path, row, _choice.Key, "it must give a list of two choices or more");
        var target = Value(path, row, values, _target);
        if (text is not long number)
        {
            var context = TemplateValues.Text(text);
            return new([.. choices.Select(choice => Choice(context, choice))], Place(path, row, _target.Key, Gold(target, choices), choices.Length));
        }

        var continuation = TemplateValues.Text(target);
        return new([.. choices.Select(choice => Choice(choice, continuation))], Place(path, row, _text.Key, number, choices.Length));
    }

    private ScoredChoice Choice(string context, string continuation) => new(context, _task.TargetDelimiter + continuation, TemplateValues.Length(continuation));

    // A number, as digits too, or the choice's text.
    private static object Gold(object? target, string[] choices) => target switch
    {
        long place => place,
        string digits when digits.Length > 0 && digits.All(char.IsAsciiDigit) && long.TryParse(digits, out var place) => place,
        _ => Array.IndexOf(choices, TemplateValues.Text(target)) is >= 0 and var place ? (long)place : TemplateValues.Describe(target),
    };

    private static int Place(string path, DocumentRow row, string key, object gold, int choices) => gold switch
    {
        long place when place >= 0 && place < choices => (int)place,
        long place => throw Fault(path, row, key, $"it gives {place}, but the {choices} choices are 0 to {choices - 1}"),
        _ => throw Fault(path, row, key, $"it gives {gold}, which is neither a choice's number nor the text of one"),
    };

    private static object? Value(string path, DocumentRow row, TemplateEvaluator values, (string Key, Template Template) template)
    {
        try
        {
            return values.Value(template.Template);
        }
        catch (TemplateException failure)
        {
            throw Fault(path, row, template.Key, $"{failure.Placed}{Hint(failure)}");
        }
    }

    private (string Key, Template Template) Parse(string key, string source)
    {
        try
        {
            return (key, Template.ParseField(source));
        }
        catch (TemplateException failure)
        {
            throw new SlimException($"task '{_task.Task}': {key}: {failure.Placed}{Hint(failure)}", failure);
        }
    }

    private static string Hint(TemplateException failure) => failure.Word is { } word
        ? NearestName.Find(word, failure.Known) is { } near ? $"; did you mean '{near}'?" : $"; there are {string.Join(", ", failure.Known)}"
        : "";

    private static SlimException Fault(string path, DocumentRow row, string key, string reason) => new($"{path}({row.Line}): {key}: {reason}");
}

/// <summary>A row as its templates say it, without examples.</summary>
/// <param name="Choices">The choices.</param>
/// <param name="Gold">The right one.</param>
internal sealed record Question(IReadOnlyList<ScoredChoice> Choices, int Gold)
{
    /// <summary>The row with its answer.</summary>
    public string Solved => Choices[Gold].Context + Choices[Gold].Continuation;
}
