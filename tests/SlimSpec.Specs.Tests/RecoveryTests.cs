namespace SlimSpec.Specs.Tests;

public class RecoveryTests
{
    [Theory]
    [InlineData("method: lora", "method: lora\n    lora_target_modules: [q_porj, up_proj]", "a.slim.yaml(19,27): error SLIM401: the layers of 'llama' have no linear 'q_porj'; did you mean 'q_proj'?")]
    [InlineData("method: lora", "method: lora\n    lora_target_modules: [lm_head]", "a.slim.yaml(19,27): error SLIM401: the layers of 'llama' have no linear 'lm_head'; known: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj")]
    [InlineData("method: lora", "method: lora\n    lora_target_modules: [self_attn.q_proj]", "a.slim.yaml(19,27): error SLIM401: the layers of 'llama' have no linear 'self_attn.q_proj'; did you mean 'q_proj'?")]
    public void LoraTargetsAreLinearsOfTheLayer(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("method: lora", "method: lora\n    lora_r: 25", "a.slim.yaml(19,13): error SLIM402: 'lora_r' 25 is more than 'k_proj' has in layer 0, which is 24 x 64 after the cuts")]
    [InlineData("method: lora", "method: lora\n    lora_r: 65\n    lora_target_modules: [up_proj]", "a.slim.yaml(19,13): error SLIM402: 'lora_r' 65 is more than 'up_proj' has in layer 0, which is 120 x 64 after the cuts")]
    public void TheRankFitsWhatTheCutsLeave(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("max_seq_length: 64\nevaluate", "max_seq_length: 129\nevaluate", "a.slim.yaml(20,21): error SLIM601: 'max_seq_length' 129 is more than the model's 128 positions")]
    [InlineData("window: 64", "window: 200", "a.slim.yaml(21,37): error SLIM601: 'window' 200 is more than the model's 128 positions")]
    [InlineData("train: { dataset: a.txt, max_seq_length: 64 }", "train: { dataset: a.txt }", "a.slim.yaml(22,8): error SLIM601: 'max_seq_length' 256 (the default) is more than the model's 128 positions")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, max_seq_length: 256 }", "a.slim.yaml(12,48): error SLIM601: 'max_seq_length' 256 is more than the model's 128 positions")]
    public void SequencesFitTheModelsPositions(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Fact]
    public void EveryMethodHasItsSettings()
    {
        Step("method: full").ShouldSatisfyAllConditions(
            step => step.Method.ShouldBe("full"),
            step => (step.Lora, step.Partial, step.Distillation).ShouldBe((null, null, null)));
        Step("method: partial\n    layers: 0..1, 3\n    last_layers: 2\n    norms: true\n    head: false").Partial.ShouldBe(new(new([0, 1, 3]), 2, true, false));
        Step("method: partial").Partial.ShouldBe(new(default, 0, false, true));
        Step("method: distill").ShouldSatisfyAllConditions(
            step => step.Distillation.ShouldBe(new(null, "resident", 1, 0.5)),
            step => step.Lora.ShouldBeNull());
        Step("method: distill\n    teacher: models/a\n    teacher_memory: cached\n    kd_temperature: 2\n    kd_alpha: 0.9\n    lora: { r: 4, alpha: 8, dropout: 0, target_modules: [q_proj] }").ShouldSatisfyAllConditions(
            step => step.Distillation.ShouldBe(new("models/a", "cached", 2, 0.9)),
            step => step.Lora.ShouldBe(new(4, 8, 0, new(["q_proj"]))));
        Step("method: distill\n    lora: {}").Lora!.R.ShouldBe(8);
    }

    [Fact]
    public void HowTheDataAreGoneThroughCanBeSaid()
    {
        var step = Step("method: lora\n    objective: instruct\n    train_on_inputs: true\n    sample_packing: true\n    warmup_ratio: 0.1\n    val_set_size: 0.05\n    eval_steps: 50\n    early_stopping_patience: 3\n    save_steps: 10", "{ path: a, format: alpaca }");

        step.Objective.ShouldBe("instruct");
        step.Data.ShouldBe(new(true, true, false, 0.05, 50, 3, 10));
        step.Optimization.WarmupRatio.ShouldBe(0.1);
        Step("method: lora\n    objective: instruct\n    group_by_length: true\n    val_set_size: 2000", "{ path: a, format: alpaca }").Data.ShouldBe(new(false, false, true, 2000, null, null, 100));
    }

