namespace SlimSpec.Tests;

/// <summary>Sizes of <see cref="FakeModel.Gpt2"/>: one layer, whose heads and MLP channels a cut may change, as it may the hidden channels.</summary>
internal sealed record Gpt2Shape(int Hidden, int Heads, int Ffn) : ModelShape
{
    public override int LayerCount => 1;

    public override int HiddenSize => Hidden;

    public override int VocabularySize => 8;

    public override int MaxPositions => 4;

    public override IReadOnlyList<string> ModelDimensions => ["hidden"];

    public override IReadOnlyDictionary<string, int> SharedDimensions => new Dictionary<string, int> { ["hidden"] = Hidden };

    public override IReadOnlyList<string> LayerDimensions => ["heads", "ffn"];

    public override long Parameters => throw new NotSupportedException();

    public override long CacheElementsPerToken => throw new NotSupportedException();

    public override int this[string name, int layer] => name == "heads" ? Heads : Ffn;

    public override ModelShape With(string name, int layer, int size) => name == "heads" ? this with { Heads = size } : this with { Ffn = size };

    public override ModelShape With(string name, int size) => this with { Hidden = size };

    public override ModelShape KeepLayers(IReadOnlyList<int> layers) => throw new NotSupportedException();

    public override long MultiplyAccumulates(int tokens) => throw new NotSupportedException();

    public override LayerCost Cost(int layer, int tokens) => throw new NotSupportedException();
}
