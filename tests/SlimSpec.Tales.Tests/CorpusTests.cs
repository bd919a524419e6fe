using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace SlimSpec.Tales.Tests;

public sealed partial class CorpusTests
{
    private static readonly List<Story> Training = [.. Corpus.Stories(seed: 1, heldOut: false).Take(2000)];

    [Fact]
    public void The_same_seed_gives_the_same_text_on_every_machine()
    {
        var text = string.Join("\n\n", Training.Take(200).Select(story => story.Text));
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text))).ShouldBe("b00cab7ac31f9ec7f974f3a5b9a50307405f7666e97a8f590d8c0960da7e07ef");
    }

    [Fact]
    public void Different_seeds_give_different_stories()
    {
        var others = Corpus.Stories(seed: 2, heldOut: false).Take(1000).Select(story => story.Body);
        Training.Select(story => story.Body).Intersect(others).ShouldBeEmpty();
    }

    [Fact]
    public void No_story_comes_twice() =>
        Training.Select(story => story.Body).Distinct().Count().ShouldBe(Training.Count);

    [Fact]
    public void A_story_is_for_training_or_held_out_and_never_both()
    {
        Training.Any(story => Corpus.IsHeldOut(story.Body)).ShouldBeFalse();
        var heldOut = Corpus.Stories(seed: 1, heldOut: true).Take(100).Select(story => story.Body).ToList();
        heldOut.All(Corpus.IsHeldOut).ShouldBeTrue();
        Training.Select(story => story.Body).Intersect(heldOut).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_happens_that_the_state_of_the_world_forbids()
    {
        foreach (var story in Training)
        {
            string.Join('\n', new Replay(story.History).Contradictions).ShouldBeEmpty(story.Text);
        }
    }

    [Fact]
    public void Every_answer_follows_from_what_happened()
    {
        foreach (var story in Training)
        {
            var replay = new Replay(story.History);
            foreach (var question in story.Questions)
            {
                question.Key.ShouldBe(replay.Answer(question), $"{story.Text}\n\n{question}");
                question.Answer.ShouldContain(question.Key);
            }
        }
    }

    [Fact]
    public void Every_answer_was_told()
    {
        foreach (var story in Training)
        {
            foreach (var question in story.Questions)
            {
                story.Body.ShouldContain(question.Key, Case.Insensitive, question.Text);
            }
        }
    }

    [Fact]
    public void Every_kind_of_question_is_asked() =>
        Training.SelectMany(story => story.Questions).Select(question => question.Asks).Distinct().Count().ShouldBeGreaterThanOrEqualTo(16);

    [Fact]
    public void About_half_of_the_stories_ask_something() =>
        (Training.Count(story => story.Questions.Count > 0) / (double)Training.Count).ShouldBeInRange(0.45, 0.55);

    [Fact]
    public void Stories_are_plain_ascii_of_bounded_length_without_blank_lines()
    {
        foreach (var story in Training)
        {
            story.Text.All(c => c == '\n' || (c >= ' ' && c <= '~')).ShouldBeTrue(story.Text);
            story.Text.Split('\n').All(line => line.Length > 0 && line.Trim() == line).ShouldBeTrue(story.Text);
            Word().Count(story.Body).ShouldBeInRange(Corpus.Words.Least, Corpus.Words.Most + 10);
        }
    }

    [Fact]
    public void Sentences_are_well_formed()
    {
        foreach (var story in Training)
        {
            Mistake().Match(story.Text).Value.ShouldBeEmpty(story.Text);
            (story.Text.Count(c => c == '"') % 2).ShouldBe(0, story.Text);
        }
    }

    [Fact]
    public void The_vocabulary_is_small_and_rich()
    {
        var words = Training.SelectMany(story => Word().Matches(story.Text.ToLowerInvariant())).Select(match => match.Value.Replace("'s", "", StringComparison.Ordinal));
        words.Distinct().Count().ShouldBeInRange(600, 1300);
    }

    [Fact]
    public void Every_plot_has_its_share()
    {
        var plots = Training.CountBy(story => story.Plot).ToList();
        plots.Count.ShouldBe(18);
        plots.ShouldAllBe(plot => plot.Value > Training.Count / plots.Count / 2);
    }

    [GeneratedRegex("[A-Za-z'-]+")]
    private static partial Regex Word();

    // Lower case after a full stop, "a apple", "an key", doubled words, stray choices, "said she", a space before punctuation.
    [GeneratedRegex("""(?<!Mr|Mrs)[.] [a-z]|\b[Aa] [aeio]\w+|\b[Aa]n [^aeiouh ]\w*|\b(\w+) \1\b|[()|\[\]{}]|, (said|asked|cried) (he|she)\b|"[^"]*" (said|asked|cried) (he|she)\b| [,.!?]|  """)]
    private static partial Regex Mistake();
}
