using System.Text.Json;

namespace SlimSpec;

/// <summary>Reads <c>exits.json</c>, and says at its place what is wrong with it.</summary>
internal static class ExitsFileReader
{
    /// <summary>Reads a file, and the head of low rank beside it.</summary>
    public static ExitsFile Read(string path)
    {
        using var document = JsonInput.Read(path);
        var root = new JsonPlace(path, "", document.RootElement);
        var format = root["format"].Integer(0, int.MaxValue);
        if (format != ExitsFile.Format)
        {
            throw root["format"].Wrong($"is {format}, and this version reads {ExitsFile.Format}; calibrate anew with `slim exits`");
        }

        var depth = root["depth"].Integer(2, int.MaxValue);
        var features = root.Array("features").Items().Select(Word<ExitFeature>).ToList();
        var classifier = Classifier(root.Object("classifier"), features.Count, depth);
        var layers = root.Array("layers").Items().Select(item => item.Integer(1, depth - 1)).ToList();
        if (!layers.SequenceEqual(classifier.Checks.Select(check => check.Layers)))
        {
            throw root["layers"].Wrong($"is {string.Join(", ", layers)}, but classifier.checks are after {string.Join(", ", classifier.Checks.Select(check => check.Layers))} layers");
        }

        var head = Head(root.Object("head"));
        return new()
        {
            Recipe = root["recipe"].String(),
            RecipeHash = root["recipe_hash"].String(),
            Weights = root["weights"].String(),
            Depth = depth,
            Features = features,
            Head = head,
            Classifier = classifier,
            Certificate = Certificate(root.Object("certificate")),
            Report = Report(root.Object("report"), classifier.Checks.Count, depth),
            Cost = root.Has("cost") ? root["cost"].Element.Clone() : null,
            Enabled = Flag(root["enabled"]),
            Factors = head.Policy == ExitHeadPolicy.Lowrank ? Factors(root.Object("head"), path, head.Rank) : null,
            Path = path,
        };
    }

    private static ExitHeadSettings Head(JsonPlace head) => new()
    {
        Policy = Word<ExitHeadPolicy>(head["policy"]),
        Rank = head["rank"].Integer(1, int.MaxValue),
        Shortlist = head["shortlist"].Integer(1, int.MaxValue),
        Confirm = Flag(head["confirm"]),
    };

    private static LowRankFactors Factors(JsonPlace head, string path, int rank)
    {
        // Whoever renamed the one has renamed the other, or has not.
        var renamed = Path.GetFullPath(ExitsFile.FactorsPath(path));
        var file = File.Exists(renamed) ? renamed : Path.Combine(Path.GetDirectoryName(renamed)!, Path.GetFileName(head["file"].String()));
        if (!File.Exists(file))
        {
            throw head["file"].Wrong($"there is no {file}; calibrate anew with `slim exits`");
        }

        if (ExitsFile.HashOf(file) != head["file_hash"].String())
        {
            throw head["file_hash"].Wrong($"is not the hash of {file}: the two files are not of one calibration; calibrate anew with `slim exits`");
        }

        var factors = LowRankFactors.Read(file);
        if (factors.Rank == rank)
        {
            return factors;
        }

        factors.Dispose();
        throw head["rank"].Wrong($"is {rank}, but the head in {file} has rank {factors.Rank}");
    }

    private static FittedClassifier Classifier(JsonPlace classifier, int features, int depth)
    {
        var form = Word<ExitForm>(classifier["form"]);
        List<List<double>> frequencies = form == ExitForm.Fourier ? [.. classifier.Array("frequencies").Items().Select(row => Numbers(row, features))] : [];
        var width = form == ExitForm.Fourier ? frequencies.Count : features;
        var checks = classifier.Array("checks").Items().Select(check => Check(check, form, features, width, depth)).ToList();
        if (checks.Count == 0 || checks.Zip(checks.Skip(1)).Any(pair => pair.First.Layers >= pair.Second.Layers))
        {
            throw classifier["checks"].Wrong(checks.Count == 0 ? "there are none" : "their layers do not ascend");
        }

        return new()
        {
            Kind = Word<ExitClassifierKind>(classifier["kind"]),
            Form = form,
            Checks = checks,
            Frequencies = frequencies,
            Phases = form == ExitForm.Fourier ? Numbers(classifier["phases"], width) : [],
            Transition = form == ExitForm.Chain ? [.. Items(classifier["transition"], 2).Select(row => Numbers(row, 2))] : [],
        };
    }

