using System.Security.Cryptography;
using System.Text.Json;

namespace SlimSpec;

/// <summary>
/// Fitted exits (<c>exits.json</c>): the classifier's constants, what is guaranteed of them and what was measured, with the recipe and the weights
/// that they are for. The factors of a head of low rank lie beside it as safetensors.
/// </summary>
public sealed record ExitsFile
{
    /// <summary>Its name in a checkpoint's folder.</summary>
    public const string FileName = "exits.json";

    internal const int Format = 1;

    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The recipe's hash (<see cref="SlimSpec.Recipe.Hash"/>).</summary>
    public required string RecipeHash { get; init; }

    /// <summary>The weights' fingerprint (<see cref="CheckpointFingerprint"/>).</summary>
    public required string Weights { get; init; }

    /// <summary>Layers of the model.</summary>
    public required int Depth { get; init; }

    /// <summary>Layers of the checks.</summary>
    public IReadOnlyList<int> Layers => [.. Classifier.Checks.Select(check => check.Layers)];

    /// <summary>What the classifier looks at.</summary>
    public required IReadOnlyList<ExitFeature> Features { get; init; }

    /// <summary>How checks read.</summary>
    public required ExitHeadSettings Head { get; init; }

    /// <summary>What decides.</summary>
    public required FittedClassifier Classifier { get; init; }

    /// <summary>What is guaranteed.</summary>
    public required ExitCertificate Certificate { get; init; }

    /// <summary>What the calibration found.</summary>
    public required ExitReport Report { get; init; }

    /// <summary>What was measured of its cost, in a form of the one who measured; null: nothing.</summary>
    public JsonElement? Cost { get; init; }

    /// <summary>Whether generation uses the exits, or the guard has turned them off.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The head of low rank; null where the recipe has none. The file's user owns it.</summary>
    public LowRankFactors? Factors { get; init; }

    /// <summary>Where it was read from; null: nowhere.</summary>
    public string? Path { get; init; }

    /// <summary>A policy that decides by the constants.</summary>
    public ExitPolicy CreatePolicy() => new FittedExits(Classifier);

    /// <summary>Writes the file, and a head of low rank beside it; each is there whole or not at all.</summary>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    public void Write(string path)
    {
        string? hash = null;
        if (Factors is not null)
        {
            Factors.Write(FactorsPath(path));
            hash = HashOf(FactorsPath(path));
        }

        AtomicFile.Write(path, stream => ExitsFileWriter.Write(this, stream, Factors is null ? null : System.IO.Path.GetFileName(FactorsPath(path)), hash));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="SlimException">It is missing or malformed; the message names the key.</exception>
    public static ExitsFile Read(string path) => ExitsFileReader.Read(path);

    /// <summary>Refuses to be used with another recipe, model or weights than it was made for.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="depth">Layers of the model.</param>
    /// <param name="weightsHash">The weights' fingerprint.</param>
    /// <exception cref="SlimException">It is stale; the message says in what, and what to do.</exception>
    public void Check(Recipe recipe, int depth, string weightsHash)
    {
        var settings = recipe.Settings.Exits ?? throw Stale($"the recipe {recipe.Name} has no exits");
        Require(Recipe == recipe.Name, $"it is for the recipe {Recipe}, not {recipe.Name}");
        Require(Depth == depth, $"it is for {Depth} layers, the model has {depth}");
        Require(Layers.SequenceEqual(settings.Layers), $"its checks are after {List(Layers)} layers, the recipe's after {List(settings.Layers)}");
        Require(Features.SequenceEqual(settings.Features), $"its features are {List(Features.Select(feature => SpecWords.Of(feature)))}, the recipe's {List(settings.Features.Select(feature => SpecWords.Of(feature)))}");
        Require(Classifier.Kind == settings.Classifier.Kind, $"its classifier is {SpecWords.Of(Classifier.Kind)}, the recipe's {SpecWords.Of(settings.Classifier.Kind)}");
        Require(Head.Policy == settings.Head.Policy, $"its head is {SpecWords.Of(Head.Policy)}, the recipe's {SpecWords.Of(settings.Head.Policy)}");
        Require(RecipeHash == recipe.Hash, $"the recipe {recipe.Name} has changed since");
        Require(Weights == weightsHash, "the model's weights are not those that it was calibrated with");
        void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw Stale(otherwise);
            }
        }
    }

    /// <summary>Where a head of low rank is written: beside exits.json as exits.safetensors, beside NAME.exits.json as NAME.exits.safetensors.</summary>
    internal static string FactorsPath(string path) => System.IO.Path.ChangeExtension(path, ".safetensors");

    /// <summary>SHA-256 of a file, 64 hexadecimal digits.</summary>
    internal static string HashOf(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private SlimException Stale(string why) => new($"{Path ?? FileName}: {why}; calibrate anew with `slim exits`");

    private static string List<T>(IEnumerable<T> items) => string.Join(", ", items);
}
