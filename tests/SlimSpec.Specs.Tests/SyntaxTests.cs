namespace SlimSpec.Specs.Tests;

public class SyntaxTests
{
    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: [0.25", "a.slim.yaml(16,15): error SLIM100: this '[' is not closed by ']', or what is in it is not well-formed")]
    [InlineData("sparsity: 0.25", "sparsity: {0.25", "a.slim.yaml(16,15): error SLIM100: this '{' is not closed by '}', or what is in it is not well-formed")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt", "a.slim.yaml(12,14): error SLIM100: this '{' is not closed by '}', or what is in it is not well-formed")]
    [InlineData("sparsity: 0.25", "sparsity: \"0.25", "a.slim.yaml(16,15): error SLIM100: while scanning a multi-line double-quoted scalar, found wrong indentation")]
    [InlineData("sparsity: 0.25", " sparsity: 0.25", "a.slim.yaml(16,6): error SLIM100: while parsing a block mapping, did not find expected key: is it indented like its neighbours?")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n\tscore: l2", "a.slim.yaml(17,1): error SLIM100: a tab is not allowed here: indent with spaces")]
    [InlineData("sparsity: 0.25", "sparsity: [0.25,,]", "a.slim.yaml(16,15): error SLIM100: this '[' is not closed by ']', or what is in it is not well-formed")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n---\nspec: 1", "a.slim.yaml(17,1): error SLIM100: a second document starts here; a file holds one")]
    [InlineData("sparsity: 0.25", "sparsity: @", "a.slim.yaml(16,15): error SLIM100: while scanning for the next token, found character that cannot start any token")]
    [InlineData("spec: 1", "spec: \01", "a.slim.yaml(1,7): error SLIM100: the character U+0000 is not allowed")]
    [InlineData("spec: 1", "spec: \a1", "a.slim.yaml(1,7): error SLIM100: the character U+0007 is not allowed")]
    [InlineData("spec: 1", "- spec: 1", "a.slim.yaml(2,1): error SLIM100: while parsing a block collection, did not find expected '-' indicator: is it indented like its neighbours?")]
    [InlineData("dataset: a.txt\n", "dataset: \"\\q\"\n", "a.slim.yaml(19,14): error SLIM100: while scanning a quoted scalar, found unknown escape character")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { [a]: b, dataset: a.txt }", "a.slim.yaml(12,16): error SLIM100: a key must be a word, found a list")]
    public void WhatIsNotYamlIsReportedWhereItBegins(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: &x 0.25", "a.slim.yaml(16,15): error SLIM101: the anchor '&x' is not allowed: write the value where it is used")]
    [InlineData("sparsity: 0.25", "sparsity: *x", "a.slim.yaml(16,15): error SLIM101: the alias '*x' is not allowed: write the value out")]
    [InlineData("sparsity: 0.25", "sparsity: !!float 0.25", "a.slim.yaml(16,15): error SLIM101: the tag '!!float' is not allowed: a key's type is known")]
    [InlineData("prune:\n", "prune: &p\n", "a.slim.yaml(13,8): error SLIM101: the anchor '&p' is not allowed: write the value where it is used")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: &a [*a]", "a.slim.yaml(12,14): error SLIM101: the anchor '&a' is not allowed: write the value where it is used" + "\n" +
        "a.slim.yaml(12,14): error SLIM105: 'calibration' must be a mapping with keys such as dataset, split, num_samples, found a list" + "\n" +
        "a.slim.yaml(12,18): error SLIM101: the alias '*a' is not allowed: write the value out")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { <<: *base, dataset: a.txt }", "a.slim.yaml(12,16): error SLIM103: unknown key '<<' in 'calibration'; known: dataset, split, num_samples, max_seq_length, seed" + "\n" +
        "a.slim.yaml(12,20): error SLIM101: the alias '*base' is not allowed: write the value out")]
    public void AnchorsAliasesAndTagsAreRefused(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    sparsity: 0.3", "a.slim.yaml(17,5): error SLIM102: the key 'sparsity' is written twice; first on line 16")]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: a.txt, \"dataset\": b.txt }", "a.slim.yaml(12,32): error SLIM102: the key 'dataset' is written twice; first on line 12")]
    public void AKeyIsWrittenOnce(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);
}
