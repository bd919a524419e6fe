namespace SlimSpec.Tales;

/// <summary>A told story.</summary>
/// <param name="Plot">The name of its plot.</param>
/// <param name="Body">The paragraphs, one a line, without questions.</param>
/// <param name="History">What happened in it.</param>
/// <param name="Questions">Up to two questions that the body answers.</param>
public sealed record Story(string Plot, string Body, IReadOnlyList<Happening> History, IReadOnlyList<Question> Questions)
{
    /// <summary>The story as it stands in a corpus: the body, and a line for each question with its answer.</summary>
    public string Text => string.Join('\n', [Body, .. Questions.Select(question => $"{question.Text} {question.Answer}")]);
}
