using System.Globalization;

namespace SlimSpec.Specs.Tests;

public class ExitTests
{
    private const string Data = "calibrate: { dataset: b.txt, prompt_tokens: 16, max_new_tokens: 48 }";

    [Fact]
    public void EverythingHasItsDefault()
    {
        var recipe = Compile($"{{ mode: adaptive, {Data} }}");

        recipe.Exits.ShouldBe(new(
            "adaptive", "decode", new([1, 2, 3]), 4, new(["gap", "top_prob"]), true, new("full", 128, 64, true), new("logistic", true, "agrees"),
            new(new("b.txt", 0, 1), 128, 16, 48, 0.99, 0.95, 0), new("deferred", 8, 0.5), 1.02));
    }

    [Fact]
    public void EverythingCanBeSaid()
    {
        var recipe = Compile("""
            mode: simulate
            scope: prompt_last
            layers: [1, 3]
            features: [entropy, depth, cos_attn]
            reader: { final_norm: false }
            head: { policy: lowrank, rank: 16, shortlist: 8, confirm: false }
            classifier: { kind: svm_rbf, per_layer: false, label: stable }
            calibrate: { dataset: b.txt, split: "10%:", num_prompts: 5, prompt_tokens: 3, max_new_tokens: 7, target_agreement: 0.9, confidence: 0.8, seed: 2 }
            kv: { policy: single_token, max_pending: 3, min_confidence: 0.25 }
            guard: { min_predicted_speedup: 0 }
            """);

        recipe.Exits.ShouldBe(new(
            "simulate", "prompt_last", new([1, 3]), 4, new(["entropy", "depth", "cos_attn"]), false, new("lowrank", 16, 8, false), new("svm_rbf", false, "stable"),
            new(new("b.txt", 0.1, 1), 5, 3, 7, 0.9, 0.8, 2), new("single_token", 3, 0.25), 0));
    }

