namespace SlimSpec.Tests.Data;

public class TextOverlapTests
{
    private static readonly string[] Words = [.. Enumerable.Range(0, 200).Select(number => $"w{number}")];

    [Fact]
    public void A_text_overlaps_itself_whole_whatever_its_letter_case_and_punctuation() =>
        TextOverlap.Share(Text(0, 60), [string.Join(", ", Words.Take(60)).ToUpperInvariant() + "!"]).ShouldBe(1);

    [Fact]
    public void It_is_the_share_of_runs_of_13_words_that_are_in_the_others() =>
        // 60 words have 48 runs; of these, 8 lie in the first 20 words and 3 in the last 15.
        TextOverlap.Share(Text(0, 60), [$"x {Text(0, 20)} y", Text(45, 60)]).ShouldBe((8 + 3) / 48.0, 1e-12);

    [Fact]
    public void Twelve_words_in_common_are_nothing() => TextOverlap.Share(Text(0, 60), [Text(0, 12)]).ShouldBe(0);

    [Fact]
    public void Words_in_another_order_are_another_text() => TextOverlap.Share(Text(0, 60), [string.Join(' ', Words.Take(60).Reverse())]).ShouldBe(0);

    [Fact]
    public void A_run_that_a_text_repeats_counts_each_time() =>
        TextOverlap.Share($"{Text(0, 13)} . {Text(50, 63)} . {Text(0, 13)}", [Text(0, 13)]).ShouldBe(2 / 27.0, 1e-12);

    [Fact]
    public void A_text_shorter_than_a_run_overlaps_nothing() => TextOverlap.Share(Text(0, 12), [Text(0, 60)]).ShouldBe(0);

    [Fact]
    public void It_agrees_with_counting_runs_as_texts()
    {
        var random = new Random(5);
        string[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0 ? "a" : "b")];
        var (text, seen) = (Draw(3000), Draw(3000));
        static IEnumerable<string> Runs(string[] words) => Enumerable.Range(0, words.Length - 12).Select(start => string.Join(' ', words[start..(start + 13)]));

        var known = Runs(seen).ToHashSet();
        TextOverlap.Share(string.Join(' ', text), [string.Join(' ', seen)]).ShouldBe(Runs(text).Count(known.Contains) / 2988.0, 1e-12);
    }

    private static string Text(int from, int to) => string.Join(' ', Words[from..to]);
}
