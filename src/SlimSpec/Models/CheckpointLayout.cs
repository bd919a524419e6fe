namespace SlimSpec;

/// <summary>How a checkpoint stores a linear that a model keeps as <c>[out, in]</c>, its parts' rows one behind the other.</summary>
/// <param name="Transposed">Whether it is stored as <c>[in, out]</c>, as Hugging Face's <c>Conv1D</c> does (GPT-2). A bias has one axis and stays.</param>
/// <param name="InterleavedUnits">
/// Number of units that take turns in the stored rows: unit 0's rows of every part, then unit 1's (BLOOM's and GPT-NeoX's
/// query_key_value, by head); 0 where each part is stored whole.
/// </param>
public readonly record struct CheckpointLayout(bool Transposed, long InterleavedUnits)
{
    /// <summary>Stored as the model keeps it.</summary>
    public static CheckpointLayout Plain => default;

    /// <summary>Whether stored rows come in the model's order.</summary>
    internal bool InOrder => InterleavedUnits <= 1;
}
