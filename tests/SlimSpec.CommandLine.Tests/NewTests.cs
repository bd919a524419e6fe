namespace SlimSpec.CommandLine.Tests;

/// <summary><c>slim new</c>. That what it makes builds and runs is tested with the packages.</summary>
public sealed class NewTests : IDisposable
{
    private readonly string _before = Environment.CurrentDirectory;
    private readonly string _folder = Directory.CreateTempSubdirectory("slim-new-").FullName;

    public NewTests() => Environment.CurrentDirectory = _folder;

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void AProjectIsNamedThroughout()
    {
        var (code, output, error) = Slim.Run("new", "BedTime");

        code.ShouldBe(0, error);
        output.ShouldContain("cd BedTime/BedTime");
        Written().ShouldContain("BedTime/BedTime/BedTime.csproj");
        Written().ShouldContain("BedTime/BedTime/bedtime.slim.yaml");
        Written().ShouldContain("BedTime/BedTime/Program.cs");
        Written().ShouldContain("BedTime/BedTime.Tests/BedTime.Tests.csproj");
        Written().ShouldContain("BedTime/.gitignore");
        foreach (var file in Directory.GetFiles("BedTime", "*", SearchOption.AllDirectories))
        {
            $"{file}\n{File.ReadAllText(file)}".ShouldNotMatch("(?i)slim.project.1");
        }
    }

    [Fact]
    public void TheSpecOfAProjectIsRight()
    {
        Slim.Run("new", "BedTime").Code.ShouldBe(0);

        var (code, output, error) = Slim.Run("show", "BedTime/BedTime/bedtime.slim.yaml");

        code.ShouldBe(0, error);
        output.ShouldContain("BedTimeRecipe");
    }

    [Theory]
    [InlineData("bed-time", "'bed-time' cannot name a project: up to 100 letters, digits and _, the first a letter; did you mean 'bedtime'?")]
    [InlineData("../Tales", "did you mean 'Tales'?")]
    [InlineData("2Tales", "did you mean 'Tales'?")]
    [InlineData("Tales\n", "did you mean 'Tales'?")]
    [InlineData("日本", "'日本' cannot name a project: up to 100 letters, digits and _, the first a letter")]
    [InlineData("", "'' cannot name a project")]
    [InlineData("class", "'class' cannot name a project: it has a meaning in C# or in SlimSpec; 'classSlim' would do")]
    [InlineData("slimspec", "it has a meaning in C# or in SlimSpec")]
    [InlineData("Recipe", "it has a meaning in C# or in SlimSpec")]
    [InlineData("Tensor", "it has a meaning in C# or in SlimSpec")]
    [InlineData("List", "it has a meaning in C# or in SlimSpec")]
    public void ANameThatCannotBeIsRefused(string name, string message)
    {
        Slim.Refused("new", name).ShouldContain(message);

        Written().ShouldBeEmpty();
    }

    [Fact]
    public void WhatIsThereAlreadyIsLeftAlone()
    {
        Directory.CreateDirectory("Tales");
        File.WriteAllText("Fables", "mine");

        Slim.Refused("new", "Tales").ShouldBe("slim: Tales is there already: choose another name, or another folder to work in");
        Slim.Refused("new", "Fables").ShouldContain("Fables is there already");

        Written().ShouldBe(["Fables"]);
        File.ReadAllText("Fables").ShouldBe("mine");
    }

    [Fact]
    public void AMissingNameIsSaid() => Slim.Refused("new").ShouldBe("slim: NAME is missing: name of the project, and of the folder that is made for it here");

    private IEnumerable<string> Written() => Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder, file));
}
