namespace SlimSpec.Tests.Exits.Calibration;

/// <summary>Each kind of classifier against brute force, closed forms or a slow optimiser.</summary>
public class ClassifierTests
{
    [Fact]
    public void Logistic_regression_finds_the_minimum_of_its_objective()
    {
        const double Penalty = 0.7;
        var rows = Rows(120, 3, seed: 1);
        var balance = rows.Balance();
        double[] targets = [.. rows.Labels.Select(label => label ? 1.0 : 0)];

        var (weights, bias) = LogisticRegression.Fit(rows, targets, balance, Penalty);

        double Objective(double[] at) => (Penalty / 2 * at[..3].Sum(w => w * w)) + Enumerable.Range(0, rows.Count).Sum(row =>
        {
            var f = at[3] + Enumerable.Range(0, 3).Sum(i => at[i] * rows[row][i]);
            return balance[row] * (Math.Log(1 + Math.Exp(f)) - (targets[row] * f));
        });
        var slow = SlowDescent(Objective, 4, rate: 0.02, steps: 4000);
        double[] fitted = [.. weights, bias];
        for (var i = 0; i < 4; i++)
        {
            fitted[i].ShouldBe(slow[i], 1e-4);
            Slope(Objective, fitted, i).ShouldBe(0, 1e-5);
        }
    }

    [Fact]
    public void A_logistic_constant_is_the_log_odds_of_the_labels()
    {
        var rows = TrainingRows.Of([0.0, 0, 0, 0, 0]);

        var (weights, bias) = LogisticRegression.Fit(rows, [1, 1, 1, 0, 0.5], [1, 1, 1, 1, 2], 1);

        weights[0].ShouldBe(0);
        bias.ShouldBe(Math.Log(4.0 / 2), 1e-9); // 3 + 2 * 0.5 against 1 + 2 * 0.5
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(100)]
    public void The_linear_machine_finds_the_minimum_of_its_objective(double cost)
    {
        var rows = Rows(80, 1, seed: 2);
        var upper = rows.Balance().Select(balance => balance * cost).ToArray();

        var (weights, bias) = LinearSvm.Fit(rows, cost, mostRounds: 20_000, seed: 0);

        double Objective(double w, double b) => ((w * w) + (b * b)) / 2 + Enumerable.Range(0, rows.Count).Sum(row =>
            upper[row] * Math.Max(0, 1 - ((rows.Labels[row] ? 1 : -1) * (b + (w * rows[row][0])))));
        // Convex in both: the best bias of a weight, and then the best weight, by thirds.
        var best = Smallest(w => Smallest(b => Objective(w, b)).Value);
        Objective(weights[0], bias).ShouldBe(best.Value, 1e-3 * best.Value);
    }

    [Fact]
    public void The_cost_is_the_one_that_other_documents_are_told_best_with()
    {
        var rows = Rows(300, 2, seed: 3);

        var (weights, bias, cost) = LinearSvm.Search(rows, 1000, seed: 5);

        new[] { 0.01, 0.1, 1, 10, 100 }.ShouldContain(cost);
        var again = LinearSvm.Search(rows, 1000, seed: 5);
        (again.Weights[0], again.Weights[1], again.Bias, again.Cost).ShouldBe((weights[0], weights[1], bias, cost));
    }

    [Fact]
    public void Fourier_features_multiply_to_the_gaussian_kernel_of_standardised_features()
    {
        var rows = Rows(60, 2, seed: 4);
        var standard = new Standardization(rows);
        var fourier = RandomFourier.Draw(standard, seed: 1);

        var mapped = fourier.Apply(rows);

        var scaled = standard.Apply(rows);
        var differences = new List<double>();
        for (var a = 0; a < rows.Count; a++)
        {
            for (var b = 0; b < rows.Count; b++)
            {
                var distance = Enumerable.Range(0, 2).Sum(i => Math.Pow(scaled[a][i] - scaled[b][i], 2));
                var product = Enumerable.Range(0, RandomFourier.Count).Sum(j => mapped[a][j] * mapped[b][j]);
                differences.Add(product - Math.Exp(-distance / 2)); // gamma = 1 / (2 features of variance 1)
            }
        }

        differences.Average(Math.Abs).ShouldBeLessThan(0.06); // 1 / sqrt(256)
    }