    [Theory]
    [InlineData("2", 4, "2")]
    [InlineData("[3, 1]", 4, "1, 3")]
    [InlineData("[50%]", 4, "2")]
    [InlineData("[50%]", 5, "2")]
    [InlineData("[33.4%, 60%]", 5, "1, 3")]
    [InlineData("{ from: 50% }", 8, "4, 5, 6, 7")]
    [InlineData("{ from: 50%, every: 2 }", 9, "4, 6, 8")]
    [InlineData("{ every: 3, always: [6, 4, 90%] }", 10, "1, 4, 6, 7, 9")]
    [InlineData("{}", 3, "1, 2")]
    public void LayersAreCountsSharesOrEquallySpaced(string layers, int count, string expected) =>
        Compile($"{{ mode: simulate, layers: {layers}, {Data} }}", ("model.num_hidden_layers", $"{count}")).Exits!.Layers.ShouldBe(expected.Split(", ").Select(layer => int.Parse(layer, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("[0]", "a.slim.yaml(23,35): error SLIM501: no token can leave early after 0 layers: the model has 4, so exits come after 1 to 3; the nearest is 1")]
    [InlineData("[2, 4]", "a.slim.yaml(23,38): error SLIM501: no token can leave early after 4 layers: the model has 4, so exits come after 1 to 3; the nearest is 3")]
    [InlineData("[20%]", "a.slim.yaml(23,35): error SLIM501: no token can leave early after 20% of 4 layers, which is 0: the model has 4, so exits come after 1 to 3; the nearest is 1")]
    [InlineData("[1, 25%]", "a.slim.yaml(23,38): error SLIM111: the exit after 1 layer is named twice")]
    [InlineData("[1, 1]", "a.slim.yaml(23,38): error SLIM111: 'exits.layers[1]' repeats '1'")]
    [InlineData("{ from: 9, always: [100%] }", "a.slim.yaml(23,42): error SLIM501: no token can leave early after 9 layers: the model has 4, so exits come after 1 to 3; the nearest is 3\na.slim.yaml(23,54): error SLIM501: no token can leave early after 100% of 4 layers, which is 4: the model has 4, so exits come after 1 to 3; the nearest is 3")]
    [InlineData("{ from: 1, evry: 2 }", "a.slim.yaml(23,45): error SLIM103: unknown key 'evry' in 'exits.layers'; did you mean 'every'?")]
    [InlineData("{ every: 0 }", "a.slim.yaml(23,43): error SLIM107: 'exits.layers.every' must be an integer from 1 to 4096, found 0")]
    [InlineData("[4.5]", "a.slim.yaml(23,35): error SLIM105: 'exits.layers[0]' must be a number of layers or a share such as 50%, found 4.5")]
    [InlineData("[]", "a.slim.yaml(23,34): error SLIM105: 'exits.layers' must be layer counts such as [4, 50%], or a mapping such as { from: 50%, every: 2, always: [10] }, found a list")]
    [InlineData("\"\"", "a.slim.yaml(23,34): error SLIM105: 'exits.layers' must be a number of layers or a share such as 50%, found the text \"\"")]
    public void WhatIsNoExitIsRefused(string layers, string problems) => Problems($"{{ mode: simulate, layers: {layers}, {Data} }}").ShouldBe(problems);

    [Theory]
    [InlineData("{ scope: decode }", "a.slim.yaml(23,8): error SLIM104: 'exits' needs the key 'mode' (what exits do to what the model says)")]
    [InlineData("{ mode: adaptiv }", "a.slim.yaml(23,16): error SLIM106: 'exits.mode' must be one of off, simulate, truncate, adaptive, adaptive_verified, self_speculative, found 'adaptiv'; did you mean 'adaptive'?")]
    [InlineData("{ mode: simulate, features: [gab], calibrate: { dataset: b.txt } }", "a.slim.yaml(23,37): error SLIM106: 'exits.features[0]' must be one of gap, top_prob, entropy, margin_logit, delta_gap, delta_top_prob, delta_entropy, delta_margin_logit, same_argmax_run, cos_prev, cos_attn, cos_mlp, depth, found 'gab'; did you mean 'gap'?")]
    [InlineData("{ mode: simulate, features: [gap, gap], calibrate: { dataset: b.txt } }", "a.slim.yaml(23,42): error SLIM111: 'exits.features[1]' repeats 'gap'")]
    [InlineData("{ mode: simulate, calibrate: { num_prompts: 3 } }", "a.slim.yaml(23,37): error SLIM104: 'exits.calibrate' needs the key 'dataset' (text file, a .json file with ready token ids, or a .jsonl file with a prompt a line)")]
    [InlineData("{ mode: simulate, calibrate: { dataset: b.txt, prompt_tokens: 100 } }", "a.slim.yaml(23,70): error SLIM601: 'prompt_tokens' 100 and 'max_new_tokens' 64 are more than the model's 128 positions")]
    public void WhatIsWrongIsNamed(string exits, string problems) => Problems(exits).ShouldBe(problems);

    [Theory]
    [InlineData("{ mode: adaptive_verified, scope: prompt_last, CALIBRATE }", "a.slim.yaml(23,42): error SLIM502: scope prompt_last gives one token, and mode adaptive_verified confirms tokens together with those behind them: take mode adaptive, or scope decode")]
    [InlineData("{ mode: adaptive, scope: prompt_last, kv: { policy: deferred }, CALIBRATE }", "a.slim.yaml(23,60): error SLIM502: policy deferred is for tokens that others come behind, and scope prompt_last gives one: take policy single_token, or scope decode")]
    [InlineData("{ mode: simulate, kv: { policy: single_token }, CALIBRATE }", "a.slim.yaml(23,40): error SLIM502: policy single_token lets no token follow, and scope decode gives more than one: take policy deferred or propagate, or scope prompt_last")]
    [InlineData("{ mode: adaptive_verified, kv: { policy: propagate }, CALIBRATE }", "a.slim.yaml(23,49): error SLIM502: mode adaptive_verified confirms tokens by the dense model's keys and values, and policy propagate makes others: take policy deferred")]
    public void ScopeModeAndCacheGoTogether(string exits, string problems) => Problems(exits).ShouldBe(problems);

    [Theory]
    [InlineData("{ mode: adaptive, head: { policy: lowrank }, CALIBRATE }", "a.slim.yaml(23,42): error SLIM503: a head of rank 128 (the default) is no cheaper than the whole one, which reads 64 channels: take a 'rank' below that, such as 16")]
    [InlineData("{ mode: adaptive, head: { policy: lowrank, rank: 64 }, CALIBRATE }", "a.slim.yaml(23,57): error SLIM503: a head of rank 64 is no cheaper than the whole one, which reads 64 channels: take a 'rank' below that, such as 16")]
    [InlineData("{ mode: adaptive, head: { policy: shortlist, shortlist: 256 }, CALIBRATE }", "a.slim.yaml(23,64): error SLIM503: a shortlist of 256 tokens leaves none of the vocabulary's 256 out: take a 'shortlist' below that, such as 4")]
    [InlineData("{ mode: self_speculative, head: { policy: lowrank, rank: 8 } }", "a.slim.yaml(23,50): error SLIM503: a head of low rank is fitted with the data of 'calibrate', for which mode self_speculative has no use: take policy shortlist or full")]
    public void ACheapHeadIsCheaperThanTheWholeOne(string exits, string problems) => Problems(exits).ShouldBe(problems);

    [Theory]
    [InlineData("{ mode: truncate }", "a.slim.yaml(23,16): error SLIM504: mode truncate runs the first layers only: 'layers' must be the one count of them, and is not written")]
    [InlineData("{ mode: truncate, layers: [1, 2] }", "a.slim.yaml(23,34): error SLIM504: mode truncate runs the first layers only: 'layers' must be the one count of them, and says 2")]
    [InlineData("{ mode: truncate, layers: [2], classifier: { kind: crf }, kv: { max_pending: 2 } }", "a.slim.yaml(23,51): error SLIM504: mode truncate has no use for 'classifier': the model ends there\na.slim.yaml(23,70): error SLIM504: mode truncate has no use for 'kv': the model ends there")]
    [InlineData("{ mode: self_speculative, features: [gap], CALIBRATE }", "a.slim.yaml(23,44): error SLIM504: mode self_speculative has no use for 'features': drafts end by their probability\na.slim.yaml(23,62): error SLIM504: mode self_speculative has no use for 'calibrate': drafts end by their probability")]
    [InlineData("{ mode: adaptive, layers: [2] }", "a.slim.yaml(23,16): error SLIM505: mode adaptive needs data to fit its classifier with: add calibrate: { dataset: ... }")]
    [InlineData("{ mode: simulate, calibrate: 3 }", "a.slim.yaml(23,37): error SLIM105: 'exits.calibrate' must be a mapping with keys such as dataset, split, num_prompts, found 3")]
    public void AModeTakesItsKeys(string exits, string problems) => Problems(exits).ShouldBe(problems);

    [Theory]
    [InlineData("{ mode: adaptive, CALIBRATE }", "a.slim.yaml(23,16): warning SLIM506: every check runs the whole head, which costs as much as r = 2.03 layers: head: { policy: lowrank } reads less")]
    [InlineData("{ mode: adaptive_verified, head: { policy: shortlist }, CALIBRATE }", "a.slim.yaml(23,51): warning SLIM506: each token's first check runs the whole head, which costs as much as r = 2.03 layers: head: { policy: lowrank } reads less")]
    [InlineData("{ mode: self_speculative, layers: [1] }", "a.slim.yaml(23,16): warning SLIM506: every draft runs the whole head, which costs as much as r = 2.03 layers")]
    [InlineData("{ mode: adaptive, scope: prompt_last, CALIBRATE }", "")]
    [InlineData("{ mode: adaptive, head: { policy: lowrank, rank: 32 }, CALIBRATE }", "")]
    [InlineData("{ mode: simulate, CALIBRATE }", "")]
    public void AHeadThatOutweighsALayerIsAWarning(string exits, string problems) => Warnings(exits, 1024).ShouldBe(problems);

    [Theory]
    [InlineData("{ mode: truncate, layers: [3], guard: { min_predicted_speedup: 9 } }", "")]
    [InlineData("{ mode: self_speculative, layers: [3, 2], head: { policy: shortlist } }", "a.slim.yaml(23,66): warning SLIM506: every draft runs the whole head, which costs as much as r = 4.05 layers")]
    [InlineData("{ mode: adaptive, layers: [2, 3], head: { policy: lowrank, rank: 60 }, CALIBRATE }", "a.slim.yaml(23,16): warning SLIM507: even if every token left after 2 of 4 layers, decoding would be 0.83 times as fast as the dense model's, below 'min_predicted_speedup' 1.02, and exits would be off: (d + 1) (L + r) / (d (A + r q / h + r) + L + r) with d = 8, r = 4.05, eps = 0.13, r q / h = 3.8")]
    [InlineData("{ mode: adaptive, layers: [2, 3], head: { policy: lowrank, rank: 60 }, guard: { min_predicted_speedup: 0 }, CALIBRATE }", "")]
    [InlineData("{ mode: adaptive, layers: [3], head: { policy: lowrank, rank: 60 }, kv: { policy: propagate }, CALIBRATE }", "a.slim.yaml(23,16): warning SLIM507: even if every token left after 3 of 4 layers, decoding would be 0.74 times as fast as the dense model's, below 'min_predicted_speedup' 1.02, and exits would be off: (L + r) / (A + r q / h + r + kappa (L - A)), r = 4.05, eps = 0.13, r q / h = 3.8, kappa = 0.09")]
    [InlineData("{ mode: simulate, layers: [3], head: { policy: lowrank, rank: 60 }, CALIBRATE }", "")]
    public void ExitsThatCannotPayAreAWarning(string exits, string problems) => Warnings(exits, 2048).ShouldBe(problems);

    [Theory]
    [InlineData("{ mode: simulate, layers: [2], features: [gap, delta_gap, cos_mlp, same_argmax_run, depth], CALIBRATE }", "a.slim.yaml(23,55): warning SLIM510: 'delta_gap' is 0 at a token's first check, and there is no other: leave it out\na.slim.yaml(23,66): warning SLIM510: 'cos_mlp' is 0 at a token's first check, and there is no other: leave it out\na.slim.yaml(23,75): warning SLIM510: 'same_argmax_run' is 1 at a token's first check, and there is no other: leave it out\na.slim.yaml(23,92): warning SLIM510: 'depth' is the same at a token's first check, and there is no other: leave it out")]
    [InlineData("{ mode: simulate, features: [gap, delta_gap, depth], CALIBRATE }", "")]
    public void AFeatureThatNeverChangesIsAWarning(string exits, string problems) => Warnings(exits, 256).ShouldBe(problems);

    [Fact]
    public void PatienceLooksAtTheRunOfOneTokenWhateverElseIsListed()
    {
        Compile($"{{ mode: simulate, classifier: {{ kind: patience }}, features: [gap], {Data} }}").Exits!.Features.ShouldBe(["gap", "same_argmax_run"]);
        Compile($"{{ mode: simulate, classifier: {{ kind: patience }}, features: [same_argmax_run, gap], {Data} }}").Exits!.Features.ShouldBe(["same_argmax_run", "gap"]);
    }

    [Fact]
    public void LayersAreThoseThatTheCutsLeave()
    {
        const string Spec = "{ mode: simulate, layers: [50%, 3], calibrate: { dataset: b.txt } }";
        var shortened = Samples.Small.With("sparsity: 0.25", "sparsity: 0.25\n  - { cut: depth, score: magnitude, remove: 1 }");

        Compile(Spec).Exits!.Layers.ShouldBe([2, 3]);
        Samples.Problems($"{shortened}\nexits: {Spec}").ShouldBe("a.slim.yaml(24,40): error SLIM501: no token can leave early after 3 layers: prune[1] leaves 3, so exits come after 1 to 2; the nearest is 2");
    }

    [Fact]
    public void AModelOfOneLayerHasNone() =>
        Samples.Problems($"{Samples.Small}\nexits: {{ mode: simulate, {Data} }}", null, ("model.num_hidden_layers", "1")).ShouldBe("a.slim.yaml(23,8): error SLIM501: the model has 1 layer, and no token can leave before its end");

    [Fact]
    public void WithScopePromptLastKeysAndValuesAreOfOneToken() =>
        Compile($"{{ mode: adaptive, scope: prompt_last, {Data} }}").Exits!.Cache.Policy.ShouldBe("single_token");

    [Fact]
    public void TheSpecThatTheGuideShowsIsRight() =>
        Samples.Print(SpecCompiler.CompileRecipe(Repository.Read("docs/tales-early.slim.yaml"), Repository.Architectures(), [Repository.Read("models/tales/config.json")]).Problems).ShouldBe("");

    [Fact]
    public void ModeOffIsAsWithoutExits() =>
        Compile("{ mode: off }").ShouldBe(Samples.Compile(Samples.Small).Recipe);

    [Fact]
    public void TheyCountForTheRecipesHashAndForNoOther()
    {
        var (without, with) = (Samples.Compile(Samples.Small).Recipe!, Compile($"{{ mode: simulate, {Data} }}"));

        with.Hash.ShouldNotBe(without.Hash);
        Compile($"{{ mode: simulate, guard: {{ min_predicted_speedup: 1.03 }}, {Data} }}").Hash.ShouldNotBe(with.Hash);
        (with.PruningHash, with.ArchitectureHash).ShouldBe((without.PruningHash, without.ArchitectureHash));
    }

    private static RecipeModel Compile(string exits, params (string Path, string Value)[] overrides)
    {
        var (recipe, problems) = Samples.Compile($"{Samples.Small}\nexits:{(exits.StartsWith('{') ? $" {exits}" : $"\n  {exits.ReplaceLineEndings("\n  ")}")}", null, overrides);
        Samples.Print(problems).ShouldBe("");
        return recipe!;
    }

    private static string Problems(string exits) => Samples.Problems(Spec(exits));

    private static string Warnings(string exits, int vocabulary)
    {
        var (recipe, problems) = Samples.Compile(Spec(exits), null, ("model.vocab_size", $"{vocabulary}"));
        recipe.ShouldNotBeNull();
        return Samples.Print(problems);
    }

    private static string Spec(string exits) => $"{Samples.Small}\nexits: {exits.Replace("CALIBRATE", Data, StringComparison.Ordinal)}";
}
