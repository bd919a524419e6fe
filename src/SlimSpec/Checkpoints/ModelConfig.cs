using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>
/// A <c>config.json</c>. A size that layers have of their own is one integer, or an array with one integer a layer; which
/// keys there are is the architecture's to say.
/// </summary>
internal sealed class ModelConfig
{
    /// <summary>Name of the file in a checkpoint folder.</summary>
    public const string FileName = "config.json";

    /// <summary>The key that marks a folder as written here, and says by which recipe.</summary>
    public const string MarkerKey = "slimspec";

    /// <summary>The architecture's name for the number of layers.</summary>
    private const string LayersDimension = "layers";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonPlace _root;

    private ModelConfig(JsonPlace root) => _root = root;

    /// <summary>Whether the folder it describes was written by <see cref="CheckpointWriter"/>.</summary>
    public bool IsOurs => _root.Has(MarkerKey);

    /// <summary>Reads a file.</summary>
    /// <exception cref="SlimException">It is missing or not a JSON object.</exception>
    public static ModelConfig Read(string path)
    {
        using var document = JsonInput.Read(path);
        return new(new JsonPlace(path, "", document.RootElement.Clone()));
    }

    /// <summary>See <see cref="HuggingFaceFolder.Check"/>.</summary>
    public void Check(Recipe recipe)
    {
        var architecture = recipe.Architecture;
        var type = _root["model_type"].String();
        if (!architecture.ModelTypes.Contains(type))
        {
            throw new SlimException($"{_root.File}: model_type is '{type}', but recipe {recipe.Name} is of architecture {architecture.Name}, which serves {string.Join(", ", architecture.ModelTypes)}");
        }

        CheckSize(recipe, LayersDimension, recipe.Dense.LayerCount);
        foreach (var (dimension, size) in recipe.Dense.SharedDimensions)
        {
            CheckSize(recipe, dimension, size);
        }

        CheckAbsentSizes(recipe);
        foreach (var (key, compiled) in architecture.Constants)
        {
            CheckConstant(recipe, key, compiled);
        }

        foreach (var (key, accepted) in architecture.Requires)
        {
            if (_root.Element.TryGetProperty(key, out var value) && !accepted.Contains(value.GetRawText()))
            {
                throw new SlimException($"{_root.File}: {key} is {value.GetRawText()}, but the architecture {architecture.Name} computes {string.Join(" or ", accepted)} only");
            }
        }
    }

    /// <summary>See <see cref="HuggingFaceFolder.ReadShape"/>.</summary>
    public ModelShape ReadShape(Recipe recipe)
    {
        Check(recipe);
        var shape = recipe.Dense;
        foreach (var dimension in shape.LayerDimensions)
        {
            if (!recipe.Architecture.DimensionKeys.TryGetValue(dimension, out var key) || !_root.Has(key))
            {
                continue;
            }

            var sizes = LayerSizes(_root[key], shape.LayerCount);
            for (var layer = 0; layer < sizes.Length; layer++)
            {
                shape = shape[dimension, layer] == sizes[layer] ? shape : shape.With(dimension, layer, sizes[layer]);
            }
        }

        return shape;
    }

