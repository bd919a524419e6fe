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

    /// <summary>Name of the recipe that wrote the folder, or null.</summary>
    public string? WrittenBy =>
        _root.Element.TryGetProperty(MarkerKey, out var marker) && marker.ValueKind == JsonValueKind.Object
        && marker.TryGetProperty("recipe", out var recipe) && recipe.ValueKind == JsonValueKind.String ? recipe.GetString() : null;

    /// <summary>The classes that the model tells apart, in order, where the file names them.</summary>
    public IReadOnlyList<string>? Classes => ClassifierKeys.Read(_root);

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

        // A cut may have made a slim checkpoint shallower or narrower; any other one of another size is another model.
        if (!IsOurs || LayerCount(recipe) > recipe.Dense.LayerCount)
        {
            CheckSize(recipe, LayersDimension, recipe.Dense.LayerCount);
        }

        foreach (var (dimension, size) in recipe.Dense.SharedDimensions.Where(shared => !IsOurs || !recipe.Dense.ModelDimensions.Contains(shared.Key)))
        {
            CheckSize(recipe, dimension, size);
        }

        foreach (var given in recipe.Dense.ModelDimensions.Select(dimension => Given(recipe, dimension).ToList()).Where(given => given.Count > 1))
        {
            OneSize(recipe, given);
        }

        CheckWhatFollows(recipe);
        foreach (var constant in architecture.Constants)
        {
            CheckConstant(recipe, constant);
        }

        foreach (var (key, accepted) in architecture.Requires)
        {
            if (ConfigKey.Text(_root, key) is { } value && !accepted.Contains(value))
            {
                throw new SlimException($"{_root.File}: {key} is {value}, but the architecture {architecture.Name} computes {string.Join(" or ", accepted)} only");
            }
        }
    }

    /// <summary>See <see cref="HuggingFaceFolder.ReadShape"/>.</summary>
    public ModelShape ReadShape(Recipe recipe)
    {
        Check(recipe);
        var layers = LayerCount(recipe);
        var shape = layers == recipe.Dense.LayerCount ? recipe.Dense : recipe.Dense.KeepLayers([.. Enumerable.Range(0, layers)]);
        foreach (var dimension in shape.ModelDimensions)
        {
            var given = Given(recipe, dimension).ToList();
            if (given.Count > 0 && OneSize(recipe, given) is var size && size != shape.SharedDimensions[dimension])
            {
                shape = shape.With(dimension, size);
            }
        }

        foreach (var dimension in shape.LayerDimensions)
        {
            foreach (var given in Given(recipe, dimension))
            {
                var sizes = OwnSizes(recipe, dimension, given, shape.LayerCount) ?? LayerSizes(given, shape.LayerCount, Least(recipe, dimension));
                for (var layer = 0; layer < sizes.Length; layer++)
                {
                    shape = shape[dimension, layer] == sizes[layer] ? shape : shape.With(dimension, layer, sizes[layer]);
                }
            }
        }

        return shape;
    }

    /// <summary>The text of this configuration with a shape and dtype in place of its own, marked as written by a recipe.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dtype">The dtype.</param>
    /// <param name="layers">Which layers of this configuration the shape's are, where it has fewer.</param>
    /// <param name="classes">The classes that the model tells apart, where it has a classifier.</param>
    /// <exception cref="SlimException">The shape has another size than the architecture's own, for which there is no key.</exception>
    public string With(ModelShape shape, Recipe recipe, torch.ScalarType dtype, IReadOnlyList<int>? layers = null, IReadOnlyList<string>? classes = null)
    {
        var config = JsonObject.Create(_root.Element)!;
        if (LayerCount(recipe) is var before && before != shape.LayerCount)
        {
            LayerLists.Keep(config, before, layers ?? throw new ArgumentNullException(nameof(layers), $"Which of the {before} layers are the {shape.LayerCount}?"));
        }

        foreach (var dimension in recipe.Architecture.Dimensions)
        {
            if (Sizes(shape, dimension.Name) is not { } sizes)
            {
                continue;
            }

            if (dimension.Keys.Count == 0)
            {
                CheckFixed(recipe, dimension.Name, sizes);
                continue;
            }

            foreach (var key in WrittenKeys(dimension.Keys, recipe.Architecture))
            {
                ConfigKey.Set(config, key, sizes.Distinct().Count() == 1 ? sizes[0] : new JsonArray([.. sizes.Select(size => JsonValue.Create(size))]));
            }
        }

        foreach (var constant in recipe.Architecture.Constants.Where(constant => constant.FollowsDimensions))
        {
            WrittenKeys(constant.Keys, recipe.Architecture).ForEach(key => ConfigKey.Set(config, key, Node(constant.Value)));
        }

        if (classes is not null)
        {
            ClassifierKeys.Set(config, recipe.Architecture, classes);
        }

        // Newer versions of transformers write the shorter name.
        config[config.ContainsKey("dtype") ? "dtype" : "torch_dtype"] = DtypeName(dtype);
        config[MarkerKey] = new JsonObject { ["recipe"] = recipe.Name, ["hash"] = recipe.Hash };
        return config.ToJsonString(Indented) + "\n";
    }

    /// <summary>Puts constants where an empty configuration has none; those that say by their absence what they say are left out.</summary>
    public static void AddConstants(JsonObject config, ArchitectureInfo architecture)
    {
        foreach (var constant in architecture.Constants.Where(constant => !constant.IsPresence && constant.Value is not null))
        {
            ConfigKey.Set(config, constant.Keys[0], Node(constant.Value));
        }
    }

    private static JsonNode? Node(object? constant) => constant switch
    {
        bool flag => JsonValue.Create(flag),
        double number => JsonValue.Create(number),
        string word => JsonValue.Create(word),
        null => null,
        var other => throw new InvalidOperationException($"A constant is a {other.GetType().Name}; numbers are double, flags bool, words string."),
    };

    private static void CheckFixed(Recipe recipe, string dimension, int[] sizes)
    {
        var own = Sizes(recipe.Dense, dimension)!;
        if (!sizes.SequenceEqual(own))
        {
            throw new SlimException($"{recipe.SpecFile}: the model's {dimension} is {string.Join(", ", sizes.Distinct())}, but the architecture {recipe.Architecture.Name} fixes it at {own[0]} and config.json has no key for it; cut another unit, or give the dimension a key");
        }
    }

    private static int[]? Sizes(ModelShape shape, string dimension) =>
        dimension == LayersDimension ? [shape.LayerCount]
        : shape.SharedDimensions.TryGetValue(dimension, out var size) ? [size]
        : shape.LayerDimensions.Contains(dimension) ? [.. Enumerable.Range(0, shape.LayerCount).Select(layer => shape[dimension, layer])]
        : null;

    private static int[] LayerSizes(JsonPlace value, int layers, int least)
    {
        if (value.Element.ValueKind != JsonValueKind.Array)
        {
            return [.. Enumerable.Repeat(value.Integer(1, int.MaxValue), layers)];
        }

        int[] sizes = [.. value.Items().Select(item => item.Integer(least, int.MaxValue))];
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

    private static string Text(object? constant) => Node(constant)?.ToJsonString() ?? "null";

    // All keys that the file has, lest two of them disagree; else the first whose presence would not be read as a flag.
    private List<string> WrittenKeys(IReadOnlyList<string> keys, ArchitectureInfo architecture)
    {
        var present = keys.Where(key => ConfigKey.Find(_root, key) is not null).ToList();
        var absent = architecture.Constants.Where(constant => constant.IsPresence && constant.Value is false).SelectMany(constant => constant.Keys).ToHashSet();
        return present.Count > 0 ? present : [keys.FirstOrDefault(key => !absent.Contains(key), keys[0])];
    }

    private JsonPlace? Find(IReadOnlyList<string> keys) => keys.Select(key => ConfigKey.Find(_root, key)).FirstOrDefault(place => place is not null);

    // What the file says of a dimension: more than one place where the recipe's configuration made two dimensions one.
    private IEnumerable<JsonPlace> Given(Recipe recipe, string dimension) =>
        recipe.Architecture.Dimensions.Where(each => each.Name == dimension).Select(each => Find(each.Keys)).OfType<JsonPlace>();

    // What an exported folder says of single layers.
    private int[]? OwnSizes(Recipe recipe, string dimension, JsonPlace given, int layers) => !IsOurs || given.Element.ValueKind == JsonValueKind.Array ? null : PerLayerConfig.Sizes(
        _root,
        [.. recipe.Architecture.Dimensions.Where(each => each.Name == dimension).SelectMany(each => each.Keys)],
        [.. recipe.Architecture.Branches.Where(branch => branch.Value.Contains(dimension)).Select(branch => branch.Key)],
        layers,
        given.Integer(1, int.MaxValue));

    private int OneSize(Recipe recipe, List<JsonPlace> given)
    {
        var size = given[0].Integer(1, int.MaxValue);
        foreach (var other in given.Where(place => place.Integer(1, int.MaxValue) != size))
        {
            throw Disagreement(recipe, other.Path, other.Element.GetRawText(), $"a model in which it equals {given[0].Path}, which is {size.ToString(CultureInfo.InvariantCulture)}");
        }

        return size;
    }

    // A layer whose attention or MLP is gone has size 0.
    private int Least(Recipe recipe, string dimension) => IsOurs && recipe.Dense.BranchDimensions.Contains(dimension) ? 0 : 1;

    // The architecture's own number where there is no key for it.
    private int LayerCount(Recipe recipe) =>
        Given(recipe, LayersDimension).Select(given => given.Integer(1, int.MaxValue)).FirstOrDefault(recipe.Dense.LayerCount);

    private void CheckSize(Recipe recipe, string dimension, int compiled)
    {
        foreach (var given in Given(recipe, dimension))
        {
            if (given.Integer(1, int.MaxValue) is var size && size != compiled)
            {
                throw Disagreement(recipe, given.Path, size.ToString(CultureInfo.InvariantCulture), compiled.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private void CheckConstant(Recipe recipe, ConfigConstant constant)
    {
        var given = Find(constant.Keys);
        if (constant.IsPresence)
        {
            if (given.HasValue != constant.Value is true)
            {
                throw Disagreement(recipe, constant.Keys[0], given.HasValue ? "there" : "absent", $"a configuration {(given.HasValue ? "without" : "with")} it");
            }
        }
        else if (given is not { } place)
        {
            if (constant.MayBeAbsent && !Equals(constant.Default, constant.Value))
            {
                throw Disagreement(recipe, constant.Keys[0], $"absent, which means {Text(constant.Default)}", Text(constant.Value));
            }
        }
        else if (!IsValue(place.Element, constant.Value))
        {
            throw Disagreement(recipe, place.Path, place.Element.GetRawText(), Text(constant.Value));
        }
    }

    private static bool IsValue(JsonElement element, object? constant) => constant switch
    {
        bool flag => element.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False),
        double number => element.ValueKind == JsonValueKind.Number && element.GetDouble() == number,
        string word => element.ValueKind == JsonValueKind.String && element.ValueEquals(word),
        _ => false,
    };

    // What is left out may follow from sizes, so it is the compiled value only as long as they are.
    private void CheckWhatFollows(Recipe recipe)
    {
        var sizes = recipe.Architecture.Dimensions.Where(dimension => Sizes(recipe.Dense, dimension.Name) is not null).Select(dimension => dimension.Keys);
        var constants = recipe.Architecture.Constants.Where(constant => constant.FollowsDimensions).Select(constant => constant.Keys);
        if (sizes.Concat(constants).FirstOrDefault(keys => keys.Count > 0 && Find(keys) is null) is not { } absent)
        {
            return;
        }

        foreach (var dimension in recipe.Dense.ModelDimensions.Concat(recipe.Dense.LayerDimensions))
        {
            var compiled = Sizes(recipe.Dense, dimension)![..(recipe.Dense.LayerDimensions.Contains(dimension) ? LayerCount(recipe) : 1)];
            foreach (var given in Given(recipe, dimension))
            {
                if (LayerSizes(given, compiled.Length, Least(recipe, dimension)).Zip(compiled).FirstOrDefault(pair => pair.First != pair.Second) is (not 0, var size))
                {
                    throw Disagreement(recipe, given.Path, given.Element.GetRawText(), $"{size.ToString(CultureInfo.InvariantCulture)}, and {absent[0]}, which may follow from it, is absent");
                }
            }
        }
    }

    private SlimException Disagreement(Recipe recipe, string key, string given, string compiled) =>
        new($"{_root.File}: {key} is {given}, but the recipe {recipe.Name} was compiled for {compiled}");
}
