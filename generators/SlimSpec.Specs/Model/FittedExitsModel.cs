namespace SlimSpec.Specs;

/// <summary>A fitted classifier of exits, its constants as the calibration wrote them: all in double precision, for features as they are.</summary>
/// <param name="FileHash">SHA-256 of the file that they are from, 64 hexadecimal digits.</param>
/// <param name="FileName">Name of that file.</param>
/// <param name="Form">threshold, linear, fourier or chain: how a check decides.</param>
/// <param name="Features">How many features there are.</param>
/// <param name="Checks">One for each check.</param>
/// <param name="Frequencies">Of form fourier: <c>[D, features]</c>, row by row.</param>
/// <param name="Phases">Of form fourier: <c>[D]</c>.</param>
/// <param name="Transition">Of form chain, log-potentials from the check before: go to go, go to exit, exit to go, exit to exit.</param>
public sealed record FittedExitsModel(
    string FileHash,
    string FileName,
    string Form,
    int Features,
    EquatableArray<FittedCheckModel> Checks,
    EquatableArray<double> Frequencies,
    EquatableArray<double> Phases,
    EquatableArray<double> Transition);

/// <summary>A check.</summary>
/// <param name="Layers">After how many layers it is.</param>
/// <param name="Feature">Of form threshold, the place of the feature; otherwise 0.</param>
/// <param name="Weights">Of form linear and chain one for each feature, of form fourier one for each frequency.</param>
/// <param name="Bias">What is added.</param>
/// <param name="Threshold">The least score that lets a token leave; null: none does.</param>
public sealed record FittedCheckModel(int Layers, int Feature, EquatableArray<double> Weights, double Bias, double? Threshold);
