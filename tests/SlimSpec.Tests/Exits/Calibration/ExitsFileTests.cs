using System.Text.Json;

namespace SlimSpec.Tests.Exits.Calibration;

/// <summary><c>exits.json</c>: what is written is read again, and what is stale or damaged is refused at its place.</summary>
public class ExitsFileTests
{
    public static TheoryData<ExitClassifierKind> Kinds => [.. Enum.GetValues<ExitClassifierKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_is_read_again_and_decides_alike(ExitClassifierKind kind)
    {
        using var folder = new TemporaryFolder();
        var file = ToyRecordings.Calibrate(ToyRecordings.Settings(kind));
        using var cost = JsonDocument.Parse("""{"check_us": 3.5}""");
        (file with { Cost = cost.RootElement, Enabled = false }).Write(folder["exits.json"]);

        var read = ExitsFile.Read(folder["exits.json"]);
        read.Write(folder["again.json"]);

        File.ReadAllText(folder["again.json"]).ShouldBe(File.ReadAllText(folder["exits.json"]));
        read.Enabled.ShouldBeFalse();
        read.Cost!.Value.GetProperty("check_us").GetDouble().ShouldBe(3.5);
        read.Certificate.ShouldBe(file.Certificate);
        var (left, right) = (file.CreatePolicy(), read.CreatePolicy());
        var leaving = 0;
        foreach (var document in ToyRecordings.Documents(20, 20, seed: 9))
        {
            for (var token = 0; token < document.Tokens; token++)
            {
                for (var check = 0; check < document.Checks; check++)
                {
                    var leaves = left.Leaves(check, document.At(token, check));
                    right.Leaves(check, document.At(token, check)).ShouldBe(leaves);
                    leaving += leaves ? 1 : 0;
                }
            }
        }

        leaving.ShouldBeInRange(1, (20 * 20 * 3) - 1);
    }

    [Fact]
    public void One_seed_gives_one_file()
    {
        using var folder = new TemporaryFolder();
        foreach (var kind in Enum.GetValues<ExitClassifierKind>())
        {
            ToyRecordings.Calibrate(ToyRecordings.Settings(kind)).Write(folder["first.json"]);
            ToyRecordings.Calibrate(ToyRecordings.Settings(kind)).Write(folder["second.json"]);

            File.ReadAllText(folder["second.json"]).ShouldBe(File.ReadAllText(folder["first.json"]), kind.ToString());
        }
    }

    [Fact]
    public void Another_recipe_depth_or_weights_are_refused_with_what_to_do()
    {
        var settings = ToyRecordings.Settings();
        var recipe = ToyRecordings.With(settings);
        var file = ToyRecordings.Calibrate(settings);

        file.Check(recipe, ToyRecordings.Depth, "0123");

        Refusal(recipe, ToyRecordings.Depth, "4567").ShouldBe("exits.json: the model's weights are not those that it was calibrated with; calibrate anew with `slim exits`");
        Refusal(recipe, 3, "0123").ShouldBe("exits.json: it is for 4 layers, the model has 3; calibrate anew with `slim exits`");
        Refusal(ToyRecordings.With(settings with { Layers = [1, 2] }), 4, "0123").ShouldContain("its checks are after 1, 2, 3 layers, the recipe's after 1, 2;");
        Refusal(ToyRecordings.With(settings with { Features = [ExitFeature.Gap] }), 4, "0123").ShouldContain("its features are gap, top_prob, same_argmax_run, the recipe's gap;");
        Refusal(ToyRecordings.With(settings with { Classifier = new() { Kind = ExitClassifierKind.SvmRbf } }), 4, "0123").ShouldContain("its classifier is logistic, the recipe's svm_rbf;");
        Refusal(ToyRecordings.With(settings with { Head = new() { Policy = ExitHeadPolicy.Lowrank } }), 4, "0123").ShouldContain("its head is full, the recipe's lowrank;");
        Refusal(ExitsPropagate.Instance, 4, "0123").ShouldContain("it is for the recipe ExitsVerified, not ExitsPropagate;");
        Refusal(Stories3M.Instance, 4, "0123").ShouldContain("the recipe Stories3M has no exits;");
        Should.Throw<SlimException>(() => (file with { RecipeHash = "old" }).Check(recipe, 4, "0123")).Message.ShouldContain("the recipe ExitsVerified has changed since;");

        string Refusal(Recipe other, int depth, string weights) => Should.Throw<SlimException>(() => file.Check(other, depth, weights)).Message;
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format: is 2, and this version reads 1")]
    [InlineData("\"kind\": \"logistic\"", "\"kind\": \"logistik\"", "classifier.kind: \"logistik\" is not one of threshold, patience, logistic, svm_linear, svm_rbf, crf")]
    [InlineData("\"gap\"", "\"gaps\"", "features[0]: \"gaps\" is not one of gap, top_prob")]
    [InlineData("\"layers\": [1, 2, 3]", "\"layers\": [1, 2]", "layers: is 1, 2, but classifier.checks are after 1, 2, 3 layers")]
    [InlineData("\"depth\": 4", "\"depth\": 3", "3 is not an integer from 1 to 2")]
    [InlineData("\"threshold\":", "\"treshold\":", "classifier.checks[0]: 'threshold' is missing")]
    [InlineData("\"bias\":", "\"bais\":", "'bias' is missing")]
    [InlineData("\"enabled\": true", "\"enabled\": 1", "enabled: 1 is not true or false")]
    public void What_is_damaged_is_named_at_its_place(string good, string bad, string message)
    {
        using var folder = new TemporaryFolder();
        ToyRecordings.Calibrate(ToyRecordings.Settings()).Write(folder["exits.json"]);
        var text = File.ReadAllText(folder["exits.json"]);
        var place = text.IndexOf(good, StringComparison.Ordinal);
        place.ShouldBeGreaterThan(0);
        folder.Write("exits.json", text[..place] + bad + text[(place + good.Length)..]);

        var refusal = Should.Throw<SlimException>(() => ExitsFile.Read(folder["exits.json"])).Message;
        refusal.ShouldStartWith(folder["exits.json"]);
        refusal.ShouldContain(message);
    }

    [Fact]
    public void A_head_of_low_rank_lies_beside_it_and_another_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        LowRankFactors Factors(int seed) => new(torch.full([2, 3], seed), torch.ones(5, 2), torch.zeros(5));
        var file = ToyRecordings.Calibrate(ToyRecordings.Settings()) with { Head = new() { Policy = ExitHeadPolicy.Lowrank, Rank = 2 } };
        (file with { Factors = Factors(1) }).Write(folder["tales.exits.json"]);

        using (var read = ExitsFile.Read(folder["tales.exits.json"]).Factors)
        {
            read!.Rank.ShouldBe(2);
            read.Down[1, 2].item<float>().ShouldBe(1);
        }

        // Both copied to another name, and the one alone.
        File.Copy(folder["tales.exits.json"], folder["other.exits.json"]);
        ExitsFile.Read(folder["other.exits.json"]).Factors!.Dispose();
        File.Copy(folder["tales.exits.safetensors"], folder["copy.exits.safetensors"]);
        File.Copy(folder["tales.exits.json"], folder["copy.exits.json"]);
        ExitsFile.Read(folder["copy.exits.json"]).Factors!.Dispose();

        Factors(2).Write(folder["tales.exits.safetensors"]);
        Should.Throw<SlimException>(() => ExitsFile.Read(folder["tales.exits.json"])).Message.ShouldContain("head.file_hash: is not the hash of");
        File.Delete(folder["tales.exits.safetensors"]);
        ExitsFile.Read(folder["copy.exits.json"]).Factors!.Dispose();
        Should.Throw<SlimException>(() => ExitsFile.Read(folder["tales.exits.json"])).Message.ShouldContain("head.file: there is no");
    }
}
