namespace SlimSpec.Testing.Tests;

/// <summary>Comparing, and accepting as Verify's users do.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_text_fails_and_is_written_as_Verify_writes_it()
    {
        var failure = await Should.ThrowAsync<SnapshotException>(() => _folder.Verify("first\r\nsecond").ToTask());

        failure.Message.ShouldBe($"""
            Class.Method.verified.txt is new:

            + first
            + second

            to accept: mv "{_folder.At("Class.Method.received.txt")}" "{_folder.At("Class.Method.verified.txt")}"
            or all at once: dotnet test -e ACCEPT_SNAPSHOTS=1
            """);
        File.ReadAllBytes(_folder.At("Class.Method.received.txt")).ShouldBe([0xEF, 0xBB, 0xBF, .. "first\nsecond"u8]);
    }

    [Fact]
    public async Task A_received_file_is_accepted_by_renaming_it()
    {
        await Should.ThrowAsync<SnapshotException>(() => _folder.Verify("text").ToTask());
        _folder.Accept();

        await _folder.Verify("text");

        _folder.Files.ShouldBe(["Class.Method.verified.txt"]);
    }

    [Fact]
    public async Task A_difference_is_shown_with_its_neighbours_alone()
    {
        var lines = Enumerable.Range(1, 40).Select(line => $"line {line}").ToArray();
        _folder.Write("Class.Method.verified.txt", string.Join('\n', lines));
        lines[9] = "line ten";
        lines[29] = "line 30\nline 30.5";

        var failure = await Should.ThrowAsync<SnapshotException>(() => _folder.Verify(string.Join('\n', lines)).ToTask());

        failure.Message.ShouldStartWith("""
            Class.Method.verified.txt differs from what was accepted (- accepted, + now):

              line 7
              line 8
              line 9
            - line 10
            + line ten
              line 11
              line 12
              line 13
              ...
              line 28
              line 29
              line 30
            + line 30.5
              line 31
              line 32
              line 33

            to accept: mv
            """);
    }

    [Fact]
    public async Task A_text_that_is_as_accepted_again_leaves_no_received_file()
    {
        _folder.Write("Class.Method.verified.txt", "old");
        await Should.ThrowAsync<SnapshotException>(() => _folder.Verify("new").ToTask());
        _folder.NextRun();

        await _folder.Verify("old");

        _folder.Files.ShouldBe(["Class.Method.verified.txt"]);
    }

    [Fact]
    public async Task The_variable_accepts_what_differs_and_what_is_gone()
    {
        TestFolder.AcceptAll(true);
        _folder.Write("Class.Method#Gone.verified.cs", "old");
        _folder.Write("Class.Method.verified.txt", "old");

        await _folder.Verify("new");

        _folder.Files.ShouldBe(["Class.Method.verified.txt"]);
        _folder.Read("Class.Method.verified.txt").ShouldBe("new");
    }

    [Fact]
    public async Task Line_ends_of_a_checkout_do_not_count()
    {
        _folder.Write("Class.Method.verified.txt", "one\r\ntwo");

        await _folder.Verify("one\ntwo");
    }

    [Fact]
    public async Task A_final_line_end_counts_as_it_does_for_Verify()
    {
        _folder.Write("Class.Method.verified.txt", "one\n");

        await Should.ThrowAsync<SnapshotException>(() => _folder.Verify("one").ToTask());
    }

    [Fact]
    public async Task Texts_of_one_snapshot_are_told_apart_by_their_names()
    {
        var failure = await Should.ThrowAsync<SnapshotException>(() => _folder.Verify(new("cs", "class A;", "A.g"), new("txt", "text", "B")).ToTask());

        failure.Message.ShouldContain("Class.Method#A.g.verified.cs is new");
        failure.Message.ShouldContain("Class.Method#B.verified.txt is new");
        _folder.Files.ShouldBe(["Class.Method#A.g.received.cs", "Class.Method#B.received.txt"]);
    }

    [Fact]
    public async Task A_text_that_is_no_longer_made_fails_and_other_methods_files_are_left_alone()
    {
        _folder.Write("Class.Method#A.verified.cs", "a");
        _folder.Write("Class.Method#Gone.verified.cs", "b");
        _folder.Write("Class.Method_name=value.verified.cs", "c");
        _folder.Write("Class.MethodTwo.received.txt", "d");

        var failure = await Should.ThrowAsync<SnapshotException>(() => _folder.Verify(new Target("cs", "a", "A")).ToTask());

        failure.Message.ShouldStartWith($"Class.Method#Gone.verified.cs is no longer made.\n\nto accept: rm \"{_folder.At("Class.Method#Gone.verified.cs")}\"");
        _folder.Files.ShouldContain("Class.MethodTwo.received.txt");
    }

    [Fact]
    public async Task Two_snapshots_of_one_name_are_refused()
    {
        _folder.Write("Class.Method.verified.txt", "text");
        await _folder.Verify("text");

        var failure = await Should.ThrowAsync<SnapshotException>(() => _folder.Verify("text").ToTask());

        failure.Message.ShouldStartWith("Class.Method is the name of two snapshots of this run");
    }

    [Fact]
    public void Tests_run_away_from_their_source_are_told_so() =>
        Should.Throw<SnapshotException>(() => Snapshot.Verify("text", "/_/tests/Class.cs", "Method")).Message.ShouldContain("DeterministicSourcePaths");

    [Fact]
    public void A_long_difference_is_cut_off()
    {
        var diff = LineDiff.Of("", string.Join('\n', Enumerable.Range(0, 500)));

        diff.Split('\n').Length.ShouldBe(122);
        diff.ShouldEndWith("\n... and 380 more lines that differ\n");
    }
}
