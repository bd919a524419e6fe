namespace SlimSpec.Tests.Checkpoints;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_fails_halfway_leaves_the_old_one()
    {
        _folder.Write("x", "old");
        Should.Throw<InvalidOperationException>(() => AtomicFile.Write(_folder["x"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        File.ReadAllText(_folder["x"]).ShouldBe("old");
        Directory.GetFileSystemEntries(_folder.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_file_makes_the_folder_it_is_in()
    {
        AtomicFile.WriteText(_folder["a/b/x.txt"], "ä\n");
        File.ReadAllBytes(_folder["a/b/x.txt"]).ShouldBe([0xC3, 0xA4, 0x0A]);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        _folder.Write("file", "");
        Should.Throw<SlimException>(() => AtomicFile.WriteText(_folder["file/x"], "")).Message.ShouldStartWith(_folder["file/x"]);
        Should.Throw<SlimException>(() => AtomicFile.WriteFolder(_folder["file"], _ => true, _ => { })).Message.ShouldContain("is a file");
    }

    [Fact]
    public void A_folder_that_fails_halfway_leaves_the_old_one()
    {
        Directory.CreateDirectory(_folder["x"]);
        _folder.Write("x/old", "old");
        Should.Throw<InvalidOperationException>(() => AtomicFile.WriteFolder(_folder["x"], _ => true, place =>
        {
            File.WriteAllText(Path.Combine(place, "new"), "half");
            throw new InvalidOperationException();
        }));
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([_folder["x"]]);
        Directory.GetFileSystemEntries(_folder["x"]).ShouldBe([_folder["x/old"]]);
    }

    [Fact]
    public void A_folder_with_something_in_it_needs_permission()
    {
        Directory.CreateDirectory(_folder["x"]);
        AtomicFile.WriteFolder(_folder["x"], _ => false, place => File.WriteAllText(Path.Combine(place, "a"), "1"));
        Should.Throw<SlimException>(() => AtomicFile.WriteFolder(_folder["x"], _ => false, _ => { })).Message.ShouldContain("not empty");
        File.ReadAllText(_folder["x/a"]).ShouldBe("1");
    }

    [Fact]
    public void Other_files_of_a_folder_stay_and_stale_ones_go()
    {
        Directory.CreateDirectory(_folder["x/notes"]);
        _folder.Write("x/notes/n", "mine");
        _folder.Write("x/a", "old");
        _folder.Write("x/b.stale", "old");
        AtomicFile.WriteFolder(_folder["x"] + "/", _ => true, place => File.WriteAllText(Path.Combine(place, "a"), "new"), name => name.EndsWith(".stale", StringComparison.Ordinal));
        File.ReadAllText(_folder["x/a"]).ShouldBe("new");
        File.ReadAllText(_folder["x/notes/n"]).ShouldBe("mine");
        File.Exists(_folder["x/b.stale"]).ShouldBeFalse();
        Directory.GetFileSystemEntries(_folder.Path).ShouldBe([_folder["x"]]);
    }
}
