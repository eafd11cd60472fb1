"""The files of the embedded model: which they are, and where they are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from medalist.errors import BadInput


@dataclass(frozen=True)
class ModelFile:
    """One official file. `name` is what the served model is called.

    `adapter` is a LoRA of this model in a GGUF file of its own, loaded beside the weights.
    """

    size: str
    name: str
    file: str
    sha256: str
    size_bytes: int
    url: str
    adapter: Path | None = None

    @property
    def path(self) -> Path:
        """Where the file is kept; a file of this name has been verified."""
        return models_dir() / self.file


_HUB = "https://huggingface.co/Qwen/Qwen2.5-Coder-{0}-Instruct-GGUF/resolve/main/{1}?download=true"


def _weights(size: str, size_bytes: int, sha256: str) -> ModelFile:
    name = f"qwen2.5-coder-{size}-instruct-q4_k_m"
    url = _HUB.format(size.upper(), f"{name}.gguf")
    return ModelFile(size, name, f"{name}.gguf", sha256, size_bytes, url)


WEIGHTS: Mapping[str, ModelFile] = {
    weights.size: weights
    for weights in (
        _weights(
            "1.5b",
            1_117_320_768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        ),
        _weights(
            "0.5b",
            491_400_064,
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        ),
    )
}
DEFAULT_SIZE = "1.5b"
_GGUF = b"GGUF"


def models_dir() -> Path:
    """Return the directory in which model files are kept."""
    return platformdirs.user_cache_path("medalist") / "models"


def find_weights(size: str, adapter: Path | None = None) -> ModelFile:
    """Return the embedded model of a size, with an adapter if one is given.

    With an adapter the model's name ends in the beginning of the adapter's SHA-256.

    Raises:
        BadInput: There is none, or the adapter is no GGUF file.
    """
    try:
        weights = WEIGHTS[size.lower()]
    except KeyError:
        sizes = ", ".join(WEIGHTS)
        raise BadInput(f"no embedded model of size {size!r}", hint=f"sizes: {sizes}") from None
    if adapter is None:
        return weights
    try:
        content = adapter.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", file=adapter) from error
    if not content.startswith(_GGUF):
        raise BadInput("is not a GGUF file", file=adapter, hint="a LoRA adapter for llama.cpp")
    digest = hashlib.sha256(content).hexdigest()[:8]
    return replace(weights, name=f"{weights.name}+lora-{digest}", adapter=adapter.resolve())


def weights_named(spec: str) -> ModelFile:
    """Return the model that `embedded`, `embedded:0.5b` or `embedded:0.5b+ADAPTER` names.

    Raises:
        BadInput: There is no such size, or the adapter is no GGUF file.
    """
    model, _, adapter = spec.partition("+")
    size = model.partition(":")[2] or DEFAULT_SIZE
    return find_weights(size, Path(adapter).expanduser() if adapter else None)
