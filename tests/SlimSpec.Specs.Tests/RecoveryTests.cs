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
}
