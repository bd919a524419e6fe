using SlimSpec.Testing;

namespace Slim.Project_1.Tests;

/// <summary>
/// What the spec comes to is held by the .verified.txt files here. After a change of the spec, look at the difference and
/// accept it: rename .received.txt to .verified.txt, or dotnet test -e ACCEPT_SNAPSHOTS=1.
/// </summary>
public class RecipeTests
{
    [Fact]
    public async Task TheArchitectureIsTheOneAccepted() => await Snapshot.Verify(Slim_Project_1Recipe.Instance);
}
