using System.Globalization;

namespace SlimSpec.Testing.Tests;

/// <summary>Names of snapshot files are those that Verify gives them.</summary>
public sealed class NamingTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_test_names_the_file() => (await NameOf(Snapshot.Verify("text"))).ShouldBe("NamingTests.The_test_names_the_file");

    [Theory]
    [InlineData("llama-7b", 0.5)]
    public async Task Parameters_are_named_as_the_method_names_them(string recipe, double sparsity) =>
        (await NameOf(Snapshot.Verify("text").UseParameters(recipe, sparsity)))
            .ShouldBe("NamingTests.Parameters_are_named_as_the_method_names_them_recipe=llama-7b_sparsity=0.5");

    [Fact]
    public async Task A_case_may_have_a_text() => (await NameOf(Snapshot.Verify("text").UseTextForParameters("gpt2"))).ShouldBe("NamingTests.A_case_may_have_a_text_gpt2");

    [Fact]
    public async Task Class_and_method_may_have_other_names() => (await NameOf(Snapshot.Verify("text").UseTypeName("Outer.Inner").UseMethodName("Other"))).ShouldBe("Outer.Inner.Other");

    [Fact]
    public void Values_are_written_without_a_culture_and_without_what_no_file_name_may_have()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Cultures.Strange;
        try
        {
            new object?[] { null, 1234.5, -2, true, "a/b:c", new[] { 1, 2 }, new object[] { "x", new[] { "y" } }, Array.Empty<int>() }
                .Select(SnapshotName.Of)
                .ShouldBe(["null", "1234.5", "-2", "True", "a-b-c", "1,2", "x,[y]", "[]"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData(1)]
    public void Parameters_that_do_not_fit_the_method_are_refused(int only)
    {
        Should.Throw<SnapshotException>(() => Snapshot.Verify("text").UseParameters(only, 2)).Message
            .ShouldBe("NamingTests.Parameters_that_do_not_fit_the_method_are_refused has 1 parameters, and UseParameters was given 2.");
        Should.Throw<SnapshotException>(() => Snapshot.Verify("text").UseTypeName("Other").UseParameters(only)).Message
            .ShouldContain("looks for the test method Other.Parameters_that_do_not_fit_the_method_are_refused in SlimSpec.Testing.Tests");
    }

    // What the received file is called.
    private async Task<string> NameOf(SnapshotTask snapshot)
    {
        await Should.ThrowAsync<SnapshotException>(() => snapshot.UseDirectory(_folder.Path).ToTask());
        return _folder.Files.ShouldHaveSingleItem()[..^".received.txt".Length];
    }
}
