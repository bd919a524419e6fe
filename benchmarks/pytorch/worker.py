"""The PyTorch side of the benchmark: answers one JSON command a line on standard input with one JSON line (see ../README.md)."""

import ctypes
import json
import os
import sys
import time

import torch

import lora
import pruning
from llama import Llama


class Worker:
    def __init__(self):
        self.model = None
        self.adapters = []

    def hello(self):
        """What computes, and proof of which BLAS it is: the libraries mapped, and the one that sgemm is taken from."""
        torch.mm(torch.ones(64, 64), torch.ones(64, 64))
        with open("/proc/self/maps") as maps:
            mapped = {line.split()[-1] for line in maps if "blas" in line or "blis" in line}
        return {
            "engine": f"PyTorch {torch.__version__}, Python {sys.version.split()[0]}",
            "pid": os.getpid(),
            "threads": torch.get_num_threads(),
            "blas": sorted(mapped),
            "sgemm": origin("sgemm_"),
        }

    def load(self, checkpoint):
        self.model = Llama.load(checkpoint)
        self.model.requires_grad_(False)
        return {"parameters": sum(parameter.numel() for parameter in self.model.parameters())}

    @torch.inference_mode()
    def logits(self, ids):
        """Logits of the last position by the full forward, and by prefill and cached decode of the last token."""
        ids = torch.tensor([ids])
        full = self.model(ids)[0, -1]
        caches = self.model.cache(ids.shape[1])
        self.model.step(ids[:, :-1], caches, 0)
        decoded = self.model.step(ids[:, -1:], caches, ids.shape[1] - 1)[0]
        return {"full": full.tolist(), "decoded": decoded.tolist()}

    @torch.inference_mode()
    def prefill(self, ids, repeats):
        """Seconds from a prompt to the logits of its next token, the cache filled."""
        ids = torch.tensor([ids])
        caches = self.model.cache(ids.shape[1])
        return {"seconds": [timed(lambda: self.model.step(ids, caches, 0)) for _ in range(repeats)]}

    @torch.inference_mode()
    def decode(self, ids, tokens):
        """Seconds of each greedily decoded token behind a prompt, and the tokens."""
        prompt = torch.tensor([ids])
        caches = self.model.cache(len(ids) + tokens)
        logits = self.model.step(prompt, caches, 0)
        seconds, decoded = [], []
        for position in range(len(ids), len(ids) + tokens):
            start = time.perf_counter()
            token = logits.argmax(-1, keepdim=True)
            decoded.append(token.item())
            logits = self.model.step(token, caches, position)
            seconds.append(time.perf_counter() - start)
        return {"seconds": seconds, "tokens": decoded}

    def calibrate(self, samples, layers):
        """Seconds of forward, backward and group scores over all samples; the scores."""
        ids = torch.tensor(samples)
        self.model.requires_grad_(True)
        start = time.perf_counter()
        loss = pruning.backward(self.model, ids)
        scores = pruning.scores(self.model, layers)
        seconds = time.perf_counter() - start
        self.model.zero_grad(set_to_none=True)
        self.model.requires_grad_(False)
        return {"seconds": [seconds], "loss": loss, "scores": named(scores)}

    def prune(self, checkpoint, samples, layers, sparsity, output):
        """Seconds of the whole job, from the checkpoint on disk to the slim one; what was kept."""
        ids = torch.tensor(samples)
        start = time.perf_counter()
        model = Llama.load(checkpoint)
        pruning.backward(model, ids)
        kept = pruning.select(pruning.scores(model, layers), sparsity)
        pruning.cut(model, kept)
        pruning.save(model, output)
        return {"seconds": [time.perf_counter() - start], "kept": named(kept)}

    def adapt(self, checkpoint, kept, targets, rank, alpha, adapter):
        """Cuts the model, attaches adapters and writes them, for the other side to start from the same."""
        self.model = Llama.load(checkpoint)
        pruning.cut(self.model, {group_of(name): torch.tensor(units) for name, units in kept.items()})
        adapters = lora.attach(self.model, targets, rank, alpha, seed=0)
        lora.save(adapters, targets, rank, alpha, adapter)
        self.adapters = list(adapters.values())
        return {"trained": sum(weight.numel() for weight in self.adapters)}

    def train(self, ids, steps, rate):
        """Seconds of each of some optimizer steps on a batch, and the losses."""
        batch = torch.tensor(ids)
        optimizer = torch.optim.AdamW(self.adapters, lr=rate, weight_decay=0.0)
        losses = []
        seconds = [timed(lambda: losses.append(lora.step(self.model, self.adapters, optimizer, batch))) for _ in range(steps)]
        return {"seconds": seconds, "losses": losses}


class SymbolInfo(ctypes.Structure):
    """Dl_info of dladdr(3)."""

    _fields_ = [("file", ctypes.c_char_p), ("base", ctypes.c_void_p), ("name", ctypes.c_char_p), ("address", ctypes.c_void_p)]


def origin(symbol):
    """The library that this process takes a symbol from."""
    info, process = SymbolInfo(), ctypes.CDLL(None)
    process.dladdr(ctypes.cast(process[symbol], ctypes.c_void_p), ctypes.byref(info))
    return info.file.decode()


def named(groups):
    return {f"{layer}.{unit}": values.tolist() for (layer, unit), values in groups.items()}


def group_of(name):
    layer, unit = name.split(".")
    return int(layer), unit


def timed(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    worker = Worker()
    for line in sys.stdin:
        message = json.loads(line)
        answer = getattr(worker, message.pop("command"))(**message)
        print(json.dumps(answer), flush=True)


main()
