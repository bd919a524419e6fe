using System.Text.Json;

namespace SlimSpec.Tales.Tests;

public sealed class CorpusFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tales").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Stories_are_parted_by_one_blank_line_and_none_is_broken_off()
    {
        var path = Path.Combine(_folder, "tales.txt");
        var (stories, _, bytes) = CorpusFile.Write(path, Corpus.Stories(seed: 5, heldOut: false), 50_000, CorpusFile.Text);
        var text = File.ReadAllText(path);
        text.Length.ShouldBe((int)bytes);
        bytes.ShouldBeInRange(48_000, 50_000);
        text.TrimEnd('\n').Split("\n\n").ShouldBe(Corpus.Stories(seed: 5, heldOut: false).Take(stories).Select(story => story.Text));
        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    [Fact]
    public void The_committed_text_is_what_its_command_writes()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "SlimSpec.sln")))
        {
            root = root.Parent!;
        }

        var path = Path.Combine(_folder, "tales.txt");
        CorpusFile.Write(path, Corpus.Stories(seed: 2026, heldOut: true), 200_000, CorpusFile.Text);
        File.ReadAllText(path).ShouldBe(File.ReadAllText(Path.Combine(root.FullName, "data", "tales.txt")));
    }

    [Fact]
    public void A_question_line_holds_what_stands_before_the_question_in_the_corpus()
    {
        var story = Corpus.Stories(seed: 5, heldOut: false).First(story => story.Questions.Count == 2);
        var lines = CorpusFile.QuestionLines(story, first: true).TrimEnd('\n').Split('\n');
        foreach (var line in lines.Select(line => JsonDocument.Parse(line).RootElement))
        {
            story.Text.ShouldContain($"{line.GetProperty("story")}\n{line.GetProperty("question")} {line.GetProperty("answer")}");
            line.GetProperty("answer").GetString()!.ShouldContain(line.GetProperty("key").GetString()!);
        }

        lines.Length.ShouldBe(2);
    }

    [Fact]
    public void A_file_that_cannot_be_written_leaves_nothing_behind()
    {
        Should.Throw<IOException>(() => CorpusFile.Write(Path.Combine(_folder, "missing", "tales.txt"), Corpus.Stories(1, false), 1000, CorpusFile.Text));
        Directory.GetFileSystemEntries(_folder).ShouldBeEmpty();
    }
}
