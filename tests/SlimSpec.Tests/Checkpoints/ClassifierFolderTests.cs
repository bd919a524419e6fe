using System.Text.Json;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

/// <summary>Folders of models with a classifier, as Hugging Face's <c>*ForSequenceClassification</c> has them.</summary>
public sealed class ClassifierFolderTests : IDisposable
{
    private static readonly string[] Classes = ["down", "up", "left"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, int, int> Families => new()
    {
        { "llama-mha", "LlamaForSequenceClassification", 64, 2 },
        { "gpt2", "GPT2ForSequenceClassification", 64, 2 },
        { "opt-postnorm-proj32", "OPTForSequenceClassification", 32, 0 },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Families))]
    public void A_saved_classifier_is_read_back_bit_for_bit(string golden, string type, int width, int pad)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var recipe = RecipeRegistry.All.Single(recipe => recipe.SpecFile == $"classified-{golden}.slim.yaml");
        using var model = GoldenModels.Load(recipe, golden);
        using var head = ClassificationHead.Create(model, Classes, 3);
        Save(recipe, golden, model, head);

        using var saved = HuggingFaceFolder.Open(_folder["slim"]);
        using var again = recipe.CreateModel(saved.ReadShape(recipe), ScalarType.Float32, CPU);
        saved.LoadInto(again);
        using var read = saved.LoadHead(again).ShouldNotBeNull();
        read.Classes.ShouldBe(Classes);
        read.Weight.bytes.ToArray().ShouldBe(head.Weight.bytes.ToArray());
        read.Weight.shape.ShouldBe([3, width]);
        var (ids, last) = (RandomLlama.Ids(2, 6), tensor(new[] { 5L, 3 }));
        Tensors.LargestDifference(new TaskClassifier(again, read).Logits(ids, last), new TaskClassifier(model, head).Logits(ids, last)).ShouldBe(0);

        using var config = JsonDocument.Parse(File.ReadAllBytes(_folder["slim/config.json"]));
        var root = config.RootElement;
        root.GetProperty("architectures")[0].GetString().ShouldBe(type);
        root.GetProperty("num_labels").GetInt32().ShouldBe(3);
        root.GetProperty("id2label").GetRawText().ReplaceLineEndings("").Replace(" ", "").ShouldBe("""{"0":"down","1":"up","2":"left"}""");
        root.GetProperty("label2id").GetProperty("left").GetInt32().ShouldBe(2);
        root.GetProperty("pad_token_id").GetInt32().ShouldBe(pad);
    }

    [Fact]
    public void A_classifier_beside_a_model_of_16_bits_keeps_its_own_precision()
    {
        using var model = GoldenModels.Load(ClassifiedLlama.Instance, "llama-mha", ScalarType.BFloat16);
        using var head = ClassificationHead.Create(model, Classes, 3);
        head.Weight.dtype.ShouldBe(ScalarType.Float32);
        Save(ClassifiedLlama.Instance, "llama-mha", model, head);
        using var saved = HuggingFaceFolder.Open(_folder["slim"]);
        saved.StoredDtype.ShouldBe(ScalarType.BFloat16);
        using var read = saved.LoadHead(model).ShouldNotBeNull();
        read.Weight.bytes.ToArray().ShouldBe(head.Weight.bytes.ToArray());
    }

    [Fact]
    public void A_folder_without_a_classifier_gives_none()
    {
        using var model = GoldenModels.Load(ClassifiedLlama.Instance, "llama-mha");
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden("llama-mha"));
        folder.LoadHead(model).ShouldBeNull();
    }

    [Fact]
    public void A_classifier_that_does_not_fit_is_named()
    {
        using var model = GoldenModels.Load(ClassifiedLlama.Instance, "llama-mha");
        using var head = ClassificationHead.Create(model, Classes, 3);
        Save(ClassifiedLlama.Instance, "llama-mha", model, head);

        using var plain = GoldenModels.Load("llama-mha");
        using (var saved = HuggingFaceFolder.Open(_folder["slim"]))
        {
            Should.Throw<SlimException>(() => saved.LoadHead(plain)).Message.ShouldContain("without a classifier");
        }

        var config = File.ReadAllText(_folder["slim/config.json"]);
        ReadHeadAfter(config.Replace("\"2\": \"left\"", "\"3\": \"left\"", StringComparison.Ordinal)).ShouldContain("2 is missing");
        ReadHeadAfter(config.Replace(",\n    \"2\": \"left\"", "", StringComparison.Ordinal)).ShouldContain("[3, 64], expected [2, 64]");

        string ReadHeadAfter(string text)
        {
            File.WriteAllText(_folder["slim/config.json"], text);
            using var folder = HuggingFaceFolder.Open(_folder["slim"]);
            return Should.Throw<SlimException>(() => folder.LoadHead(model)).Message;
        }
    }

    private void Save(Recipe recipe, string golden, CausalLM model, ClassificationHead head)
    {
        using var source = HuggingFaceFolder.Open(TestFiles.Golden(golden));
        HuggingFaceFolder.Save(model, recipe, source, _folder["slim"], head: head);
    }
}
