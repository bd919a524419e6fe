"""Block-wise structured pruning as LLM-Pruner does it: one backward pass that leaves a gradient on every parameter, first-order
Taylor scores (sum of |w * g|) added over the members of a group, the lowest units of each layer cut, the rest copied."""

import json
import os

import torch
from torch import nn
from torch.nn import functional

import safetensors


def backward(model, ids):
    """Gradients of the mean next-token loss over all rows of ids; returns the loss."""
    model.zero_grad(set_to_none=True)
    logits = model(ids)
    logits = logits[:, :-1].reshape(-1, logits.shape[-1])
    loss = functional.cross_entropy(logits, ids[:, 1:].reshape(-1))
    loss.backward()
    return loss.item()


def rows(linear):
    return (linear.weight * linear.weight.grad).abs().sum(1)


def columns(linear):
    return (linear.weight * linear.weight.grad).abs().sum(0)


@torch.no_grad()
def scores(model, layers):
    """Group scores {(layer, unit): [units]} of heads and MLP channels."""
    result = {}
    for number in layers:
        layer = model.model.layers[number]
        attention, mlp = layer.self_attn, layer.mlp
        channels = rows(attention.q_proj) + columns(attention.o_proj) + rows(attention.v_proj) + rows(attention.k_proj)
        result[number, "attention"] = channels.view(attention.heads, attention.head_dim).sum(1)
        result[number, "mlp"] = rows(mlp.gate_proj) + rows(mlp.up_proj) + columns(mlp.down_proj)
    return result


def select(group_scores, sparsity):
    """Kept unit numbers, ascending, of each group."""
    kept = {}
    for key, score in group_scores.items():
        kept[key] = score.argsort()[int(len(score) * sparsity) :].sort().values
    return kept


def keep_rows(linear, indices):
    linear.weight = nn.Parameter(linear.weight.data[indices], requires_grad=False)


def keep_columns(linear, indices):
    linear.weight = nn.Parameter(linear.weight.data[:, indices].contiguous(), requires_grad=False)


@torch.no_grad()
def cut(model, kept):
    """Takes all but the kept units out of the model."""
    model.zero_grad(set_to_none=True)
    for (number, unit), units in kept.items():
        layer = model.model.layers[number]
        if unit == "mlp":
            keep_rows(layer.mlp.gate_proj, units)
            keep_rows(layer.mlp.up_proj, units)
            keep_columns(layer.mlp.down_proj, units)
            continue
        attention = layer.self_attn
        channels = (units.unsqueeze(1) * attention.head_dim + torch.arange(attention.head_dim)).flatten()
        for projection in (attention.q_proj, attention.k_proj, attention.v_proj):
            keep_rows(projection, channels)
        keep_columns(attention.o_proj, channels)
        attention.heads = len(units)


def save(model, folder):
    """Writes the model as a Hugging Face folder; sizes that differ between layers become arrays in config.json."""
    os.makedirs(folder, exist_ok=True)
    layers = model.model.layers
    config = dict(
        model.config,
        num_attention_heads=[layer.self_attn.heads for layer in layers],
        intermediate_size=[layer.mlp.gate_proj.weight.shape[0] for layer in layers],
    )
    safetensors.write(os.path.join(folder, "model.safetensors"), dict(model.named_parameters()))
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(config, file, indent=2)
