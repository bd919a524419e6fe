namespace SlimSpec;

/// <summary>
/// Channel scores of a structure that runs through the whole model, collected while one layer after the other is at hand: what is kept
/// of a layer is a vector for each member of the structure, <c>[hidden]</c>.
/// </summary>
internal sealed class CollectedScores : LayerScores, IDisposable
{
    private readonly ILookup<int, ScoreQuestion> _questions;
    private readonly Dictionary<(string Weight, WeightSide Side), torch.Tensor> _answers = [];
    private LayerScores? _method;

    /// <summary>Finds out what to collect.</summary>
    /// <param name="pruner">The recipe's pruner.</param>
    /// <param name="model">The model.</param>
    /// <param name="unit">A unit of the whole model.</param>
    public CollectedScores(StructuredPruner pruner, CausalLM model, string unit)
    {
        var layers = model.Layers.SelectMany((layer, number) => layer.Weights.Select(weight => (weight.Name, number))).ToDictionary(StringComparer.Ordinal);
        _questions = ScoreQuestions.Of(pruner, model, unit).Distinct().ToLookup(question => layers.GetValueOrDefault(question.Weight.Name, StructuredPruner.WholeModel));
    }

    /// <summary>The weights asked for, of all layers, embedding and head.</summary>
    public IEnumerable<ScoreQuestion> Questions => _questions.SelectMany(layer => layer);

    /// <summary>Collects what is asked of one layer, or of embedding and head (<see cref="StructuredPruner.WholeModel"/>).</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="method">Its weights' scores.</param>
    public void Collect(int layer, LayerScores method)
    {
        _method = method;
        foreach (var question in _questions[layer])
        {
            _answers[(question.Weight.Name, question.Side)] = question.Ask(method).DetachFromDisposeScope();
        }
    }

    /// <summary>What was collected of one layer, by names that <see cref="Restore"/> knows.</summary>
    public IEnumerable<(string Name, torch.Tensor Value)> Of(int layer) =>
        _questions[layer].Select(question => (Name(question), _answers[(question.Weight.Name, question.Side)]));

    /// <summary>Puts back what was collected of one layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="answer">Gives what <see cref="Of"/> gave under a name.</param>
    public void Restore(int layer, Func<string, torch.Tensor> answer)
    {
        foreach (var question in _questions[layer])
        {
            _answers[(question.Weight.Name, question.Side)] = answer(Name(question)).DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public override torch.Tensor Rows(NamedWeight weight) => _answers[(weight.Name, WeightSide.Rows)];

    /// <inheritdoc/>
    public override torch.Tensor Columns(NamedWeight weight) => _answers[(weight.Name, WeightSide.Columns)];

    /// <inheritdoc/>
    public override torch.Tensor Vector(NamedWeight weight) => _answers[(weight.Name, WeightSide.Vector)];

    /// <inheritdoc/>
    public override torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members) => _method!.Reduce(members);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var answer in _answers.Values)
        {
            answer.Dispose();
        }
    }

    private static string Name(ScoreQuestion question) => $"{question.Weight.Name}/{question.Side}";
}
