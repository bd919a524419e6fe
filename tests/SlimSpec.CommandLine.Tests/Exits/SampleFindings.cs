namespace SlimSpec.CommandLine.Tests;

/// <summary>Findings with figures that tests can count on.</summary>
internal static class SampleFindings
{
    /// <summary>A model of 12 layers with three checks: 1,000 tokens simulated, 800 measured.</summary>
    public static ExitFindings Of(ExitMode mode = ExitMode.AdaptiveVerified) => new()
    {
        Recipe = "Sample",
        Checkpoint = "models/sample",
        Depth = 12,
        Settings = new() { Mode = mode, Layers = [4, 6, 8], Head = new() { Policy = ExitHeadPolicy.Lowrank, Rank = 64 } },
        Prompts = "stories.txt",
        Calibration = new()
        {
            Documents = [32, 16, 32],
            Tokens = [1000, 500, 1000],
            Agreement = 0.997,
            Histogram = [0, 0, 0, 0, 200, 0, 0, 0, 400, 0, 0, 0, 400],
            Checks =
            [
                new() { Layers = 4, Agreeing = 0.4, Reached = 1000, Exits = 200, Errors = 2 },
                new() { Layers = 6, Agreeing = 0.5, Reached = 800, Exits = 0, Errors = 0 },
                new() { Layers = 8, Agreeing = 0.7, Reached = 800, Exits = 400, Errors = 1 },
            ],
            OracleLayers = 6.5,
            MissedExits = 0.3,
            ShortlistRecall = 0.9912,
            Labelled = [400, 500, 700],
            ClosedLoop = false,
            Comparison = [new() { Kind = ExitClassifierKind.Logistic, Agreement = 0.997, ExitShare = 0.6, AverageLayers = 8.8 }],
            Notes = [],
        },
        Certificate = new() { TargetAgreement = 0.99, Confidence = 0.95, Certified = true, Exits = 600, Errors = 3, UpperBound = 0.0087, Documents = 32, DesignEffect = 1.25, AverageLayers = 8.8, Tokens = 1000 },
        Timings = new()
        {
            Device = "cpu",
            Dtype = "float32",
            Threads = 2,
            Context = 64,
            Pieces = new(0.001, 0.004, 0.0005, 0.0001),
            Dense = new(800, 0.016, 15.9, 17.2, 60),
            Exits = new(800, 0.0135, 13.1, 16.8, 61),
            Statistics = Statistics(),
            CheckShare = 0.031,
            Agreement = new(8, 8, null, 800, 800),
        },
        PredictedSpeedup = 1.21,
        ExpectedSpeedup = 1.19,
    };

    private static ExitStatistics Statistics()
    {
        var counted = new ExitStatistics(12) { Tokens = 800, LayerCalls = 7200, Checks = 2200, FullHeads = 800, ForcedPasses = 3 };
        for (var pass = 0; pass < 800; pass++)
        {
            counted.CountPass(pass < 100 ? 4 : pass < 500 ? 8 : 12, pending: pass % 6);
        }

        return counted;
    }
}