    [Theory]
    [InlineData("method: lorra", "a.slim.yaml(18,13): error SLIM106: 'recover[0].method' must be one of lora, full, partial, distill, found 'lorra'; did you mean 'lora'?")]
    [InlineData("method: full\n    lora_r: 4", "a.slim.yaml(19,5): error SLIM103: unknown key 'lora_r' in 'recover[0]'; known: method, objective, task, dataset, split, max_seq_length, learning_rate, lr_scheduler, warmup_steps, warmup_ratio, num_epochs, max_steps, micro_batch_size, gradient_accumulation_steps, weight_decay, max_grad_norm, ...")]
    [InlineData("method: partial\n    head: false", "a.slim.yaml(19,11): error SLIM408: 'recover[0]' trains nothing: neither layers nor norms nor the head")]
    [InlineData("method: partial\n    layers: 3..4", "a.slim.yaml(19,13): error SLIM302: layer 4 does not exist: the model has layers 0 to 3")]
    [InlineData("method: partial\n    last_layers: 5", "a.slim.yaml(19,18): error SLIM302: 'last_layers' 5 are more than the 4 that the model has")]
    [InlineData("method: distill\n    lora: { r: 25 }", "a.slim.yaml(19,16): error SLIM402: 'lora.r' 25 is more than 'k_proj' has in layer 0, which is 24 x 64 after the cuts")]
    [InlineData("method: distill\n    kd_alpha: 2", "a.slim.yaml(19,15): error SLIM107: 'recover[0].kd_alpha' must be a number of at least 0 and at most 1, found 2")]
    [InlineData("method: lora\n    train_on_inputs: true\n    sample_packing: true\n    group_by_length: true", "a.slim.yaml(19,22): error SLIM406: 'train_on_inputs' is for objective instruct, and objective lm has no instructions\na.slim.yaml(20,21): error SLIM406: 'sample_packing' is for objective instruct, and plain text is packed anyway\na.slim.yaml(21,22): error SLIM406: 'group_by_length' is for examples, and plain text is cut into sequences of one length")]
    [InlineData("method: lora\n    objective: instruct", "a.slim.yaml(20,14): error SLIM406: objective instruct needs rows with an instruction and an answer, and 'a.txt' is of format text by its name: the formats that have them are alpaca, json, csv and tsv")]
    [InlineData("method: lora\n    val_set_size: 2.5", "a.slim.yaml(19,19): error SLIM107: 'recover[0].val_set_size' must be a share below 1 or a whole number of examples")]
    [InlineData("method: lora\n    eval_steps: 5\n    early_stopping_patience: 2", "a.slim.yaml(19,17): error SLIM109: 'eval_steps' is for validation, and nothing is held out for it: write 'val_set_size' too\na.slim.yaml(20,30): error SLIM109: 'early_stopping_patience' is for validation, and nothing is held out for it: write 'val_set_size' too")]
    [InlineData("method: lora\n    warmup_steps: 5\n    warmup_ratio: 0.1", "a.slim.yaml(20,19): error SLIM109: 'warmup_ratio' and 'warmup_steps' both say how long the warm-up is: write one of them")]
    public void WhatDoesNotGoTogetherIsRefused(string step, string problems) => Samples.Problems(Samples.Small.With("method: lora", step)).ShouldBe(problems);

    [Theory]
    [InlineData("  - method: lora\n    dataset: a.txt", "  - method: lora", "a.slim.yaml(18,5): error SLIM104: 'recover[0]' needs the key 'dataset' (what is trained on) for objective lm (the default)")]
    [InlineData("    dataset: a.txt\n    max", "    objective: instruct\n    dataset: { path: a, format: alpaca }\n    sample_packing: true\n    group_by_length: true\n    max", "a.slim.yaml(22,22): error SLIM109: 'group_by_length' and 'sample_packing' do not go together: packed sequences are of one length")]
    [InlineData("    dataset: a.txt\n    max", "    objective: instruct\n    dataset: { path: a.csv, output: 1 }\n    max", "a.slim.yaml(20,14): error SLIM407: 'a.csv' is of format csv by its name, which needs the key 'instruction': the name of a column, or its number from 0")]
    public void DataThatAStepCannotUseAreRefused(string old, string replacement, string problems) => Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Fact]
    public void AClassifierIsDistilledFromAClassifier()
    {
        var recipe = Samples.Small.With("recover:\n  - method: lora\n    dataset: a.txt", """
            tasks: { t: { template: "{text}", labels: { a: A, b: B }, train: { path: a, format: trec }, test: { path: b, format: trec } } }
            recover:
              - method: distill
                objective: p_cls
                task: t
            """);

        Samples.Problems(recipe).ShouldBe("a.slim.yaml(19,5): error SLIM104: 'recover[0]' needs the key 'teacher' for objective p_cls: the model the recipe starts from has no classifier");
        Samples.Problems(recipe.With("task: t\n", "task: t\n    teacher: models/classifier\n")).ShouldBe("");
    }

    private static RecoveryModel Step(string step, string dataset = "a.txt")
    {
        var (recipe, problems) = Samples.Compile(Samples.Small.With("method: lora\n    dataset: a.txt", $"{step}\n    dataset: {dataset}"));
        Samples.Print(problems).ShouldBe("");
        return recipe!.Recover.Single();
    }
}
