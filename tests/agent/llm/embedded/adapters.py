"""GGUF files written byte by byte: adapters for llama.cpp, without any library."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

STRING, FLOAT32 = 8, 6
EMBEDDING = 896  # of the 0.5B model
ALPHA = 16.0


def text(value: str) -> bytes:
    content = value.encode()
    return struct.pack("<Q", len(content)) + content


def write_adapter(path: Path, tensors: Mapping[str, tuple[int, int, float]]) -> Path:
    """Write a LoRA adapter; each tensor has columns, rows, and one number everywhere."""
    keys = [
        text(name) + struct.pack("<I", STRING) + text(value)
        for name, value in (
            ("general.architecture", "qwen2"),
            ("general.type", "adapter"),
            ("adapter.type", "lora"),
        )
    ]
    keys.append(text("adapter.lora.alpha") + struct.pack("<If", FLOAT32, ALPHA))
    infos, data = b"", b""
    for name, (columns, rows, value) in tensors.items():
        infos += text(name) + struct.pack("<IQQIQ", 2, columns, rows, 0, len(data))
        content = struct.pack("<f", value) * (columns * rows)
        data += content + b"\0" * (-len(content) % 32)
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(keys)) + b"".join(keys) + infos
    path.write_bytes(head + b"\0" * (-len(head) % 32) + data)
    return path


def small_adapter(path: Path, value: float) -> Path:
    """An adapter of rank 1 of the last block's attention; 0 changes nothing."""
    name = "blk.23.attn_output.weight"
    factors = {f"{name}.lora_a": (EMBEDDING, 1, 1.0), f"{name}.lora_b": (1, EMBEDDING, value)}
    return write_adapter(path, factors)
