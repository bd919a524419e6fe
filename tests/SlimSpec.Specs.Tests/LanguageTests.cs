namespace SlimSpec.Specs.Tests;

public class LanguageTests
{
    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    round_too: 8", "a.slim.yaml(17,5): error SLIM103: unknown key 'round_too' in 'prune[0]'; did you mean 'round_to'?")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    wibble: 1", "a.slim.yaml(17,5): error SLIM103: unknown key 'wibble' in 'prune[0]'; known: cut, targets, score, order, reduce, sparsity, scope, normalize, compensate, layers, protect, round_to, steps, seed")]
    [InlineData("evaluate:", "evalute:", "a.slim.yaml(21,1): error SLIM103: unknown key 'evalute'; did you mean 'evaluate'?")]
    [InlineData("method: lora", "method: lora\n    lr: 0.1", "a.slim.yaml(19,5): error SLIM103: unknown key 'lr' in 'recover[0]'; known: method, objective, task, dataset, split, lora_r, lora_alpha, lora_dropout, lora_target_modules, max_seq_length, learning_rate, lr_scheduler, warmup_steps, warmup_ratio, num_epochs, max_steps, ...")]
    [InlineData("method: lora", "method: lora\n    rank: 4", "a.slim.yaml(19,5): error SLIM103: unknown key 'rank' in 'recover[0]'; known: method, objective, task, dataset, split, lora_r, lora_alpha, lora_dropout, lora_target_modules, max_seq_length, learning_rate, lr_scheduler, warmup_steps, warmup_ratio, num_epochs, max_steps, ...")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  hiden_size: 64", "a.slim.yaml(6,3): error SLIM103: unknown key 'hiden_size' in 'model'; did you mean 'hidden_size'?")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    protect: { lats: 1 }", "a.slim.yaml(17,16): error SLIM103: unknown key 'lats' in 'prune[0].protect'; did you mean 'last'?")]
    public void UnknownKeysGetTheNearest(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("    sparsity: 0.25\n", "", "a.slim.yaml(14,5): error SLIM104: 'prune[0]' needs the key 'sparsity' (the fraction to remove), or 'constraints' to solve it from")]
    [InlineData("spec: 1\n", "", "a.slim.yaml(1,1): error SLIM104: the file needs the key 'spec' (version of the language, 1)")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { seed: 1 }", "a.slim.yaml(12,14): error SLIM104: 'calibration' needs the key 'dataset' (text file, a .json file with ready token ids, or a mapping that says what is in the file)")]
    [InlineData("  architecture: llama\n", "", "a.slim.yaml(4,3): error SLIM104: 'model' needs the key 'architecture' (name of an architecture file)")]
    public void RequiredKeysAreNamedWithWhatTheyAre(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: lots", "a.slim.yaml(16,15): error SLIM105: 'prune[0].sparsity' must be a number above 0 and below 1, a list of them with one for each layer, { gradient: [...] } or a list of { targets, layers, value }, found the text \"lots\"")]
    [InlineData("sparsity: 0.25", "sparsity: \n    seed: yes", "a.slim.yaml(14,5): error SLIM104: 'prune[0]' needs the key 'sparsity' (the fraction to remove), or 'constraints' to solve it from\na.slim.yaml(17,11): error SLIM105: 'prune[0].seed' must be an integer of at least 0, found the text \"yes\"")]
    [InlineData("sparsity: 0.25", "sparsity: \"0.25\"", "a.slim.yaml(16,15): error SLIM105: 'prune[0].sparsity' must be a number above 0 and below 1, a list of them with one for each layer, { gradient: [...] } or a list of { targets, layers, value }, found the text \"0.25\"")]
    [InlineData("sparsity: 0.25", "sparsity: []", "a.slim.yaml(16,15): error SLIM105: 'prune[0].sparsity' must be a number above 0 and below 1, a list of them with one for each layer, { gradient: [...] } or a list of { targets, layers, value }, found a list")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    steps: 1.5", "a.slim.yaml(17,12): error SLIM105: 'prune[0].steps' must be an integer from 1 to 1000, found 1.5")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: inner", "a.slim.yaml(17,13): error SLIM105: 'prune[0].layers' must be layer numbers such as \"4..29\", \"0..3, 7\" or [1, 2], found the text \"inner\"")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: [1, [2]]", "a.slim.yaml(17,17): error SLIM105: 'prune[0].layers[1]' must be layer numbers such as \"4..29\", \"0..3, 7\" or [1, 2], found a list")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    seed: true", "a.slim.yaml(17,11): error SLIM105: 'prune[0].seed' must be an integer of at least 0, found true")]
    [InlineData("[mlp, attention]", "mlp", "a.slim.yaml(15,14): error SLIM105: 'prune[0].targets' must be a list of units such as [mlp, attention], found the text \"mlp\"")]
    [InlineData("[mlp, attention]", "[]", "a.slim.yaml(15,14): error SLIM105: 'prune[0].targets' must be a list of units such as [mlp, attention], found an empty list")]
    [InlineData("[mlp, attention]", "[mlp, [attention]]", "a.slim.yaml(15,20): error SLIM105: 'prune[0].targets[1]' must be a unit of the architecture, found a list")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: a.txt", "a.slim.yaml(12,14): error SLIM105: 'calibration' must be a mapping with keys such as dataset, split, num_samples, found the text \"a.txt\"")]
    [InlineData("calibration: { dataset: a.txt }", "calibration:", "a.slim.yaml(12,13): error SLIM105: 'calibration' must be a mapping with keys such as dataset, split, num_samples, found nothing")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: \"\" }", "a.slim.yaml(12,25): error SLIM105: 'calibration.dataset' must be a path, or a mapping such as { path: a.csv, text: body }, found the text \"\"")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: \"a\\nb\" }", "a.slim.yaml(12,25): error SLIM105: 'calibration.dataset' must be a path, or a mapping such as { path: a.csv, text: body }, found the text \"a\\u000Ab\"")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, split: 90% }", "a.slim.yaml(12,39): error SLIM105: 'calibration.split' must be a part of the data such as \":90%\", \"10%:20%\" or \"90%:\", found the text \"90%\"")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, split: \"train[:90%]\" }", "a.slim.yaml(12,39): error SLIM105: 'calibration.split' must be a part of the data such as \":90%\", \"10%:20%\" or \"90%:\", found the text \"train[:90%]\"")]
    [InlineData("prune:\n", "prune:\n  - 3\n", "a.slim.yaml(14,5): error SLIM105: 'prune[0]' must be a mapping with the key cut: width or depth, found 3")]
    [InlineData("name: Small", "name: [a]", "a.slim.yaml(2,7): error SLIM105: 'name' must be a name, found a list")]
    public void AWrongTypeSaysWhatWasExpectedAndFound(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    score: tailor", "a.slim.yaml(17,12): error SLIM106: 'prune[0].score' must be one of random, l1, l2, taylor, wanda, flap, activation, found 'tailor'; did you mean 'taylor'?")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    score: wand", "a.slim.yaml(17,12): error SLIM106: 'prune[0].score' must be one of random, l1, l2, taylor, wanda, flap, activation, found 'wand'; did you mean 'wanda'?")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    order: fist", "a.slim.yaml(17,12): error SLIM106: 'prune[0].order' must be one of vector, first, second, mix, found 'fist'; did you mean 'first'?")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    reduce: average", "a.slim.yaml(17,13): error SLIM106: 'prune[0].reduce' must be one of sum, mean, max, prod, first, last, found 'average'")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    scope: layers", "a.slim.yaml(17,12): error SLIM106: 'prune[0].scope' must be one of layer, global, found 'layers'; did you mean 'layer'?")]
    [InlineData("cut: width", "cut: widht", "a.slim.yaml(14,10): error SLIM106: 'prune[0].cut' must be one of width, depth, found 'widht'; did you mean 'width'?")]
    [InlineData("method: lora", "method: qlora", "a.slim.yaml(18,13): error SLIM106: 'recover[0].method' must be one of lora, full, partial, distill, found 'qlora'; did you mean 'lora'?")]
    [InlineData("method: lora", "method: lora\n    lr_scheduler: cosinus", "a.slim.yaml(19,19): error SLIM106: 'recover[0].lr_scheduler' must be one of linear, cosine, constant, found 'cosinus'; did you mean 'cosine'?")]
    public void AWordOutsideAnEnumerationGetsTheNearest(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("spec: 1", "spec: 2", "a.slim.yaml(1,7): error SLIM107: 'spec' must be 1, found 2")]
    [InlineData("sparsity: 0.25", "sparsity: 0", "a.slim.yaml(16,15): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 0")]
    [InlineData("sparsity: 0.25", "sparsity: 1", "a.slim.yaml(16,15): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 1")]
    [InlineData("sparsity: 0.25", "sparsity: 20", "a.slim.yaml(16,15): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 20")]
    [InlineData("sparsity: 0.25", "sparsity: 1e999", "a.slim.yaml(16,15): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 1e999")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    round_to: 0", "a.slim.yaml(17,15): error SLIM107: 'prune[0].round_to' must be an integer from 1 to 65536, found 0")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    steps: 99999999999999999999", "a.slim.yaml(17,12): error SLIM107: 'prune[0].steps' must be an integer from 1 to 1000, found 99999999999999999999")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    seed: -1", "a.slim.yaml(17,11): error SLIM107: 'prune[0].seed' must be an integer of at least 0, found -1")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    protect: { first: -1 }", "a.slim.yaml(17,23): error SLIM107: 'prune[0].protect.first' must be an integer from 0 to 1000000, found -1")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, num_samples: 0 }", "a.slim.yaml(12,45): error SLIM107: 'calibration.num_samples' must be an integer from 1 to 1000000, found 0")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, max_seq_length: 1 }", "a.slim.yaml(12,48): error SLIM107: 'calibration.max_seq_length' must be an integer from 2 to 16777216, found 1")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, split: \"90%:10%\" }", "a.slim.yaml(12,39): error SLIM107: 'calibration.split' must begin before it ends, between 0% and 100%, found '90%:10%'")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, split: \":110%\" }", "a.slim.yaml(12,39): error SLIM107: 'calibration.split' must begin before it ends, between 0% and 100%, found ':110%'")]
    [InlineData("window: 64", "window: 64, limit: 0", "a.slim.yaml(21,48): error SLIM107: 'evaluate.limit' must be an integer of at least 1, found 0")]
    [InlineData("method: lora", "method: lora\n    lora_r: 0", "a.slim.yaml(19,13): error SLIM107: 'recover[0].lora_r' must be an integer from 1 to 65536, found 0")]
    [InlineData("method: lora", "method: lora\n    lora_alpha: 0", "a.slim.yaml(19,17): error SLIM107: 'recover[0].lora_alpha' must be a number above 0 and at most 1000000, found 0")]
    [InlineData("method: lora", "method: lora\n    lora_dropout: 1", "a.slim.yaml(19,19): error SLIM107: 'recover[0].lora_dropout' must be a number of at least 0 and below 1, found 1")]
    [InlineData("method: lora", "method: lora\n    learning_rate: 0", "a.slim.yaml(19,20): error SLIM107: 'recover[0].learning_rate' must be a number above 0 and at most 1, found 0")]
    [InlineData("method: lora", "method: lora\n    warmup_steps: -1", "a.slim.yaml(19,19): error SLIM107: 'recover[0].warmup_steps' must be an integer from 0 to 100000000, found -1")]
    [InlineData("method: lora", "method: lora\n    num_epochs: 0", "a.slim.yaml(19,17): error SLIM107: 'recover[0].num_epochs' must be a number above 0 and at most 100000, found 0")]
    [InlineData("method: lora", "method: lora\n    max_steps: 0", "a.slim.yaml(19,16): error SLIM107: 'recover[0].max_steps' must be an integer from 1 to 100000000, found 0")]
    [InlineData("method: lora", "method: lora\n    micro_batch_size: 0", "a.slim.yaml(19,23): error SLIM107: 'recover[0].micro_batch_size' must be an integer from 1 to 65536, found 0")]
    [InlineData("method: lora", "method: lora\n    gradient_accumulation_steps: 0", "a.slim.yaml(19,34): error SLIM107: 'recover[0].gradient_accumulation_steps' must be an integer from 1 to 65536, found 0")]
    [InlineData("method: lora", "method: lora\n    weight_decay: -0.1", "a.slim.yaml(19,19): error SLIM107: 'recover[0].weight_decay' must be a number of at least 0 and at most 1, found -0.1")]
    [InlineData("method: lora", "method: lora\n    max_grad_norm: 0", "a.slim.yaml(19,20): error SLIM107: 'recover[0].max_grad_norm' must be a number above 0, found 0")]
    public void NumbersHaveRanges(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("name: Small", "name: class", "a.slim.yaml(2,7): error SLIM108: the name 'class' is a keyword of C#")]
    [InlineData("name: Small", "name: 3x", "a.slim.yaml(2,7): error SLIM108: the name '3x' is not an identifier: letters, digits and underscores, no digit first")]
    [InlineData("name: Small", "name: a-b", "a.slim.yaml(2,7): error SLIM108: the name 'a-b' is not an identifier: letters, digits and underscores, no digit first")]
    [InlineData("name: Small", "name: Model", "a.slim.yaml(2,7): error SLIM108: the name 'Model' is taken by the generated code")]
    [InlineData("name: Small", "name: Tensor", "a.slim.yaml(2,7): error SLIM108: the name 'Tensor' is taken by the generated code")]
    public void NamesMustServeAsCSharp(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    score: l2\n    order: first", "a.slim.yaml(18,12): error SLIM109: 'order' is for score taylor; the score is l2")]
    [InlineData("method: lora", "method: lora\n    warmup_steps: 20\n    max_steps: 10", "a.slim.yaml(19,19): error SLIM109: 'warmup_steps' 20 are more than 'max_steps' 10")]
    public void KeysThatContradictEachOtherAreRefused(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("[mlp, attention]", "[mlp, mlp]", "a.slim.yaml(15,20): error SLIM111: 'prune[0].targets[1]' repeats 'mlp'")]
    [InlineData("method: lora", "method: lora\n    lora_target_modules: [q_proj, q_proj]", "a.slim.yaml(19,35): error SLIM111: 'recover[0].lora_target_modules[1]' repeats 'q_proj'")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: \"0..2, 2\"", "a.slim.yaml(17,13): error SLIM111: layer 2 is named twice")]
    public void ListsDoNotRepeatItems(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);
}