    [Fact]
    public void The_radial_machine_tells_apart_what_no_line_can()
    {
        var settings = ToyRecordings.Settings() with { Features = [ExitFeature.Gap, ExitFeature.TopProb], Layers = [1] };
        var documents = Ring();

        double Right(ExitClassifierKind kind)
        {
            var policy = new FittedExits(new ClassifierFit(settings, documents).Fit(kind));
            return documents.Sum(document => Enumerable.Range(0, document.Tokens).Count(token => (policy.Score(0, document.At(token, 0)) >= 0) == document.Agrees(token, 0))) / 1000.0;
        }

        Right(ExitClassifierKind.SvmRbf).ShouldBeGreaterThan(0.93);
        Right(ExitClassifierKind.SvmLinear).ShouldBeLessThan(0.7);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_chains_likelihood_and_gradient_are_those_of_all_paths(bool isShared)
    {
        const int Checks = 4, Tokens = 7;
        var checks = Enumerable.Range(0, Checks).Select(check => Rows(Tokens, 2, seed: 10 + check)).ToList();
        var field = new ChainField(checks, isShared, penalty: 0.3);
        var random = new SeededRandom(1);
        var at = Enumerable.Range(0, field.Size).Select(_ => random.NextNormal()).ToArray();

        double Slow(double[] parameters)
        {
            var t = ChainField.TransitionOf(parameters);
            var value = 0.0;
            for (var token = 0; token < Tokens; token++)
            {
                double Score(Func<int, int> path) => Enumerable.Range(0, Checks).Sum(check =>
                {
                    var (weights, bias) = field.CheckOf(parameters, check);
                    var x = checks[check][token];
                    return (path(check) * (bias + (weights[0] * x[0]) + (weights[1] * x[1]))) + (check == 0 ? 0 : t[path(check - 1)][path(check)]);
                });
                var all = Enumerable.Range(0, 1 << Checks).Sum(path => Math.Exp(Score(check => (path >> check) & 1)));
                value += Math.Log(all) - Score(check => checks[check].Labels[token] ? 1 : 0);
            }

            var isBias = Enumerable.Range(0, field.Size).Select(i => i < field.Size - 4 && i % 3 == 2).ToArray();
            return value + (0.15 * parameters.Where((_, i) => !isBias[i]).Sum(p => p * p));
        }

        var gradient = new double[field.Size];
        field.Evaluate(at, gradient).ShouldBe(Slow(at), 1e-9);
        for (var i = 0; i < field.Size; i++)
        {
            gradient[i].ShouldBe(Slope(Slow, at, i), 1e-5);
        }

        var fitted = field.Fit();
        for (var i = 0; i < field.Size; i++)
        {
            Slope(Slow, fitted, i).ShouldBe(0, 1e-4);
        }
    }

    [Fact]
    public void A_chains_score_is_the_log_odds_of_exit_over_all_paths_so_far()
    {
        var settings = ToyRecordings.Settings(ExitClassifierKind.Crf);
        var documents = ToyRecordings.Documents(8, 20, seed: 4);
        var classifier = new ClassifierFit(settings, documents).Fit(ExitClassifierKind.Crf);
        var policy = new FittedExits(classifier);
        for (var token = 0; token < 20; token++)
        {
            for (var check = 0; check < 3; check++)
            {
                var score = policy.Score(check, documents[0].At(token, check));

                var sums = new double[2];
                for (var path = 0; path < 1 << (check + 1); path++)
                {
                    int State(int at) => (path >> at) & 1;
                    var potential = Enumerable.Range(0, check + 1).Sum(at =>
                        (State(at) * (classifier.Checks[at].Bias + Enumerable.Range(0, 3).Sum(i => classifier.Checks[at].Weights[i] * documents[0].At(token, at)[i])))
                        + (at == 0 ? 0 : classifier.Transition[State(at - 1)][State(at)]));
                    sums[State(check)] += Math.Exp(potential);
                }

                score.ShouldBe(Math.Log(sums[1] / sums[0]), 1e-9);
            }
        }
    }

    [Fact]
    public void Pooled_blocks_are_the_monotone_function_of_the_minimax_formula()
    {
        var random = new SeededRandom(6);
        var scored = Enumerable.Range(0, 60).Select(i => (Score: Math.Round(random.NextDouble() * 30), Label: random.NextDouble() < i / 60.0)).ToList();
        var groups = scored.GroupBy(item => item.Score).OrderBy(group => group.Key).ToList();
        var blocks = ScoreMap.Pooled(scored);

        for (var i = 0; i < groups.Count; i++)
        {
            // Robertson, Wright and Dykstra 1988: the largest over starts of the smallest over ends of the mean between.
            var expected = Enumerable.Range(0, i + 1).Max(from => Enumerable.Range(i, groups.Count - i).Min(to =>
                groups.Skip(from).Take(to - from + 1).SelectMany(group => group).Average(item => item.Label ? 1.0 : 0)));
            var block = blocks.Last(block => block.Score <= groups[i].Key);
            ((double)block.Leaving / block.Count).ShouldBe(expected, 1e-12);
        }
    }

    [Fact]
    public void A_threshold_is_the_lowest_level_whose_exits_agree_often_enough()
    {
        var random = new SeededRandom(8);
        var scored = Enumerable.Range(0, 300).Select(_ => random.NextDouble()).Select(score => (score, random.NextDouble() < score + 0.3)).ToList();
        var map = ScoreMap.OfShare(scored);
        foreach (var share in new[] { 0.8, 0.9, 0.95, 0.999 })
        {
            var good = scored.Select(item => item.score).Where(level => scored.Where(item => item.score >= level).Average(item => item.Item2 ? 1.0 : 0) >= share).ToList();

            map.LevelFor(share).ShouldBe(good.Count == 0 ? null : good.Min());
        }
    }

    [Fact]
    public void Where_one_label_is_rare_the_map_is_platts_curve()
    {
        var scored = Enumerable.Range(0, 50).Select(i => (Score: (double)i, Label: i is not (3 or 9 or 20))).ToList();
        var map = ScoreMap.OfProbability(scored);
        var levels = new[] { 0.5, 0.9, 0.95, 0.99 }.Select(map.LevelFor).ToList();

        levels.ShouldAllBe(level => level != null);
        levels.ShouldBe(levels.Order());
        ScoreMap.OfProbability([.. scored.Select(item => (-item.Score, item.Label))]).LevelFor(0.9).ShouldBeNull(); // a score that says the opposite is none
        ScoreMap.OfProbability([.. scored.Select(item => (item.Score, true))]).LevelFor(0.9).ShouldBe(0);
        ScoreMap.OfProbability([.. scored.Select(item => (item.Score, true))]).LevelFor(0.99).ShouldBeNull(); // 50 tokens do not show 99 %
        ScoreMap.OfProbability([]).LevelFor(0.6).ShouldBeNull();
    }

    [Fact]
    public void Features_that_do_not_vary_get_no_weight_and_are_named()
    {
        var settings = ToyRecordings.Settings() with { Features = [ExitFeature.Gap, ExitFeature.Depth, ExitFeature.SameArgmaxRun] };
        var documents = ToyRecordings.Documents(10, 30, seed: 2).Select(document =>
        {
            var features = (float[])document.Features.Clone();
            for (var i = 1; i < features.Length; i += 3)
            {
                features[i] = 0.1f + i % 9;
            }

            return document with { Features = features };
        }).ToList();
        foreach (var kind in new[] { ExitClassifierKind.Logistic, ExitClassifierKind.SvmLinear, ExitClassifierKind.Crf })
        {
            var fit = new ClassifierFit(settings, documents);

            fit.Fit(kind).Checks.ShouldAllBe(check => check.Weights[1] == 0 && check.Weights[0] != 0);
            fit.Notes.ShouldContain("after 2 layers: depth is the same for all tokens and is left out");
        }
    }

    [Fact]
    public void One_set_of_constants_may_serve_all_checks()
    {
        foreach (var kind in new[] { ExitClassifierKind.Logistic, ExitClassifierKind.SvmLinear, ExitClassifierKind.SvmRbf, ExitClassifierKind.Crf })
        {
            var settings = ToyRecordings.Settings(kind) with { Classifier = new() { Kind = kind, PerLayer = false } };
            var checks = ToyRecordings.Calibrate(settings, documents: 30).Classifier.Checks;

            checks.ShouldAllBe(check => check.Bias == checks[0].Bias && check.Weights.SequenceEqual(checks[0].Weights) && check.Threshold == checks[0].Threshold);
        }
    }

    [Fact]
    public void Stable_labels_hold_at_every_later_check_too()
    {
        var document = new ExitDocument([1], [1, 1], 3, 1, new float[6], [5, 5, 5, 5, 4, 5], [5, 5], 2);

        Enumerable.Range(0, 3).Select(check => document.IsLabelled(0, check, ExitLabel.Stable)).ShouldBe([true, true, true]);
        Enumerable.Range(0, 3).Select(check => document.IsLabelled(1, check, ExitLabel.Stable)).ShouldBe([false, false, true]);
        Enumerable.Range(0, 3).Select(check => document.IsLabelled(1, check, ExitLabel.Agrees)).ShouldBe([true, false, true]);
    }

    [Fact]
    public void A_NaN_lets_no_token_leave_and_trains_nothing()
    {
        foreach (var kind in Enum.GetValues<ExitClassifierKind>())
        {
            var settings = ToyRecordings.Settings(kind);
            var documents = ToyRecordings.Documents(20, 30, seed: 2);
            var clean = new ClassifierFit(settings, documents).Fit(kind);
            var broken = documents.Append(documents[0] with { Features = [.. documents[0].Features.Select(_ => float.NaN)] }).ToList();
            var fitted = new ClassifierFit(settings, broken).Fit(kind);
            var policy = fitted.WithThresholds([-1e9, -1e9, -1e9]).Policy();

            fitted.Checks.Select(check => check.Bias).ShouldBe(clean.Checks.Select(check => check.Bias));
            for (var check = 0; check < 3; check++)
            {
                policy.Leaves(check, [1, 1, 1]).ShouldBeTrue();
            }

            for (var check = 0; check < 3; check++)
            {
                policy.Leaves(check, [float.NaN, float.NaN, float.NaN]).ShouldBeFalse();
            }

            fitted.WithThresholds([null, null, null]).Policy().Leaves(0, [1, 1, 1]).ShouldBeFalse();
        }
    }

    // Tokens within a circle agree.
    private static List<ExitDocument> Ring()
    {
        var random = new SeededRandom(9);
        return [.. Enumerable.Range(0, 10).Select(_ =>
        {
            var features = Enumerable.Range(0, 200).Select(_ => (float)random.NextNormal()).ToArray();
            var said = Enumerable.Range(0, 100).Select(i => Math.Pow(features[2 * i], 2) + Math.Pow(features[(2 * i) + 1], 2) < 1.4 ? 1 : 2).ToArray();
            return new ExitDocument([1], [], 1, 2, features, said, [.. Enumerable.Repeat(1, 100)], 100);
        })];
    }

    // Labels follow a noisy plane.
    private static TrainingRows Rows(int count, int width, int seed)
    {
        var random = new SeededRandom(seed);
        var features = Enumerable.Range(0, count * width).Select(_ => (float)random.NextNormal()).ToArray();
        var said = Enumerable.Range(0, count).Select(row => features[row * width] + (0.8 * random.NextNormal()) > 0.2 ? 1 : 2).ToArray();
        // Ten documents, so that folds can be told apart.
        var tokens = Math.Max(1, count / 10);
        return TrainingRows.Of(
            [.. Enumerable.Range(0, count).Chunk(tokens).Select(part => new ExitDocument(
                [1], [], 1, width, features[(part[0] * width)..((part[^1] + 1) * width)], said[part[0]..(part[^1] + 1)], [.. part.Select(_ => 1)], part.Length))],
            [0],
            ExitLabel.Agrees);
    }

    private static double[] SlowDescent(Func<double[], double> function, int size, double rate, int steps)
    {
        var at = new double[size];
        for (var step = 0; step < steps; step++)
        {
            var slopes = Enumerable.Range(0, size).Select(i => Slope(function, at, i)).ToArray();
            for (var i = 0; i < size; i++)
            {
                at[i] -= rate * slopes[i];
            }
        }

        return at;
    }

    private static double Slope(Func<double[], double> function, double[] at, int i)
    {
        double Moved(double by)
        {
            var moved = (double[])at.Clone();
            moved[i] += by;
            return function(moved);
        }

        return (Moved(1e-5) - Moved(-1e-5)) / 2e-5;
    }

    private static (double At, double Value) Smallest(Func<double, double> convex)
    {
        var (low, high) = (-20.0, 20.0);
        for (var round = 0; round < 60; round++)
        {
            var (left, right) = (low + ((high - low) / 3), high - ((high - low) / 3));
            (low, high) = convex(left) < convex(right) ? (low, right) : (left, high);
        }

        return (low, convex(low));
    }
}

file static class Policies
{
    public static ExitPolicy Policy(this FittedClassifier classifier) => new FittedExits(classifier);
}
