using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>An entry of <c>export:</c>.</summary>
public static class ExportKeys
{
    /// <summary>A Hugging Face folder.</summary>
    public const string HuggingFace = "huggingface";

    /// <summary>A folder for Nemotron-NAS.</summary>
    public const string NemotronNas = "nemotron_nas";

    /// <summary>A file for llama.cpp.</summary>
    public const string Gguf = "gguf";

    /// <summary>Adapters.</summary>
    public const string Peft = "peft";

    /// <summary>The number format that GGUF alone has.</summary>
    public const string Q8 = "q8_0";

    /// <summary>All forms.</summary>
    public static IReadOnlyList<string> Formats { get; } = [HuggingFace, NemotronNas, Gguf, Peft];

    /// <summary>The form.</summary>
    public static readonly Key<string> Format = Key.Required("format", new WordType(HuggingFace, NemotronNas, Gguf, Peft), "What is written: huggingface, a folder for transformers; nemotron_nas, one with block_configs; gguf, a file for llama.cpp; peft, the adapters of the recovery.");

    /// <summary>A form, by its word alone or with its settings.</summary>
    internal static SectionUnionType Target => new(Format, (HuggingFace, ModelTargetKeys.Definition), (NemotronNas, ModelTargetKeys.Definition), (Gguf, ModelTargetKeys.Definition), (Peft, PeftTargetKeys.Definition))
    {
        MayBeWord = true,
    };
}

/// <summary>An entry of <c>export:</c> that is a model.</summary>
public static class ModelTargetKeys
{
    /// <summary>The number format.</summary>
    public static readonly Key<string> Dtype = Key.Optional("dtype", new WordType("f32", "f16", "bf16", ExportKeys.Q8), "Number format of the weights, the checkpoint's where absent; q8_0 is for gguf, where what is no matrix stays f32.");

    /// <summary>Both.</summary>
    public static readonly SectionDefinition Definition = new("A model.", [ExportKeys.Format, Dtype]);
}

/// <summary>An entry of <c>export:</c> that is the adapters.</summary>
public static class PeftTargetKeys
{
    /// <summary>The form alone.</summary>
    public static readonly SectionDefinition Definition = new("Adapters, as they were trained.", [ExportKeys.Format]);
}
