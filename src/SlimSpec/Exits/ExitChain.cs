namespace SlimSpec;

/// <summary>The forward filter of a linear chain over a token's checks, with the states "go on" and "exit"; generated policies call it.</summary>
public static class ExitChain
{
    /// <summary>
    /// What the check before says about this one: the log-odds of exit, before this check's own evidence is added
    /// (the forward recursion, Sutton and McCallum 2012, section 4.1).
    /// </summary>
    /// <param name="odds">Log-odds of exit at the check before, given it and all before it.</param>
    /// <param name="goGo">Log-potential of going on after going on.</param>
    /// <param name="goExit">Log-potential of exit after going on.</param>
    /// <param name="exitGo">Log-potential of going on after exit.</param>
    /// <param name="exitExit">Log-potential of exit after exit.</param>
    public static double Step(double odds, double goGo, double goExit, double exitGo, double exitExit) =>
        LogAdd(goExit, odds + exitExit) - LogAdd(goGo, odds + exitGo);

    /// <summary>log(exp(a) + exp(b)).</summary>
    internal static double LogAdd(double a, double b) => a >= b ? a + Math.Log(1 + Math.Exp(b - a)) : b + Math.Log(1 + Math.Exp(a - b));
}