    /// <summary>The text of this configuration with a shape and dtype in place of its own, marked as written by a recipe.</summary>
    public string With(ModelShape shape, Recipe recipe, torch.ScalarType dtype)
    {
        var config = JsonObject.Create(_root.Element)!;
        foreach (var (dimension, key) in recipe.Architecture.DimensionKeys)
        {
            if (Sizes(shape, dimension) is { } sizes)
            {
                config[key] = sizes.Distinct().Count() == 1 ? sizes[0] : new JsonArray([.. sizes.Select(size => JsonValue.Create(size))]);
            }
        }

        // Newer versions of transformers write the shorter name.
        config[config.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = DtypeName(dtype);
        config[MarkerKey] = new JsonObject { ["recipe"] = recipe.Name, ["hash"] = recipe.Hash };
        return config.ToJsonString(Indented) + "\n";
    }

    private static int[]? Sizes(ModelShape shape, string dimension) =>
        dimension == LayersDimension ? [shape.LayerCount]
        : shape.SharedDimensions.TryGetValue(dimension, out var size) ? [size]
        : shape.LayerDimensions.Contains(dimension) ? [.. Enumerable.Range(0, shape.LayerCount).Select(layer => shape[dimension, layer])]
        : null;

    private static int[] LayerSizes(JsonPlace value, int layers)
    {
        if (value.Element.ValueKind != JsonValueKind.Array)
        {
            return [.. Enumerable.Repeat(value.Integer(1, int.MaxValue), layers)];
        }

        int[] sizes = [.. value.Items().Select(item => item.Integer(1, int.MaxValue))];
        return sizes.Length == layers ? sizes : throw value.Wrong($"the array has {sizes.Length} sizes, but there are {layers} layers");
    }

    private static string DtypeName(torch.ScalarType dtype) => dtype switch
    {
        torch.ScalarType.Float16 => "float16",
        torch.ScalarType.BFloat16 => "bfloat16",
        torch.ScalarType.Float32 => "float32",
        torch.ScalarType.Float64 => "float64",
        _ => throw new SlimException($"a checkpoint cannot have dtype {dtype}; choose float32, float16, bfloat16 or float64"),
    };

    private void CheckSize(Recipe recipe, string dimension, int compiled)
    {
        if (recipe.Architecture.DimensionKeys.TryGetValue(dimension, out var key) && _root.Has(key) && _root[key].Integer(1, int.MaxValue) is var size && size != compiled)
        {
            throw Disagreement(recipe, key, size.ToString(CultureInfo.InvariantCulture), compiled.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void CheckConstant(Recipe recipe, string key, object compiled)
    {
        if (!_root.Has(key))
        {
            if (recipe.Architecture.ConstantDefaults.TryGetValue(key, out var meant) && !meant.Equals(compiled))
            {
                throw Disagreement(recipe, key, $"absent, which means {Text(meant)}", Text(compiled));
            }

            return;
        }

        var element = _root[key].Element;
        var same = compiled switch
        {
            bool flag => element.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
            double number => element.ValueKind == JsonValueKind.Number && element.GetDouble() == number,
            var other => throw new InvalidOperationException($"The constant {key} of {recipe.Architecture.Name} is a {other.GetType().Name}; numbers are double, flags bool."),
        };
        if (!same)
        {
            throw Disagreement(recipe, key, element.GetRawText(), Text(compiled));
        }
    }

    // A size that is left out follows from the others, so it is the compiled one only as long as they are.
    private void CheckAbsentSizes(Recipe recipe)
    {
        var keys = recipe.Architecture.DimensionKeys;
        if (keys.Values.FirstOrDefault(key => !_root.Has(key)) is not { } absent)
        {
            return;
        }

        foreach (var dimension in recipe.Dense.LayerDimensions.Where(dimension => keys.ContainsKey(dimension) && _root.Has(keys[dimension])))
        {
            var sizes = LayerSizes(_root[keys[dimension]], recipe.Dense.LayerCount);
            for (var layer = 0; layer < sizes.Length; layer++)
            {
                if (sizes[layer] != recipe.Dense[dimension, layer])
                {
                    var compiled = recipe.Dense[dimension, layer].ToString(CultureInfo.InvariantCulture);
                    throw Disagreement(recipe, keys[dimension], _root[keys[dimension]].Element.GetRawText(), $"{compiled}, and {absent}, which may follow from it, is absent");
                }
            }
        }
    }

    private SlimException Disagreement(Recipe recipe, string key, string given, string compiled) =>
        new($"{_root.File}: {key} is {given}, but the recipe {recipe.Name} was compiled for {compiled}");

    private static string Text(object value) => value is bool flag ? (flag ? "true" : "false") : string.Create(CultureInfo.InvariantCulture, $"{value}");
}
