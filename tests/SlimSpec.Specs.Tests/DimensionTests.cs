namespace SlimSpec.Specs.Tests;

public class DimensionTests
{
    [Theory]
    [InlineData("architecture: llama", "architecture: lama", "a.slim.yaml(4,17): error SLIM201: no architecture file describes 'lama'; did you mean 'llama'?")]
    [InlineData("architecture: llama", "architecture: bert", "a.slim.yaml(4,17): error SLIM201: no architecture file describes 'bert'; known: llama")]
    public void TheArchitectureIsKnown(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("  hidden_size: 64\n", "", "a.slim.yaml(4,3): error SLIM203: 'model' needs 'hidden_size', or a 'config' to read from")]
    [InlineData("hidden_size: 64", "hiden_size: 64", "a.slim.yaml(4,3): error SLIM203: 'model' needs 'hidden_size' (there is 'hiden_size'), or a 'config' to read from" + "\n" +
        "a.slim.yaml(5,3): error SLIM103: unknown key 'hiden_size' in 'model'; did you mean 'hidden_size'?")]
    [InlineData("  hidden_size: 64\n  intermediate_size: 160\n", "", "a.slim.yaml(4,3): error SLIM203: 'model' needs 'hidden_size', 'intermediate_size', or a 'config' to read from")]
    public void EveryDimensionHasAValue(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("hidden_size: 64", "hidden_size: 0", "a.slim.yaml(5,16): error SLIM107: 'hidden_size' must be an integer from 1 to 1048576, found 0")]
    [InlineData("hidden_size: 64", "hidden_size: -64", "a.slim.yaml(5,16): error SLIM107: 'hidden_size' must be an integer from 1 to 1048576, found -64")]
    [InlineData("hidden_size: 64", "hidden_size: 64.0", "a.slim.yaml(5,16): error SLIM105: 'hidden_size' must be an integer from 1 to 1048576, found 64.0")]
    [InlineData("hidden_size: 64", "hidden_size: 99999999999", "a.slim.yaml(5,16): error SLIM107: 'hidden_size' must be an integer from 1 to 1048576, found 99999999999")]
    [InlineData("num_hidden_layers: 4", "num_hidden_layers: 5000", "a.slim.yaml(7,22): error SLIM107: 'num_hidden_layers' must be an integer from 1 to 4096, found 5000")]
    [InlineData("hidden_size: 64\n  intermediate_size: 160\n  num_hidden_layers: 4", "hidden_size: 1048576\n  intermediate_size: 1048576\n  num_hidden_layers: 4096", "a.slim.yaml(5,16): error SLIM206: the model would have 2.7e+16 parameters; 'hidden_size' is 1048576")]
    [InlineData("num_attention_heads: 8\n  num_key_value_heads: 4", "num_attention_heads: 8192\n  head_dim: 1048576\n  num_key_value_heads: 1", "a.slim.yaml(9,13): error SLIM206: 'num_attention_heads' * 'head_dim' is more than 2147483647")]
    public void DimensionsAreCountsWithinReason(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("hidden_size: 64", "hidden_size: 60", "a.slim.yaml(5,16): error SLIM204: 'hidden_size' 60 is not divisible by 'num_attention_heads' 8, and 'head_dim' is hidden / heads where it is not given")]
    [InlineData("hidden_size: 64", "hidden_size: 72", "a.slim.yaml(5,16): error SLIM204: 'head_dim' is 9 and must be even: rotary positions turn pairs of channels")]
    [InlineData("num_key_value_heads: 4", "num_key_value_heads: 3", "a.slim.yaml(9,24): error SLIM204: 'num_attention_heads' 8 is not divisible by 'num_key_value_heads' 3: every KV head serves equally many query heads")]
    [InlineData("num_attention_heads: 8", "num_attention_heads: 8\n  head_dim: 7", "a.slim.yaml(9,13): error SLIM204: 'head_dim' is 7 and must be even: rotary positions turn pairs of channels")]
    [InlineData("num_attention_heads: 8", "num_attention_heads: 65", "a.slim.yaml(5,16): error SLIM204: 'hidden_size' 64 is not divisible by 'num_attention_heads' 65, and 'head_dim' is hidden / heads where it is not given")]
    public void DimensionsDivide(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  rope_theta: -1", "a.slim.yaml(6,15): error SLIM107: 'rope_theta' must be a number above 1 and at most 1000000000000000, found -1")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  rms_norm_eps: 2", "a.slim.yaml(6,17): error SLIM107: 'rms_norm_eps' must be a number above 0 and at most 1, found 2")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  rms_norm_eps: yes", "a.slim.yaml(6,17): error SLIM105: 'rms_norm_eps' must be a number above 0 and at most 1, found the text \"yes\"")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  tie_word_embeddings: 1", "a.slim.yaml(6,24): error SLIM105: 'tie_word_embeddings' must be true or false, found 1")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  rope_theta: true", "a.slim.yaml(6,15): error SLIM105: 'rope_theta' must be a number above 1 and at most 1000000000000000, found true")]
    public void ConstantsHaveTheTypeAndRangeOfTheirUse(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  config: models/tale/config.json", "a.slim.yaml(6,11): error SLIM602: 'models/tale/config.json' is neither in the spec's folder nor in one above it: it must exist and be an AdditionalFile of the build; did you mean 'models/tales/config.json'?")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  config: x.json", "a.slim.yaml(6,11): error SLIM602: 'x.json' is neither in the spec's folder nor in one above it: it must exist and be an AdditionalFile of the build; known: models/tales/config.json")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  config: /models/tales/config.json", "a.slim.yaml(6,11): error SLIM602: '/models/tales/config.json' is neither in the spec's folder nor in one above it: it must exist and be an AdditionalFile of the build; did you mean 'models/tales/config.json'?")]
    [InlineData("hidden_size: 64", "hidden_size: 64\n  config: ../models/tales/config.json", "a.slim.yaml(6,11): error SLIM602: '../models/tales/config.json' is neither in the spec's folder nor in one above it: it must exist and be an AdditionalFile of the build; did you mean 'models/tales/config.json'?")]
    public void TheConfigurationMustBeAmongTheGivenFiles(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("\"hidden_size\": 192", "\"hidden_size\": 190", "models/tales/config.json(4,18): error SLIM204: 'hidden_size' 190 is not divisible by 'num_attention_heads' 6, and 'head_dim' is hidden / heads where it is not given")]
    [InlineData("\"hidden_size\": 192", "\"hidden_sizes\": 192", "models/tales/config.json(1,1): error SLIM203: 'models/tales/config.json' lacks 'hidden_size' (there is 'hidden_sizes')")]
    [InlineData("\"hidden_size\": 192", "\"hidden_size\": \"192\"", "models/tales/config.json(4,18): error SLIM105: 'hidden_size' must be an integer from 1 to 1048576, found the text \"192\"")]
    [InlineData("\"hidden_size\": 192", "\"hidden_size\": null", "models/tales/config.json(1,1): error SLIM203: 'models/tales/config.json' lacks 'hidden_size' (it is null)")]
    [InlineData("\"hidden_size\": 192", "\"hidden_size\": 192, \"head_dim\": 31", "models/tales/config.json(4,35): error SLIM204: 'head_dim' is 31 and must be even: rotary positions turn pairs of channels")]
    [InlineData("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 4", "models/tales/config.json(8,26): error SLIM204: 'num_attention_heads' 6 is not divisible by 'num_key_value_heads' 4: every KV head serves equally many query heads")]
    [InlineData("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 0", "models/tales/config.json(11,19): error SLIM107: 'rms_norm_eps' must be a number above 0 and at most 1, found 0")]
    [InlineData("\"max_position_embeddings\": 512", "\"max_position_embeddings\": 100", "a.slim.yaml(6,11): error SLIM601: 'max_seq_length' 256 (the default) is more than the model's 100 positions" + "\n" +
        "a.slim.yaml(7,11): error SLIM601: 'window' 128 (the default) is more than the model's 100 positions")]
    public void ProblemsOfTheConfigurationAreReportedInIt(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Configured, Samples.Config.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("\"model_type\": \"llama\"", "\"model_type\": \"mistral\"", "models/tales/config.json(3,17): error SLIM202: 'model_type' is 'mistral', but the architecture 'llama' describes llama")]
    [InlineData("  \"model_type\": \"llama\",\n", "", "models/tales/config.json(1,1): error SLIM202: 'model_type' is missing; the architecture 'llama' describes llama")]
    [InlineData("\"model_type\": \"llama\"", "\"model_type\": 3", "models/tales/config.json(3,17): error SLIM105: 'model_type' must be a text, found 3")]
    [InlineData("\"rope_scaling\": null", "\"rope_scaling\": {\"factor\": 8}", "models/tales/config.json(13,19): error SLIM205: 'rope_scaling' is a mapping, but the architecture 'llama' computes null only")]
    [InlineData("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"", "models/tales/config.json(14,17): error SLIM205: 'hidden_act' is \"gelu\", but the architecture 'llama' computes \"silu\" only")]
    [InlineData("\"attention_bias\": false", "\"attention_bias\": true, \"mlp_bias\": true", "models/tales/config.json(15,21): error SLIM205: 'attention_bias' is true, but the architecture 'llama' computes false only" + "\n" +
        "models/tales/config.json(15,39): error SLIM205: 'mlp_bias' is true, but the architecture 'llama' computes false only")]
    public void TheConfigurationMustBeOfThisArchitecture(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Configured, Samples.Config.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("\"hidden_size\": 192,", "\"hidden_size\": 192", "models/tales/config.json(5,3): error SLIM100: expected ',' or '}', found '\"'")]
    [InlineData("\"hidden_size\": 192", "\"hidden_size\": 192, \"hidden_size\": 10", "models/tales/config.json(4,23): error SLIM102: the key 'hidden_size' is written twice")]
    [InlineData("\"float16\"\n}", "\"float16\",\n}", "models/tales/config.json(18,1): error SLIM100: expected a key in quotation marks, found '}'")]
    [InlineData("\"float16\"\n}", "\"float16\"", "models/tales/config.json(17,27): error SLIM100: expected ',' or '}', found the end of the file")]
    [InlineData("\"float16\"", "float16", "models/tales/config.json(17,18): error SLIM100: 'float16' is not a value of JSON")]
    [InlineData("\"float16\"", "\"flo\\qat16\"", "models/tales/config.json(17,22): error SLIM100: this is not an escape of JSON")]
    [InlineData("\"float16\"", "\"float16", "models/tales/config.json(17,26): error SLIM100: the string is not closed on its line")]
    [InlineData("\"float16\"\n}", "\"float16\"\n} 1", "models/tales/config.json(18,3): error SLIM100: the document ends before '1'")]
    [InlineData("\"hidden_size\": 192", "'hidden_size': 192", "models/tales/config.json(4,3): error SLIM100: expected a key in quotation marks, found '''")]
    public void TheConfigurationMustBeJson(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Configured, Samples.Config.With(old, replacement)).ShouldBe(problems);
}
