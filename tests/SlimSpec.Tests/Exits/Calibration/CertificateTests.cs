using System.Numerics;

namespace SlimSpec.Tests.Exits.Calibration;

/// <summary>Exact bounds, the sequence of tests, and what the whole promises.</summary>
public class CertificateTests
{
    [Theory]
    [InlineData(0.99, 0, 299)]
    [InlineData(0.99, 1, 473)]
    [InlineData(0.99, 5, 1049)]
    [InlineData(0.999, 0, 2995)]
    public void The_fewest_exits_that_prove_a_target_are_the_known_ones(double target, int errors, int exits)
    {
        Binomial.IsBelow(errors, exits, 1 - target, 0.95).ShouldBeTrue();
        Binomial.IsBelow(errors, exits - 1, 1 - target, 0.95).ShouldBeFalse();
        Binomial.UpperBound(errors, exits, 0.95).ShouldBeLessThanOrEqualTo(1 - target);
        Binomial.MostErrors(exits, 1 - target, 0.95).ShouldBe(errors);
        Binomial.MostErrors(exits - 1, 1 - target, 0.95).ShouldBe(errors - 1);
        if (errors == 0)
        {
            Binomial.FewestTrials(1 - target, 0.95).ShouldBe(exits);
            Binomial.UpperBound(0, exits, 0.95).ShouldBe(1 - Math.Pow(0.05, 1.0 / exits), 1e-12);
        }
    }

    [Theory]
    [InlineData(0, 1, 0.3)]
    [InlineData(3, 10, 0.2)]
    [InlineData(7, 400, 0.02)]
    [InlineData(40, 2000, 0.03)]
    [InlineData(5, 100_000, 0.001)]
    public void Cumulative_probabilities_equal_the_sum_of_exact_terms(int successes, int trials, double p)
    {
        var sum = 0.0;
        var choose = BigInteger.One;
        for (var k = 0; k <= successes; k++)
        {
            sum += Math.Exp(BigInteger.Log(choose) + (k * Math.Log(p)) + ((trials - k) * Math.Log(1 - p)));
            choose = choose * (trials - k) / (k + 1);
        }

        Binomial.Cumulative(successes, trials, p).ShouldBe(sum, (1e-9 * sum) + 1e-300);
    }

    [Fact]
    public void Bounds_without_trials_or_without_successes_are_1()
    {
        Binomial.UpperBound(0, 0, 0.95).ShouldBe(1);
        Binomial.UpperBound(4, 4, 0.95).ShouldBe(1);
        Binomial.IsBelow(0, 0, 0.5, 0.95).ShouldBeFalse();
    }

    [Fact]
    public void The_sequence_of_tests_ends_at_the_first_failure_and_looks_no_further()
    {
        var looked = 0;
        IEnumerable<PolicyOutcome> Outcomes()
        {
            foreach (var (exits, errors) in new[] { (400, 0), (700, 2), (900, 20), (5000, 0) })
            {
                looked++;
                yield return Outcome(exits, errors);
            }
        }

        var (passed, outcome, failed) = CertificateTest.Run(Outcomes(), new() { Dataset = new("none.txt") });

        (passed, outcome!.Exits, failed!.Exits, looked).ShouldBe((1, 700, 900, 3));
    }

    /// <summary>Research 5.9, item 10.</summary>
    [Fact]
    public void Where_the_true_error_is_the_targets_own_false_certificates_are_as_rare_as_promised()
    {
        const int Draws = 1000;
        var settings = ToyRecordings.Settings() with { Calibrate = new() { Dataset = new("none.txt"), TargetAgreement = 0.95 }, Features = [ExitFeature.Gap], Layers = [1] };
        var classifier = new ClassifierFit(settings, []).Fit(ExitClassifierKind.Threshold);
        // The sequence of policies is fixed beforehand; each lets go of more tokens, all of which err as often as the target just allows.
        double?[][] policies = [.. Enumerable.Range(1, 15).Select(i => new double?[] { 1 - (i / 16.0) })];
        var certified = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var certify = new ScoredDocuments(Independent(2000, draw), classifier, settings, depth: 2);
            certified += CertificateTest.Run(policies.Select(certify.Try), settings.Calibrate!).Passed >= 0 ? 1 : 0;
        }

