using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>A model's sizes as exports ask for them.</summary>
internal static class ExportShape
{
    // What the architecture calls the number of layers, of which a shape's dictionaries say nothing.
    private const string Layers = "layers";

    /// <summary>The sizes of a shape.</summary>
    public static ExportSizes Of(ModelShape shape) => new(shape.LayerCount, (dimension, layer) =>
        dimension == Layers ? shape.LayerCount
        : shape.SharedDimensions.TryGetValue(dimension, out var size) ? size
        : shape[dimension, layer]);
}
