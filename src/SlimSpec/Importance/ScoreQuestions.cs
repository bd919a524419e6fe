namespace SlimSpec;

/// <summary>What a score asks of a weight.</summary>
internal enum WeightSide
{
    /// <summary><see cref="LayerScores.Rows"/>.</summary>
    Rows,

    /// <summary><see cref="LayerScores.Columns"/>.</summary>
    Columns,

    /// <summary><see cref="LayerScores.Vector"/>.</summary>
    Vector,
}

/// <summary>One channel score that the score of a structure is made of.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Side">Which of its channels.</param>
internal readonly record struct ScoreQuestion(NamedWeight Weight, WeightSide Side)
{
    /// <summary>The answer of <paramref name="scores"/>.</summary>
    public torch.Tensor Ask(LayerScores scores) => Side switch
    {
        WeightSide.Rows => scores.Rows(Weight),
        WeightSide.Columns => scores.Columns(Weight),
        _ => scores.Vector(Weight),
    };
}

/// <summary>
/// Finds out which channel scores generated code asks for, before there are any: all of its answers are zero. Sizes are enough, so that
/// no weight need be in memory.
/// </summary>
internal sealed class ScoreQuestions : LayerScores
{
    private readonly List<ScoreQuestion> _questions = [];

    private ScoreQuestions()
    {
    }

    /// <summary>What the score of a unit of a layer asks for.</summary>
    public static IReadOnlyList<ScoreQuestion> Of(StructuredPruner pruner, DecoderLayer layer, string unit) => Of(questions => pruner.Score(layer, unit, questions));

    /// <summary>What the score of a unit of the whole model asks for.</summary>
    public static IReadOnlyList<ScoreQuestion> Of(StructuredPruner pruner, CausalLM model, string unit) => Of(questions => pruner.Score(model, unit, questions));

    /// <inheritdoc/>
    public override torch.Tensor Rows(NamedWeight weight) => Note(weight, WeightSide.Rows, 0);

    /// <inheritdoc/>
    public override torch.Tensor Columns(NamedWeight weight) => Note(weight, WeightSide.Columns, 1);

    /// <inheritdoc/>
    public override torch.Tensor Vector(NamedWeight weight) => Note(weight, WeightSide.Vector, 0);

    /// <inheritdoc/>
    public override torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members) => members[0];

    private static List<ScoreQuestion> Of(Action<ScoreQuestions> ask)
    {
        using var scope = torch.NewDisposeScope();
        var questions = new ScoreQuestions();
        ask(questions);
        return questions._questions;
    }

    private torch.Tensor Note(NamedWeight weight, WeightSide side, int axis)
    {
        _questions.Add(new(weight, side));
        return torch.zeros(weight.Value.size(axis));
    }
}
