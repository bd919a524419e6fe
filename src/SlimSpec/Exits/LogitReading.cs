namespace SlimSpec;

/// <summary>What a head says at one position, over the whole vocabulary or over a shortlist (a local softmax).</summary>
/// <param name="TopId">The likeliest token; the lowest id where several are.</param>
/// <param name="TopProb">Its probability.</param>
/// <param name="Gap">Its probability less that of the second.</param>
/// <param name="MarginLogit">Its logit less that of the second.</param>
/// <param name="Entropy">Entropy of the distribution, in nats.</param>
public readonly record struct LogitReading(int TopId, float TopProb, float Gap, float MarginLogit, float Entropy);
