namespace SlimSpec;

/// <summary>What all exports of a model have in common.</summary>
public abstract class ModelExportAttribute : Attribute
{
    /// <summary>Number format of the weights, the checkpoint's where absent; q8_0 is for gguf, where what is no matrix stays f32.</summary>
    public ExportDtype Dtype { get; set; }
}

/// <summary>Writes the slim model as a folder for transformers (a form of <c>export:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ExportHuggingFaceAttribute : ModelExportAttribute;

/// <summary>Writes the slim model as a folder with <c>block_configs</c>, for what runs Nemotron-NAS (a form of <c>export:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ExportNemotronNasAttribute : ModelExportAttribute;

/// <summary>Writes the slim model as a file for llama.cpp (a form of <c>export:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ExportGgufAttribute : ModelExportAttribute;

/// <summary>Writes the recovery's adapters in PEFT's form (a form of <c>export:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ExportPeftAttribute : Attribute;
