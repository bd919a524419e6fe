"""LLaMA in plain PyTorch, in the eager manner of Hugging Face transformers 4.37: one module per projection, attention by
matmul and softmax. The key/value cache is preallocated, and the head is applied only where logits are asked for."""

import json
import math
import os

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils import skip_init

import safetensors


class RMSNorm(nn.Module):
    def __init__(self, hidden, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden))
        self.eps = eps

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps))


def linear(inputs, outputs):
    return skip_init(nn.Linear, inputs, outputs, bias=False)


def rotate_half(x):
    first, second = x.chunk(2, dim=-1)
    return torch.cat((-second, first), dim=-1)


class Attention(nn.Module):
    def __init__(self, hidden, heads, head_dim):
        super().__init__()
        self.heads, self.head_dim = heads, head_dim
        self.q_proj = linear(hidden, heads * head_dim)
        self.k_proj = linear(hidden, heads * head_dim)
        self.v_proj = linear(hidden, heads * head_dim)
        self.o_proj = linear(heads * head_dim, hidden)

    def forward(self, x, cos, sin, mask, cache, start):
        batch, tokens, _ = x.shape
        split = (batch, tokens, self.heads, self.head_dim)
        q = self.q_proj(x).view(split).transpose(1, 2)
        k = self.k_proj(x).view(split).transpose(1, 2)
        v = self.v_proj(x).view(split).transpose(1, 2)
        q = q * cos + rotate_half(q) * sin
        k = k * cos + rotate_half(k) * sin
        if cache is not None:
            keys, values = cache
            keys[:, :, start : start + tokens] = k
            values[:, :, start : start + tokens] = v
            k, v = keys[:, :, : start + tokens], values[:, :, : start + tokens]
        scores = torch.matmul(q, k.transpose(2, 3)) / math.sqrt(self.head_dim)
        if mask is not None:
            scores = scores + mask
        attended = torch.matmul(functional.softmax(scores, dim=-1), v)
        return self.o_proj(attended.transpose(1, 2).reshape(batch, tokens, self.heads * self.head_dim))


class MLP(nn.Module):
    def __init__(self, hidden, ffn):
        super().__init__()
        self.gate_proj = linear(hidden, ffn)
        self.up_proj = linear(hidden, ffn)
        self.down_proj = linear(ffn, hidden)

    def forward(self, x):
        return self.down_proj(functional.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    def __init__(self, hidden, heads, head_dim, ffn, eps):
        super().__init__()
        self.self_attn = Attention(hidden, heads, head_dim)
        self.mlp = MLP(hidden, ffn)
        self.input_layernorm = RMSNorm(hidden, eps)
        self.post_attention_layernorm = RMSNorm(hidden, eps)

    def forward(self, x, cos, sin, mask, cache, start):
        x = x + self.self_attn(self.input_layernorm(x), cos, sin, mask, cache, start)
        return x + self.mlp(self.post_attention_layernorm(x))


class Backbone(nn.Module):
    def __init__(self, config):
        super().__init__()
        hidden, heads = config["hidden_size"], config["num_attention_heads"]
        eps, ffn = config["rms_norm_eps"], config["intermediate_size"]
        self.embed_tokens = skip_init(nn.Embedding, config["vocab_size"], hidden)
        self.layers = nn.ModuleList(
            DecoderLayer(hidden, heads, hidden // heads, ffn, eps) for _ in range(config["num_hidden_layers"])
        )
        self.norm = RMSNorm(hidden, eps)


class Llama(nn.Module):
    """LLaMA with a tied head. Its parameters carry the names of a Hugging Face checkpoint."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.model = Backbone(config)
        head_dim = config["hidden_size"] // config["num_attention_heads"]
        exponent = torch.arange(0, head_dim, 2, dtype=torch.float64) / head_dim
        positions = torch.arange(config["max_position_embeddings"], dtype=torch.float64)
        angles = torch.outer(positions, config["rope_theta"] ** -exponent)
        angles = torch.cat((angles, angles), dim=-1)
        self.cos, self.sin = angles.cos().float(), angles.sin().float()

    @classmethod
    def load(cls, folder):
        """Reads a Hugging Face folder with one safetensors file."""
        with open(os.path.join(folder, "config.json")) as file:
            model = cls(json.load(file))
        parameters = dict(model.named_parameters())
        with torch.no_grad():
            for name, tensor in safetensors.read(os.path.join(folder, "model.safetensors")):
                parameters.pop(name).copy_(tensor)
        if parameters:
            raise KeyError(f"{folder} lacks {sorted(parameters)}")
        return model

    def cache(self, capacity):
        """Room for keys and values of one sequence, one pair a layer."""
        return [
            tuple(torch.empty(1, layer.self_attn.heads, capacity, layer.self_attn.head_dim) for _ in range(2))
            for layer in self.model.layers
        ]

    def hidden(self, ids, caches=None, start=0):
        """The residual stream after the final norm, [batch, tokens, hidden]."""
        tokens = ids.shape[1]
        x = self.model.embed_tokens(ids)
        cos, sin = self.cos[start : start + tokens], self.sin[start : start + tokens]
        mask = None
        if tokens > 1:
            mask = torch.full((tokens, start + tokens), torch.finfo(torch.float32).min).triu(start + 1)
        for i, layer in enumerate(self.model.layers):
            x = layer(x, cos, sin, mask, caches and caches[i], start)
        return self.model.norm(x)

    def head(self, hidden):
        return functional.linear(hidden, self.model.embed_tokens.weight)

    def forward(self, ids):
        """Logits of every position, [batch, tokens, vocab]."""
        return self.head(self.hidden(ids))

    def step(self, ids, caches, start):
        """Feeds tokens through the cache and gives the last position's logits, [batch, vocab]."""
        return self.head(self.hidden(ids, caches, start)[:, -1])
