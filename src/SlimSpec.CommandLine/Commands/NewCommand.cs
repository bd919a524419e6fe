using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim new</c>: a project with a spec, the program that runs it, and a snapshot test.</summary>
internal static class NewCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the project, and of the folder that is made for it here" };
        var command = new Command("new", "A new project: spec, program and snapshot test") { name };
        command.SetAction(parsed =>
        {
            var project = parsed.GetValue(name)!;
            Write(project);
            parsed.InvocationConfiguration.Output.WriteLine($"""
                {project}/ has a spec, the program that runs it, and its tests. Next:
                  cd {project}/{project}
                  dotnet run list
                  dotnet test ../{project}.Tests
                """);
            return 0;
        });
        return command;
    }

    private static void Write(string project)
    {
        ProjectName.Check(project);
        var place = Path.GetFullPath(project);
        if (Path.Exists(place))
        {
            throw new SlimException($"{UserPath.Show(place)} is there already: choose another name, or another folder to work in");
        }

        AtomicFile.WriteFolder(place, _ => false, folder =>
        {
            foreach (var (path, text) in ProjectTemplate.Files(project))
            {
                AtomicFile.WriteText(Path.Combine(folder, path), text);
            }
        });
    }
}
