namespace SlimSpec;

/// <summary>Forms that a slim model is written in for other runtimes.</summary>
public enum ExportFormat
{
    /// <summary>A Hugging Face folder: one that stock transformers loads where all layers have the same sizes, else with <c>per_layer_config</c>.</summary>
    Huggingface,

    /// <summary>A Hugging Face folder of model type <c>nemotron-nas</c> with <c>block_configs</c> (DeciLM).</summary>
    NemotronNas,

    /// <summary>A GGUF file for llama.cpp.</summary>
    Gguf,

    /// <summary>The adapters of the recovery as a PEFT folder.</summary>
    Peft,
}

/// <summary>Number formats of exported weights.</summary>
public enum ExportDtype
{
    /// <summary>float32.</summary>
    F32,

    /// <summary>float16.</summary>
    F16,

    /// <summary>bfloat16.</summary>
    Bf16,

    /// <summary>Blocks of 32 signed bytes with a float16 scale (GGUF only); what is no matrix stays float32.</summary>
    Q8_0,
}

/// <summary>One form that a slim model is written in (an entry of <c>export:</c>).</summary>
/// <param name="Format">The form.</param>
/// <param name="Dtype">Number format of the weights; null: that of the run's checkpoint.</param>
public sealed record ExportTarget(ExportFormat Format, ExportDtype? Dtype = null);
