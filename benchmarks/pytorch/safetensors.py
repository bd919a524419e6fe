"""Safetensors files, float32 only: eight bytes of header length, a JSON header, the tensors' bytes."""

import json
import mmap
import os
import struct
import warnings

import torch


def read(path):
    """Yields (name, tensor) for every tensor of the file. A tensor is a view of the mapped file: copy it to keep it."""
    with open(path, "rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    (length,) = struct.unpack("<Q", mapped[:8])
    header = json.loads(mapped[8 : 8 + length])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mapping is read-only, and nothing writes to the views
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(mapped, dtype=torch.float32, count=(end - begin) // 4, offset=8 + length + begin)
            yield name, flat.view(entry["shape"])


def write(path, tensors):
    """Writes {name: float32 tensor} and returns once the file is on the disk under its name."""
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * 4
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().numpy().data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".part", path)
