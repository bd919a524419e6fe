namespace SlimSpec.Tests.Export;

/// <summary>GGUF files against one that another program wrote of the same weights, and against what the format says.</summary>
public sealed class GgufExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedFact("data/lm-stories260K")]
    public void A_published_model_gives_the_tensors_and_the_tokenizer_of_its_published_file()
    {
        using var source = HuggingFaceFolder.Open(TestFiles.Shared("data/lm-stories260K"));
        ModelExport.Write(source, Stories260K.Instance, new(ExportFormat.Gguf), _folder["a.gguf"]).ShouldBe(new(ExportFormat.Gguf, ExportDtype.F32, _folder["a.gguf"], new FileInfo(_folder["a.gguf"]).Length, null));

        var (ours, published) = (new GgufBytes(_folder["a.gguf"]), new GgufBytes(TestFiles.Shared("data/lm-stories260K/stories260K-f32.gguf")));
        ours.Tensors.Keys.ShouldBe(published.Tensors.Keys, ignoreOrder: true);
        foreach (var (name, tensor) in published.Tensors)
        {
            ours.Tensors[name].Shape.ShouldBe(tensor.Shape);
            ours.Floats(name).ShouldBe(published.Floats(name));
        }

        foreach (var (key, value) in published.Metadata.Where(entry => entry.Key != "general.name"))
        {
            ours.Metadata[key].ShouldBe(value, key);
        }
    }

    [Fact]
    public void An_uneven_model_has_sizes_and_rows_of_each_layer()
    {
        using var model = CutModels.Cut("llama-gqa", new() { Units = new Dictionary<(int, string), int[]> { [(0, "mlp")] = [.. Enumerable.Range(3, 40)], [(1, "attention")] = [], [(2, "attention")] = [1] } });

        var file = Save("llama-gqa", model, ExportDtype.F32);

        file.Metadata["general.architecture"].ShouldBe("deci");
        file.Metadata["deci.feed_forward_length"].ShouldBe(new object[] { 40, 172, 172, 172 });
        file.Metadata["deci.attention.head_count"].ShouldBe(new object[] { 8, 0, 4, 8 });
        file.Metadata["deci.attention.head_count_kv"].ShouldBe(new object[] { 2, 0, 1, 2 });
        file.Metadata["deci.attention.key_length"].ShouldBe(8u);
        file.Metadata["deci.rope.freq_base"].ShouldBe(500_000f);
        file.Tensors.Keys.ShouldNotContain("blk.1.attn_norm.weight");
        file.Floats("blk.0.ffn_down.weight").ShouldBe(Values(model, "model.layers.0.mlp.down_proj.weight"));
        file.Floats("output.weight").ShouldBe(Values(model, "lm_head.weight"));
        foreach (var (projection, name) in new[] { ("q_proj", "attn_q"), ("k_proj", "attn_k") })
        {
            file.Floats($"blk.2.{name}.weight").ShouldBe(Neighbours(Values(model, $"model.layers.2.self_attn.{projection}.weight"), columns: 64, headDim: 8));
        }
    }

    [Fact]
    public void A_streamed_model_gives_the_same_bytes()
    {
        using var source = HuggingFaceFolder.Open(TestFiles.Golden("llama-gqa"));
        using var streamed = source.OpenStream(CutModels.Recipe("llama-gqa"), torch.ScalarType.Float32, torch.CPU);
        using var loaded = CutModels.Load("llama-gqa");
        GgufExport.Save(streamed, CutModels.Recipe("llama-gqa"), null, _folder["streamed"], ExportDtype.Q8_0);
        GgufExport.Save(loaded, CutModels.Recipe("llama-gqa"), null, _folder["loaded"], ExportDtype.Q8_0);
        File.ReadAllBytes(_folder["streamed"]).ShouldBe(File.ReadAllBytes(_folder["loaded"]));
    }

    [Fact]
    public void Blocks_of_q8_0_are_rounded_as_ggml_rounds_them()
    {
        using var model = CutModels.Load("llama-gqa");
        var values = Values(model, "model.layers.0.mlp.gate_proj.weight");

        var file = Save("llama-gqa", model, ExportDtype.Q8_0);

        file.Metadata["general.file_type"].ShouldBe(7u);
        file.Tensors["blk.0.ffn_gate.weight"].Type.ShouldBe(8u);
        file.Tensors["blk.0.ffn_norm.weight"].Type.ShouldBe(0u);
        file.Tensors["blk.0.ffn_down.weight"].Type.ShouldBe(1u); // 172 columns are no whole blocks
        var bytes = file.Of("blk.0.ffn_gate.weight", values.Length / 32 * 34).ToArray();
        for (var block = 0; block < values.Length / 32; block++)
        {
            var numbers = values[(block * 32)..((block + 1) * 32)];
            var scale = numbers.Max(Math.Abs) / 127f;
            BitConverter.ToHalf(bytes, block * 34).ShouldBe((Half)scale);
            for (var i = 0; i < 32; i++)
            {
                var scaled = numbers[i] * (1f / scale);
                ((sbyte)bytes[(block * 34) + 2 + i]).ShouldBe((sbyte)(Math.Sign(scaled) * Math.Floor(Math.Abs((double)scaled) + 0.5)));
            }
        }
    }

    [Fact]
    public void Llama_3s_stretched_frequencies_go_along()
    {
        var file = Save("llama3-ropescaled", CutModels.Load("llama3-ropescaled"), ExportDtype.F32);

        // As Hugging Face's _compute_llama3_parameters: by wavelength, blended between the two limits.
        var expected = Enumerable.Range(0, 8).Select(pair =>
        {
            var wavelength = 2 * Math.PI * Math.Pow(500_000, pair / 8.0);
            var smooth = ((32 / wavelength) - 1) / (4 - 1);
            return wavelength < 32 / 4.0 ? 1 : wavelength > 32 / 1.0 ? 8 : 1 / (((1 - smooth) / 8) + smooth);
        });
        foreach (var (factor, one) in file.Floats("rope_freqs.weight").Zip(expected))
        {
            factor.ShouldBe((float)one, 1e-6f);
        }
    }

    [Fact]
    public void Gpt_2s_matrices_are_turned_and_its_positions_stay_exact()
    {
        using var model = CutModels.Load("gpt2");

        var file = Save("gpt2", model, ExportDtype.F16);

        file.Metadata["general.architecture"].ShouldBe("gpt2");
        file.Tensors["blk.0.attn_qkv.weight"].Shape.ShouldBe([64, 192]);
        file.Tensors["blk.0.attn_qkv.weight"].Type.ShouldBe(1u);
        file.Tensors["position_embd.weight"].Type.ShouldBe(0u);
        var stored = model.Tensors.First(tensor => tensor.Name == "transformer.h.0.attn.c_attn.weight").Value;
        using var turned = stored.t().contiguous().to(torch.ScalarType.Float16);
        file.Of("blk.0.attn_qkv.weight", 2 * 64 * 192).ToArray().ShouldBe(turned.bytes.ToArray());
    }

    [Fact]
    public void What_llama_cpp_cannot_say_is_refused_with_the_reason_and_the_remedy()
    {
        Refusal("llama-gqa", CutModels.Without("mlp", 2)).ShouldBe("LlamaGqaCuts cannot be written as GGUF: layer 2 has no ffn, and llama.cpp's graph 'deci' loses such a layer's other branch. Cut that branch narrow instead of away, or drop whole layers.");
        Refusal("llama-gqa", CutModels.Without("attention", 0)).ShouldBe("LlamaGqaCuts cannot be written as GGUF: layer 0 has no heads, and llama.cpp takes the size of a head from that layer. Protect the first layer: protect: { first: 1 }.");
        Refusal("gpt2", new() { Units = Enumerable.Range(0, 4).ToDictionary(layer => (layer, "attention"), _ => new[] { 0, 1 }) }).ShouldContain("it takes head_dim for hidden / heads, and in layer 0 that is not 16. Leave hidden and heads as they are");
        Refusal("gpt2", new() { Units = new Dictionary<(int, string), int[]> { [(1, "mlp")] = [0, 1] } }).ShouldContain("layers differ in ffn, and llama.cpp's graph 'gpt2' has one size for all");
        Refusal("mistral-gqa-sw8", new()).ShouldBe("MistralGqaSw8Cuts cannot be written as GGUF: sliding_window is 8, and llama.cpp's graph 'llama' computes null only");
        Refusal("bloom", new()).ShouldContain("the architecture bloom has no section 'gguf'");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    private string Refusal(string golden, Selection selection)
    {
        using var model = CutModels.Cut(golden, selection);
        return Should.Throw<SlimException>(() => Save(golden, model, ExportDtype.F32)).Message;
    }

    private GgufBytes Save(string golden, CausalLM model, ExportDtype dtype)
    {
        GgufExport.Save(model, CutModels.Recipe(golden), null, _folder["a.gguf"], dtype);
        return new(_folder["a.gguf"]);
    }

    private static float[] Values(CausalLM model, string weight) => model.Weights.First(each => each.Name == weight).Value.data<float>().ToArray();

    // Row i and row i + headDim / 2 of a head become neighbours.
    private static float[] Neighbours(float[] rows, int columns, int headDim)
    {
        var result = new float[rows.Length];
        for (var row = 0; row < rows.Length / columns; row++)
        {
            var (head, channel) = (row / headDim, row % headDim);
            var place = (head * headDim) + (channel < headDim / 2 ? 2 * channel : (2 * (channel - (headDim / 2))) + 1);
            Array.Copy(rows, row * columns, result, place * columns, columns);
        }

        return result;
    }
}
