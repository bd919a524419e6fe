"""Writes the benchmark's model: a LLaMA of 109.5 million random weights (the head is the embedding), in Hugging Face layout,
and beside it calibration.json, ten rows of 64 random token ids. The same on every machine: python make_checkpoint.py FOLDER"""

import json
import os
import sys

import torch

import safetensors

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "torch_dtype": "float32",
    "vocab_size": 32000,
    "hidden_size": 768,
    "intermediate_size": 2048,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "num_key_value_heads": 12,
    "max_position_embeddings": 1024,
    "rms_norm_eps": 1e-05,
    "rope_theta": 10000.0,
    "hidden_act": "silu",
    "tie_word_embeddings": True,
}


def weights(generator):
    """Weights by name. Rows differ in scale, so that scores differ by more than rounding does."""
    hidden, ffn = CONFIG["hidden_size"], CONFIG["intermediate_size"]

    def matrix(outputs, inputs):
        rows = torch.rand(outputs, 1, generator=generator) + 0.5
        return torch.randn(outputs, inputs, generator=generator) * rows * inputs**-0.5

    yield "model.embed_tokens.weight", torch.randn(CONFIG["vocab_size"], hidden, generator=generator) * 0.05
    for number in range(CONFIG["num_hidden_layers"]):
        prefix = f"model.layers.{number}."
        for projection in ("q_proj", "k_proj", "v_proj", "o_proj"):
            yield f"{prefix}self_attn.{projection}.weight", matrix(hidden, hidden)
        yield f"{prefix}mlp.gate_proj.weight", matrix(ffn, hidden)
        yield f"{prefix}mlp.up_proj.weight", matrix(ffn, hidden)
        yield f"{prefix}mlp.down_proj.weight", matrix(hidden, ffn)
        for norm in ("input_layernorm", "post_attention_layernorm"):
            yield f"{prefix}{norm}.weight", 1 + 0.1 * torch.randn(hidden, generator=generator)
    yield "model.norm.weight", 1 + 0.1 * torch.randn(hidden, generator=generator)


def main(folder):
    generator = torch.Generator().manual_seed(0)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(CONFIG, file, indent=2)
    with open(os.path.join(folder, "calibration.json"), "w") as file:
        ids = torch.randint(CONFIG["vocab_size"], (10, 64), generator=generator)
        json.dump({"ids": ids.tolist()}, file)
    safetensors.write(os.path.join(folder, "model.safetensors"), dict(weights(generator)))


main(sys.argv[1])
