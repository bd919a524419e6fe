using System.CommandLine;
using SlimSpec.Tales;

var seed = new Option<ulong>("--seed") { Description = "Which stories; the same seed gives the same text on every machine.", DefaultValueFactory = _ => 1 };
var megabytes = new Option<double>("--megabytes") { Description = "How much to write, in units of 1,000,000 bytes.", DefaultValueFactory = _ => 1 };
var output = new Option<string>("--output") { Description = "The file to write.", Required = true };
var heldOut = new Option<bool>("--held-out") { Description = "Write held-out stories, which no seed gives for training." };
var questions = new Option<bool>("--questions") { Description = "Write JSON lines of story, question, answer and key in place of text." };
var command = new RootCommand("Writes small English stories about a world that changes, with questions that they answer.") { seed, megabytes, output, heldOut, questions };

command.SetAction(parsed =>
{
    var path = parsed.GetRequiredValue(output);
    var size = parsed.GetValue(megabytes);
    if (!(size is > 0 and <= 100_000))
    {
        Console.Error.WriteLine($"--megabytes: {size} is not a size; write a number above 0, such as 12 or 0.2.");
        return 2;
    }

    try
    {
        var stories = Corpus.Stories(parsed.GetValue(seed), parsed.GetValue(heldOut));
        var written = CorpusFile.Write(path, stories, (long)(size * 1e6), parsed.GetValue(questions) ? CorpusFile.QuestionLines : CorpusFile.Text);
        Console.Error.WriteLine($"{path}: {written.Stories} stories, {written.Questions} questions, {written.Bytes} bytes.");
        return 0;
    }
    catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"--output: {path} cannot be written: {problem.Message}");
        return 2;
    }
});

var arguments = command.Parse(args);
foreach (var error in arguments.Errors)
{
    Console.Error.WriteLine(error.Message);
}

return arguments.Errors.Count > 0 ? 2 : arguments.Invoke();
