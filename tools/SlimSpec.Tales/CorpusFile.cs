using System.Text;
using System.Text.Json;

namespace SlimSpec.Tales;

/// <summary>Writes stories to a file, whole or not at all.</summary>
public static class CorpusFile
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A story as text, parted from the one before by a blank line.</summary>
    public static string Text(Story story, bool first) => $"{(first ? "" : "\n")}{story.Text}\n";

    /// <summary>
    /// A line for each question: <c>story</c> is all that stands before the question in the corpus, so a model that reads
    /// <c>story</c>, a newline and <c>question</c> should go on with a space and <c>answer</c>; <c>key</c> is what must be right in it.
    /// </summary>
    public static string QuestionLines(Story story, bool first)
    {
        var lines = new StringBuilder();
        var before = story.Body;
        foreach (var question in story.Questions)
        {
            lines.Append(JsonSerializer.Serialize(new { story = before, question = question.Text, answer = question.Answer, key = question.Key, asks = question.Asks.ToString() }, Plain)).Append('\n');
            before += $"\n{question.Text} {question.Answer}";
        }

        return lines.ToString();
    }

    /// <summary>Writes stories until the file has the wanted size; never breaks a story off.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static (int Stories, int Questions, long Bytes) Write(string path, IEnumerable<Story> stories, long bytes, Func<Story, bool, string> format)
    {
        var temporary = path + ".partial";
        var (count, questions, length) = (0, 0, 0L);
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create))
            {
                foreach (var story in stories)
                {
                    var text = Encoding.ASCII.GetBytes(format(story, count == 0));
                    if (length + text.Length > bytes)
                    {
                        break;
                    }

                    file.Write(text);
                    (count, questions, length) = (count + 1, questions + story.Questions.Count, length + text.Length);
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return (count, questions, length);
    }
}
