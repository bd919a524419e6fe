using System.Text.Encodings.Web;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Writes <c>exits.json</c>: the same bytes for the same content; numbers in the shortest form that reads back exactly.</summary>
internal static class ExitsFileWriter
{
    // Hashes, names and notes are read by people.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file.</summary>
    /// <param name="file">The content.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="factors">File name of the head of low rank, or null.</param>
    /// <param name="factorsHash">Its hash.</param>
    public static void Write(ExitsFile file, Stream stream, string? factors, string? factorsHash)
    {
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("format", ExitsFile.Format);
            json.WriteString("recipe", file.Recipe);
            json.WriteString("recipe_hash", file.RecipeHash);
            json.WriteString("weights", file.Weights);
            json.WriteNumber("depth", file.Depth);
            Numbers(json, "layers", file.Layers.Select(layers => (long)layers));
            json.WriteStartArray("features");
            foreach (var feature in file.Features)
            {
                json.WriteStringValue(SpecWords.Of(feature));
            }

            json.WriteEndArray();
            Head(json, file.Head, factors, factorsHash);
            Classifier(json, file.Classifier);
            Certificate(json, file.Certificate);
            Report(json, file.Report);
            if (file.Cost is { } cost)
            {
                json.WritePropertyName("cost");
                cost.WriteTo(json);
            }

            json.WriteBoolean("enabled", file.Enabled);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void Head(Utf8JsonWriter json, ExitHeadSettings head, string? factors, string? factorsHash)
    {
        json.WriteStartObject("head");
        json.WriteString("policy", SpecWords.Of(head.Policy));
        json.WriteNumber("rank", head.Rank);
        json.WriteNumber("shortlist", head.Shortlist);
        json.WriteBoolean("confirm", head.Confirm);
        if (factors is not null)
        {
            json.WriteString("file", factors);
            json.WriteString("file_hash", factorsHash);
        }

        json.WriteEndObject();
    }

    private static void Classifier(Utf8JsonWriter json, FittedClassifier classifier)
    {
        json.WriteStartObject("classifier");
        json.WriteString("kind", SpecWords.Of(classifier.Kind));
        json.WriteString("form", SpecWords.Of(classifier.Form));
        if (classifier.Form == ExitForm.Fourier)
        {
            Table(json, "frequencies", classifier.Frequencies);
            Numbers(json, "phases", classifier.Phases);
        }

        if (classifier.Form == ExitForm.Chain)
        {
            Table(json, "transition", classifier.Transition);
        }

        json.WriteStartArray("checks");
        foreach (var check in classifier.Checks)
        {
            Check(json, classifier.Form, check);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Check(Utf8JsonWriter json, ExitForm form, FittedCheck check)
    {
        json.WriteStartObject();
        json.WriteNumber("layers", check.Layers);
        if (form == ExitForm.Threshold)
        {
            json.WriteNumber("feature", check.Feature);
        }
        else
        {
            Numbers(json, "weights", check.Weights);
            json.WriteNumber("bias", check.Bias);
        }

        if (check.Threshold is { } threshold)
        {
            json.WriteNumber("threshold", threshold);
        }
        else
        {
            json.WriteNull("threshold");
        }

        json.WriteEndObject();
    }

    private static void Certificate(Utf8JsonWriter json, ExitCertificate certificate)
    {
        json.WriteStartObject("certificate");
        json.WriteNumber("target_agreement", certificate.TargetAgreement);
        json.WriteNumber("confidence", certificate.Confidence);
        json.WriteBoolean("certified", certificate.Certified);
        json.WriteNumber("exits", certificate.Exits);
        json.WriteNumber("errors", certificate.Errors);
        json.WriteNumber("upper_bound", certificate.UpperBound);
        json.WriteNumber("documents", certificate.Documents);
        json.WriteNumber("design_effect", certificate.DesignEffect);
        json.WriteNumber("average_layers", certificate.AverageLayers);
        json.WriteNumber("tokens", certificate.Tokens);
        json.WriteEndObject();
    }

    private static void Report(Utf8JsonWriter json, ExitReport report)
    {
        json.WriteStartObject("report");
        Numbers(json, "documents", report.Documents);
        Numbers(json, "tokens", report.Tokens);
        json.WriteNumber("agreement", report.Agreement);
        Numbers(json, "histogram", report.Histogram);
        json.WriteStartArray("checks");
        foreach (var check in report.Checks)
        {
            json.WriteStartObject();
            json.WriteNumber("layers", check.Layers);
            json.WriteNumber("agreeing", check.Agreeing);
            json.WriteNumber("reached", check.Reached);
            json.WriteNumber("exits", check.Exits);
            json.WriteNumber("errors", check.Errors);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("oracle_layers", report.OracleLayers);
        json.WriteNumber("missed_exits", report.MissedExits);
        if (report.ShortlistRecall is { } recall)
        {
            json.WriteNumber("shortlist_recall", recall);
        }

        Numbers(json, "labelled", report.Labelled);
        json.WriteBoolean("closed_loop", report.ClosedLoop);
        json.WriteStartArray("comparison");
        foreach (var kind in report.Comparison)
        {
            json.WriteStartObject();
            json.WriteString("kind", SpecWords.Of(kind.Kind));
            json.WriteNumber("agreement", kind.Agreement);
            json.WriteNumber("exit_share", kind.ExitShare);
            json.WriteNumber("average_layers", kind.AverageLayers);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("notes");
        foreach (var note in report.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Short lists stay on one line; the indented form would give each of a kernel's constants its own.
    private static void Numbers(Utf8JsonWriter json, string key, IEnumerable<double> numbers)
    {
        json.WritePropertyName(key);
        json.WriteRawValue(Line(numbers));
    }

    private static void Numbers(Utf8JsonWriter json, string key, IEnumerable<long> numbers)
    {
        json.WritePropertyName(key);
        json.WriteRawValue($"[{string.Join(", ", numbers)}]");
    }

    private static void Table(Utf8JsonWriter json, string key, IEnumerable<IReadOnlyList<double>> rows)
    {
        json.WriteStartArray(key);
        foreach (var row in rows)
        {
            json.WriteRawValue(Line(row));
        }

        json.WriteEndArray();
    }

    private static string Line(IEnumerable<double> numbers) => $"[{string.Join(", ", numbers.Select(number => JsonSerializer.Serialize(number)))}]";
}
