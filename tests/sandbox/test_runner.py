"""The runner's own parts, in C, under the sanitizers; and its parser under fuzzing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from medalist.sandbox.box import Command, Run
from medalist.sandbox.image_inputs import HERE as SANDBOX
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.wire import HEADER, Frame, program_frame, run_frame

HERE = Path(__file__).parent / "runner"
FUZZ_RUNS = 20_000


def build(folder: Path, name: str) -> Path:
    if shutil.which("gcc") is None:
        pytest.skip("no gcc")
    binary = folder / name
    flags = ["-std=c17", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    strict = ["-Wall", "-Wextra", "-Wshadow", "-Werror"]
    sources = [HERE / f"{name}.c", *(SANDBOX / "runner" / f for f in ("wire.c", "files.c"))]
    places = map(str, (SANDBOX / "runner", "-o", binary, *sources))
    argv = ["gcc", *flags, *strict, "-I", *places]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if "cannot find -lasan" in done.stderr:
        pytest.skip("no sanitizers")
    assert done.returncode == 0, done.stderr
    return binary


def test_files_under_the_sanitizers(tmp_path: Path) -> None:
    binary = build(tmp_path, "check_files")
    for folder in ("work", "outside"):
        (tmp_path / folder).mkdir()
    argv = [*map(str, (binary, tmp_path / "work", tmp_path / "outside"))]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("fine\n", "")


def seeds() -> list[bytes]:
    command = Command(("/usr/bin/python3", "main.py"), files={"main.py": b"print(1)"})
    binary = Command(("a.out",), binary=b"\x7fELF", env={"A": "b"})
    run = Run(b"1 2\n", ("x", "y"), {"a/b": b"c", "d": b""}, ("out", "e/f"))
    large = Run(b"x" * 40_000, files={"big": b"y" * 20_000})
    return [
        encoded(program_frame(command, RunLimits(), stop_on_failure=True), run_frame(run)),
        encoded(
            program_frame(binary, RunLimits(wall_s=1), stop_on_failure=False), run_frame(large)
        ),
        encoded(run_frame(run, (0, 1)), Frame(b"C"), run_frame(Run())),
        HEADER.pack(5, ord("B")) + b"\0abcd" + HEADER.pack(3, ord("B")) + b"\1ef",
    ]


def encoded(*frames: Frame) -> bytes:
    return b"".join(
        HEADER.pack(len(frame.body), frame.kind[0]) + bytes(frame.body) for frame in frames
    )


def test_the_parser_survives_any_bytes(tmp_path: Path) -> None:
    binary = build(tmp_path, "fuzz_wire")
    paths = []
    for number, seed in enumerate(seeds()):
        paths.append(tmp_path / f"seed{number}")
        paths[-1].write_bytes(seed)
    argv = [*map(str, (binary, FUZZ_RUNS, *paths))]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("fine\n", "")
