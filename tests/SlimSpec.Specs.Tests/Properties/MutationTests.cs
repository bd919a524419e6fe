using System.Diagnostics;

namespace SlimSpec.Specs.Tests;

/// <summary>
/// Whatever is done to a file that was right, the checker says what is wrong with it or makes a model: it never throws, hangs or
/// grows. The seed of a mutant is its number; the files that it leaves alone are parsed once for all.
/// </summary>
public class MutationTests
{
    private const int Mutants = 21_000;
    private const int Parts = 6;
    private const long MostBytes = 64 << 20;

    // A mutant takes milliseconds; on a busy machine its thread may have to wait.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public static TheoryData<int> Batches => [.. Enumerable.Range(0, Parts)];

    [Theory]
    [MemberData(nameof(Batches))]
    public void MutatedFilesAreCompiledOrRefusedInWords(int batch)
    {
        var results = Enumerable.Range(batch * Mutants / Parts, Mutants / Parts).AsParallel().Select(seed => (seed, Result: Try(seed))).ToList();

        results.Where(result => result.Result.Fault is not null).OrderBy(result => result.seed).Take(3).Select(result => Explain(result.seed, result.Result.Fault!)).ShouldBeEmpty();
        results.Count(result => result.Result.IsAccepted).ShouldBeGreaterThan(results.Count / 20, "mutants that are still right");
    }

    private static (CorpusCase Case, int Which, string Text) Mutant(int seed)
    {
        var @case = Corpus.Cases[seed % Corpus.Cases.Count];
        var which = seed / Corpus.Cases.Count % 3;
        return (@case, which, Mutation.Of(@case.File(which).Text, new(seed)));
    }

    private static (string? Fault, bool IsAccepted) Try(int seed)
    {
        var (@case, which, text) = Mutant(seed);
        return Try(@case, which, text);
    }

    private static (string? Fault, bool IsAccepted) Try(CorpusCase @case, int which, string text)
    {
        var (clock, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        try
        {
            var (recipe, problems) = @case.CompileWith(which, text);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            return (clock.Elapsed > Longest ? $"took {clock.Elapsed}"
                : bytes > MostBytes ? $"allocated {bytes >> 20} MiB"
                : recipe is null != problems.Any(problem => problem.IsError) ? "there is a model or a problem"
                : problems.Where(problem => problem.Message.Length > 1_000 || problem.Message.Any(char.IsControl)).Select(problem => $"says {problem.Message}").FirstOrDefault()
                ?? problems.Where(problem => problem.At.Start < 0 || problem.At.Start + problem.At.Length > LengthOf(problem.At.File, @case, which, text)).Select(problem => $"points outside of the file: {problem}").FirstOrDefault(),
                recipe is not null);
        }
        catch (Exception thrown)
        {
            return ($"threw {thrown.GetType().Name}: {thrown.Message} {thrown.StackTrace?.Split('\n')[0].Trim()}", false);
        }
    }

    private static int LengthOf(string file, CorpusCase @case, int which, string text) =>
        file == @case.File(which).Path ? text.Length : Enumerable.Range(0, 3).Select(@case.File).First(source => source.Path == file).Text.Length;

    private static string Explain(int seed, string fault)
    {
        var (@case, which, text) = Mutant(seed);
        var smallest = Shrinking.Smallest(text, shorter => Try(@case, which, shorter).Fault?.Split(':')[0] == fault.Split(':')[0]);
        return $"seed {seed}, {@case.File(which).Path}: {fault}\n{smallest}";
    }
}
