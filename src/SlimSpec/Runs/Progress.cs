namespace SlimSpec;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Stage">What is being done, in a word or two: <c>scoring</c>, <c>lora</c>, <c>perplexity</c>.</param>
/// <param name="Done">Finished steps.</param>
/// <param name="Total">Steps in all; 0 where that is not known.</param>
/// <param name="Message">What to show beside it, for example <c>loss 2.31, 1843 tokens/s</c>.</param>
/// <param name="SecondsLeft">Estimated seconds to the end, where there is an estimate.</param>
/// <remarks>
/// Library code takes an <c>Action&lt;ProgressUpdate&gt;? progress</c> and calls it on its own thread after each step;
/// who draws it decides how often that is worth a line.
/// </remarks>
public readonly record struct ProgressUpdate(string Stage, long Done, long Total, string? Message = null, double? SecondsLeft = null);
