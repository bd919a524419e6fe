"""LoRA as the PEFT library has it: an adapter beside each frozen linear, x W^T + (alpha / r) B(A(x)); trained with torch.optim.AdamW."""

import json
import math
import os

import torch
from torch import nn
from torch.nn import functional

import safetensors


class LoraLinear(nn.Module):
    def __init__(self, base, rank, alpha):
        super().__init__()
        self.base, self.scale = base, alpha / rank
        self.lora_A = nn.Linear(base.weight.shape[1], rank, bias=False)
        self.lora_B = nn.Linear(rank, base.weight.shape[0], bias=False)
        nn.init.kaiming_uniform_(self.lora_A.weight, a=math.sqrt(5))
        nn.init.zeros_(self.lora_B.weight)

    def forward(self, x):
        return self.base(x) + self.lora_B(self.lora_A(x)) * self.scale


def attach(model, targets, rank, alpha, seed):
    """Freezes the model and puts adapters on the linears of these names; gives them by the name PEFT stores them under."""
    torch.manual_seed(seed)
    model.requires_grad_(False)
    adapters = {}
    for number, layer in enumerate(model.model.layers):
        for part in ("self_attn", "mlp"):
            block = getattr(layer, part)
            for target in [name for name in targets if hasattr(block, name)]:
                linear = LoraLinear(getattr(block, target), rank, alpha)
                setattr(block, target, linear)
                name = f"base_model.model.model.layers.{number}.{part}.{target}"
                adapters[f"{name}.lora_A.weight"] = linear.lora_A.weight
                adapters[f"{name}.lora_B.weight"] = linear.lora_B.weight
    return adapters


def save(adapters, targets, rank, alpha, folder):
    """Writes a PEFT folder."""
    os.makedirs(folder, exist_ok=True)
    safetensors.write(os.path.join(folder, "adapter_model.safetensors"), adapters)
    with open(os.path.join(folder, "adapter_config.json"), "w") as file:
        json.dump({"peft_type": "LORA", "r": rank, "lora_alpha": alpha, "lora_dropout": 0.0, "target_modules": targets}, file)


def step(model, adapters, optimizer, ids):
    """One optimizer step on the mean next-token loss, the gradient's norm clipped to 1; gives the loss before it."""
    optimizer.zero_grad(set_to_none=True)
    logits = model(ids[:, :-1])
    loss = functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))
    loss.backward()
    nn.utils.clip_grad_norm_(adapters, 1.0)
    optimizer.step()
    return loss.item()
