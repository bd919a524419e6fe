namespace SlimSpec.Specs.Tests;

public class OverrideTests
{
    [Theory]
    [InlineData("prune[0].sparsity", "3", "--set prune[0].sparsity=3(1,1): error SLIM107: 'prune[0].sparsity' must be a number above 0 and below 1, found 3")]
    [InlineData("prune[0].sparsity", "", "--set prune[0].sparsity=(1,1): error SLIM105: 'prune[0].sparsity' must be a number above 0 and below 1, a list of them with one for each layer, { gradient: [...] } or a list of { targets, layers, value }, found the text \"\"")]
    [InlineData("prune[0].sparsty", "0.3", "--set prune[0].sparsty=0.3(1,1): error SLIM103: unknown key 'sparsty' in 'prune[0]'; did you mean 'sparsity'?")]
    [InlineData("prune[1].sparsity", "0.3", "--set prune[1].sparsity=0.3(1,1): error SLIM110: 'prune' ends at 'prune[0]'")]
    [InlineData("prune.sparsity", "0.3", "--set prune.sparsity=0.3(1,1): error SLIM110: 'prune' is a list and has no key 'sparsity'")]
    [InlineData("name.x", "0.3", "--set name.x=0.3(1,1): error SLIM110: 'name' is the text \"Small\" and has no key 'x'")]
    [InlineData("calibration[0]", "0.3", "--set calibration[0]=0.3(1,1): error SLIM110: 'calibration' is a mapping, not a list")]
    [InlineData("prune[0.sparsity", "0.3", "--set prune[0.sparsity=0.3(1,1): error SLIM110: 'prune[0.sparsity' is not a path of keys such as prune[0].sparsity")]
    [InlineData("", "0.3", "--set =0.3(1,1): error SLIM110: '' is not a path of keys such as prune[0].sparsity")]
    [InlineData("prune[0].targets", "[mpl]", "--set prune[0].targets=[mpl](1,1): error SLIM301: the architecture 'llama' has no unit 'mpl'; did you mean 'mlp'?")]
    [InlineData("prune[0].targets", "[mlp", "--set prune[0].targets=[mlp(1,1): error SLIM100: this '[' is not closed by ']', or what is in it is not well-formed")]
    [InlineData("prune[0].targets", "*x", "--set prune[0].targets=*x(1,1): error SLIM101: the alias '*x' is not allowed: write the value out")]
    [InlineData("calibraton.seed", "1", "--set calibraton.seed=1(1,1): error SLIM103: unknown key 'calibraton'; did you mean 'calibration'?")]
    [InlineData("prune[0].layers[0]", "3", "--set prune[0].layers[0]=3(1,1): error SLIM110: 'prune[0].layers' is not in the spec, not a list")]
    [InlineData("model.config", "x.json", "--set model.config=x.json(1,1): error SLIM602: 'x.json' is neither in the spec's folder nor in one above it: it must exist and be an AdditionalFile of the build; known: models/tales/config.json")]
    [InlineData("model.hidden_size", "60", "--set model.hidden_size=60(1,1): error SLIM204: 'hidden_size' 60 is not divisible by 'num_attention_heads' 8, and 'head_dim' is hidden / heads where it is not given")]
    [InlineData("quantize.bits", "8", "--set quantize.bits=8(1,1): error SLIM103: unknown key 'quantize'; known: spec, name, model, calibration, prune, constraints, tasks, recover, exits, evaluate, export, train, sweep")]
    public void WhatIsWrongWithAChangeIsReportedAtIt(string path, string value, string problems) =>
        Samples.Problems(Samples.Small, null, (path, value)).ShouldBe(problems);
}
