using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>A published GPT-2 with a task: six letters out of three come back in order.</summary>
public class SortingModelTests
{
    private const int Letters = 6;

    [SharedFact("data/lm-nanosort-gpt2")]
    public void All_729_inputs_come_out_sorted()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var recipe = Nanosort.Instance;
        using var folder = HuggingFaceFolder.Open(TestFiles.Shared("data/lm-nanosort-gpt2"));
        folder.Check(recipe);
        using var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);
        folder.LoadInto(model);
        int[][] inputs = [.. Enumerable.Range(0, 729).Select(Digits)];

        using var cache = model.CreateCache(batch: inputs.Length, capacity: 1);
        var answers = inputs.Select(_ => new List<int>()).ToArray();
        var next = Tensors.Of(inputs);
        for (var letter = 0; letter < Letters; letter++)
        {
            next = model.Prefill(next, cache).argmax(1, keepdim: true);
            var chosen = next.data<long>().ToArray();
            for (var row = 0; row < answers.Length; row++)
            {
                answers[row].Add((int)chosen[row]);
            }
        }

        for (var row = 0; row < answers.Length; row++)
        {
            answers[row].ShouldBe(inputs[row].Order());
        }
    }

    private static int[] Digits(int number) => [.. Enumerable.Range(0, Letters).Select(place => number / (int)Math.Pow(3, place) % 3)];
}