    private static FittedCheck Check(JsonPlace check, ExitForm form, int features, int width, int depth)
    {
        var layers = check["layers"].Integer(1, depth - 1);
        var threshold = Threshold(check);
        return form == ExitForm.Threshold
            ? new() { Layers = layers, Feature = check["feature"].Integer(0, features - 1), Threshold = threshold }
            : new() { Layers = layers, Weights = Numbers(check["weights"], width), Bias = Number(check["bias"]), Threshold = threshold };
    }

    // Null says that no token leaves; a key that is not there says nothing.
    private static double? Threshold(JsonPlace check) =>
        !check.Element.TryGetProperty("threshold", out var value) ? throw check.Wrong("'threshold' is missing")
        : value.ValueKind == JsonValueKind.Null ? null
        : Number(check["threshold"]);

    private static ExitCertificate Certificate(JsonPlace certificate) => new()
    {
        TargetAgreement = Number(certificate["target_agreement"]),
        Confidence = Number(certificate["confidence"]),
        Certified = Flag(certificate["certified"]),
        Exits = Count(certificate["exits"]),
        Errors = Count(certificate["errors"]),
        UpperBound = Number(certificate["upper_bound"]),
        Documents = Count(certificate["documents"]),
        DesignEffect = Number(certificate["design_effect"]),
        AverageLayers = Number(certificate["average_layers"]),
        Tokens = Count(certificate["tokens"]),
    };

    private static ExitReport Report(JsonPlace report, int checks, int depth) => new()
    {
        Documents = [.. Items(report["documents"], 3).Select(Count)],
        Tokens = [.. Items(report["tokens"], 3).Select(Count)],
        Agreement = Number(report["agreement"]),
        Histogram = [.. Items(report["histogram"], depth + 1).Select(Count)],
        Checks = [.. Items(report["checks"], checks).Select(check => new ExitCheckReport
        {
            Layers = check["layers"].Integer(1, depth - 1),
            Agreeing = Number(check["agreeing"]),
            Reached = Count(check["reached"]),
            Exits = Count(check["exits"]),
            Errors = Count(check["errors"]),
        })],
        OracleLayers = Number(report["oracle_layers"]),
        MissedExits = Number(report["missed_exits"]),
        ShortlistRecall = report.Has("shortlist_recall") ? Number(report["shortlist_recall"]) : null,
        Labelled = [.. Items(report["labelled"], checks).Select(Count)],
        ClosedLoop = Flag(report["closed_loop"]),
        Comparison = [.. report.Array("comparison").Items().Select(kind => new ExitComparison
        {
            Kind = Word<ExitClassifierKind>(kind["kind"]),
            Agreement = Number(kind["agreement"]),
            ExitShare = Number(kind["exit_share"]),
            AverageLayers = Number(kind["average_layers"]),
        })],
        Notes = [.. report.Array("notes").Items().Select(note => note.String())],
    };

    private static T Word<T>(JsonPlace place)
        where T : struct, Enum =>
        SpecWords.Find<T>(place.String()) ?? throw place.Expected($"one of {string.Join(", ", Enum.GetValues<T>().Select(value => SpecWords.Of(value)))}");

    private static bool Flag(JsonPlace place) => place.Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw place.Expected("true or false"),
    };

    private static double Number(JsonPlace place) =>
        place.Element.ValueKind == JsonValueKind.Number && place.Element.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw place.Expected("a finite number");

    private static long Count(JsonPlace place) =>
        place.Element.ValueKind == JsonValueKind.Number && place.Element.TryGetInt64(out var count) && count >= 0 ? count : throw place.Expected("a whole number from 0 on");

    private static List<JsonPlace> Items(JsonPlace place, int count) =>
        place.Items().ToList() is var items && items.Count == count ? items : throw place.Wrong($"has {place.Items().Count()} items, expected {count}");

    private static List<double> Numbers(JsonPlace place, int count) => [.. Items(place, count).Select(Number)];
}
