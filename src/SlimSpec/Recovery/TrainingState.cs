namespace SlimSpec;

/// <summary>How far a training has come, apart from the weights and the optimizer: what a checkpoint of it says in words.</summary>
internal sealed class TrainingState
{
    /// <summary>Loss of each step so far.</summary>
    public List<double> Losses { get; init; } = [];

    /// <summary>Tokens read.</summary>
    public long Tokens { get; set; }

    /// <summary>Seconds taken, evaluations left out.</summary>
    public double Seconds { get; set; }

    /// <summary>The step behind which validation was best; 0: there was none.</summary>
    public int BestStep { get; set; }

    /// <summary>The loss of that validation.</summary>
    public double? BestLoss { get; set; }

    /// <summary>Validations since then.</summary>
    public int WithoutBetter { get; set; }

    /// <summary>Optimizer steps made.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int Step => Losses.Count;
}