        ((double)certified / Draws).ShouldBeInRange(0.005, 0.05 + (3 * Math.Sqrt(0.05 * 0.95 / Draws)));
    }

    [Fact]
    public void Tokens_that_err_by_whole_documents_vary_as_many_times_more_as_a_document_has_exits()
    {
        var random = new SeededRandom(3);
        var independent = Enumerable.Range(0, 400).Select(_ => (10L, (long)Enumerable.Range(0, 10).Count(_ => random.NextDouble() < 0.1))).ToList();
        var alike = Enumerable.Range(0, 400).Select(_ => (10L, random.NextDouble() < 0.1 ? 10L : 0)).ToList();

        CertificateTest.DesignEffect(independent, seed: 0).ShouldBe(1, 0.3);
        CertificateTest.DesignEffect(alike, seed: 0).ShouldBe(10, 2);
        CertificateTest.DesignEffect(alike, seed: 0).ShouldBe(CertificateTest.DesignEffect(alike, seed: 0));
        CertificateTest.DesignEffect([(10, 0), (20, 0)], seed: 0).ShouldBe(1);
    }

    [Fact]
    public void What_a_calibration_certifies_holds_for_new_documents()
    {
        foreach (var kind in new[] { ExitClassifierKind.Threshold, ExitClassifierKind.Logistic, ExitClassifierKind.SvmLinear, ExitClassifierKind.Crf })
        {
            var settings = ToyRecordings.Settings(kind);
            var file = ToyRecordings.Calibrate(settings, documents: 200);
            var fresh = new ScoredDocuments(ToyRecordings.Documents(400, 50, seed: 77), file.Classifier, settings, ToyRecordings.Depth).Try([.. file.Classifier.Checks.Select(check => check.Threshold)]);

            file.Certificate.Certified.ShouldBeTrue();
            file.Certificate.Exits.ShouldBeGreaterThan(500);
            file.Certificate.UpperBound.ShouldBeLessThanOrEqualTo(0.1);
            ((double)fresh.Errors / fresh.Exits).ShouldBeLessThan(0.1);
            file.Certificate.AverageLayers.ShouldBe(fresh.AverageLayers, 0.1);
        }
    }

    [Fact]
    public void What_cannot_be_certified_is_refused_when_lossy_and_only_noted_when_verified()
    {
        var settings = ToyRecordings.Settings() with { Calibrate = new() { Dataset = new("none.txt"), TargetAgreement = 0.999, NumPrompts = 60, MaxNewTokens = 50 } };

        var file = ToyRecordings.Calibrate(settings);
        var refusal = Should.Throw<SlimException>(() => ToyRecordings.Calibrate(settings with { Mode = ExitMode.Adaptive })).Message;

        file.Certificate.Certified.ShouldBeFalse();
        file.Report.Notes.ShouldContain(note => note.StartsWith("an agreement of 99.9% cannot be certified at 95% confidence: of ", StringComparison.Ordinal));
        refusal.ShouldStartWith("exits-verified.slim.yaml: exits: an agreement of 99.9% cannot be certified at 95% confidence: of ");
        refusal.ShouldContain("it takes at least 2995 exits without an error: raise calibrate: num_prompts or max_new_tokens (now 60 and 50)");
    }

    [Fact]
    public void Where_no_check_ever_agrees_nothing_leaves_and_the_report_says_so()
    {
        var file = ToyRecordings.Calibrate(ToyRecordings.Settings(), agreement: _ => 0);

        file.Certificate.ShouldBe(file.Certificate with { Certified = false, Exits = 0, Errors = 0, AverageLayers = 4 });
        file.Report.Agreement.ShouldBe(1);
        file.Report.Notes.ShouldContain("after 1 layer: no token could leave; there is nothing to fit");
    }

    [Fact]
    public void The_report_adds_up()
    {
        var file = ToyRecordings.Calibrate(ToyRecordings.Settings(), compares: true);
        var (report, certificate) = (file.Report, file.Certificate);

        report.Documents.ShouldBe([24, 12, 24]);
        report.Tokens.ShouldBe([24 * 50, 12 * 50, 24 * 50]);
        certificate.Tokens.ShouldBe(24 * 50);
        report.Histogram.Sum().ShouldBe(certificate.Tokens);
        report.Histogram.Select((tokens, layers) => (double)tokens * layers).Sum().ShouldBe(certificate.AverageLayers * certificate.Tokens, 1e-6);
        report.Checks.Sum(check => check.Exits).ShouldBe(certificate.Exits);
        report.Checks.Sum(check => check.Errors).ShouldBe(certificate.Errors);
        report.Agreement.ShouldBe(1 - ((double)certificate.Errors / certificate.Tokens), 1e-12);
        report.OracleLayers.ShouldBeLessThanOrEqualTo(certificate.AverageLayers);
        report.MissedExits.ShouldBeInRange(0.01, 0.99);
        report.Comparison.Select(kind => kind.Kind).ShouldBe(Enum.GetValues<ExitClassifierKind>(), ignoreOrder: true);
    }

    private static PolicyOutcome Outcome(int exits, int errors)
    {
        var outcome = new PolicyOutcome([1], 2);
        outcome.BeginDocument();
        for (var i = 0; i < exits; i++)
        {
            outcome.Count(0, i < errors);
        }

        return outcome;
    }

    // Tokens that agree with the target's probability, whatever their score.
    private static List<ExitDocument> Independent(int tokens, int seed)
    {
        var random = new SeededRandom(seed);
        var features = Enumerable.Range(0, tokens).Select(_ => (float)random.NextDouble()).ToArray();
        var said = Enumerable.Range(0, tokens).Select(_ => random.NextDouble() < 0.95 ? 1 : 2).ToArray();
        return [new([1], [], 1, 1, features, said, [.. Enumerable.Repeat(1, tokens)], tokens)];
    }
}
