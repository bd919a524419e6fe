"""Both sides must have done the same work: nothing is reported where they differ."""

import json
import os
import struct

LOGITS = 1e-3  # largest absolute difference
SCORES = 1e-4  # largest relative difference
LOSSES = 1e-4  # largest relative difference
IDLE = 0.05  # share of a processor that the waiting side may use


def require(condition, message):
    if not condition:
        raise SystemExit(f"No result: {message}.")


def blas(name, answer):
    if name == "PyTorch":
        require("/blis-openmp/" in answer["sgemm"], f"PyTorch computes with {answer['sgemm']}, not with BLIS")


def logits(answers):
    """Full forward and cached decode of both sides agree; gives the largest difference."""
    rows = [answers[name][kind] for name in answers for kind in ("full", "decoded")]
    difference = max(abs(a - b) for row in rows[1:] for a, b in zip(rows[0], row))
    require(difference <= LOGITS, f"logits differ by {difference}")
    return difference


def scores(answers):
    """All group scores agree; gives the largest relative difference."""
    ours, theirs = answers["SlimSpec"]["scores"], answers["PyTorch"]["scores"]
    require(ours.keys() == theirs.keys(), "different groups were scored")
    difference = max(abs(a - b) / abs(b) for group in ours for a, b in zip(ours[group], theirs[group]))
    require(difference <= SCORES, f"scores differ by {difference}")
    return difference


def losses(answers):
    """The losses of all steps agree; gives the largest relative difference."""
    ours, theirs = answers["SlimSpec"]["losses"], answers["PyTorch"]["losses"]
    require(len(ours) == len(theirs), "the sides made different numbers of steps")
    difference = max(abs(a - b) / abs(b) for a, b in zip(ours, theirs))
    require(difference <= LOSSES, f"losses differ by {difference}")
    return difference


def idle(share):
    require(share <= IDLE, f"the waiting side used {share:.0%} of a processor")


def equal(answers, key):
    require(answers["SlimSpec"][key] == answers["PyTorch"][key], f"{key} differ")


def checkpoints(first, second):
    """Two folders hold the same tensors, byte for byte; gives their number."""
    first, second = (Safetensors(os.path.join(folder, "model.safetensors")) for folder in (first, second))
    require(first.header.keys() == second.header.keys(), "the slim checkpoints hold different tensors")
    for name in first.header:
        require(first.tensor(name) == second.tensor(name), f"tensor {name} of the slim checkpoints differs")
    return len(first.header)


class Safetensors:
    def __init__(self, path):
        self.file = open(path, "rb")
        (length,) = struct.unpack("<Q", self.file.read(8))
        self.header = json.loads(self.file.read(length))
        self.header.pop("__metadata__", None)
        self.start = 8 + length

    def tensor(self, name):
        begin, end = self.header[name]["data_offsets"]
        self.file.seek(self.start + begin)
        return self.header[name]["shape"], self.file.read(end - begin)
