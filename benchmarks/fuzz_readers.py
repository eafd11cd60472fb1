"""Mutated packages, rows, statements and archives, fed to every reader and to the commands.

    python benchmarks/fuzz_readers.py --count 20000 --seed 1

Each mutant is loaded and listed, shown by `medalist problems show --json`, and every so often
judged by `medalist judge` in the local box. Right is a result, or one line and exit code 2 or 3;
anything else (a traceback, several lines, another code, more than a minute) is a finding, kept in
`--keep`. Real packages can be added: `--packages FOLDER`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import shutil
import signal
import sys
import tarfile
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fuzz_bases import files, packages, read_folder
from fuzz_mutations import Files, changed, mutant

from medalist.agent.commands.main import app, guarded
from medalist.errors import MedalistError
from medalist.problems.formats import load, load_archive

SECONDS = 60
PROGRAM = "print(sum(map(int, input().split())))\n"


class TooSlow(BaseException):
    """A mutant took more than a minute."""


def main() -> None:
    """Fuzz, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--judge-every", type=int, default=100, help="0: judge none.")
    parser.add_argument("--packages", type=Path, nargs="*", default=[])
    parser.add_argument("--keep", type=Path, help="A folder for what was found.")
    given = parser.parse_args()
    os.environ.setdefault("MEDALIST_BOX", "local")
    signal.signal(signal.SIGALRM, _too_slow)
    sound = packages()
    for result in sound.values():
        with tempfile.TemporaryDirectory() as scratch:
            lay(result, Path(scratch))
            load(scratch)  # mutants of what is refused as it is would prove nothing
    for folder in given.packages:
        for entry in load_archive(folder):
            sound[f"{folder.name.replace('-', '_')}-{entry.problem_id}"] = read_folder(entry.path)
    single = dict(files())
    counts: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    start = time.monotonic()
    for number in range(given.count):
        rng = random.Random(f"{given.seed}-{number}")
        with tempfile.TemporaryDirectory() as scratch:
            kind, path = make(sound, single, rng, Path(scratch))
            judged = bool(given.judge_every) and number % given.judge_every == 0
            counts[kind] += 1
            for command, finding in tried(path, Path(scratch), judged=judged, counts=counts):
                findings[finding.splitlines()[-1][:160]] += 1
                print(f"FOUND {given.seed}-{number} {kind} {command}: {finding}", flush=True)
                if given.keep:
                    target = given.keep / f"{given.seed}-{number}"
                    shutil.rmtree(target, ignore_errors=True)
                    shutil.copytree(scratch, target, symlinks=True)
        if sys.stderr.isatty() and number % 100 == 0:
            print(f"\r{number}", end="", file=sys.stderr)
    seconds = time.monotonic() - start
    print(
        f"{given.count} mutants of {len(sound)} packages and {len(single)} files, seed {given.seed}"
    )
    for name, count in sorted(counts.items()):
        print(f"  {name:28} {count}")
    print(f"{sum(findings.values())} findings; {seconds:.0f} s")
    for finding, count in findings.most_common():
        print(f"  {count} x {finding}")
    sys.exit(1 if findings else 0)


def _too_slow(*_: object) -> None:
    raise TooSlow


def make(
    sound: dict[str, Files], single: dict[str, bytes], rng: random.Random, scratch: Path
) -> tuple[str, Path]:
    """Write one mutant; return its kind and where it is."""
    if rng.random() < 0.35:
        name = rng.choice(sorted(single))
        content = single[name]
        for _ in range(rng.choice((1, 1, 2, 3))):
            content = changed(name, content, rng)
        (scratch / name).write_bytes(content)
        return name.rsplit(".", 1)[0].join(("file ", "")), scratch / name
    formats = sorted({name.split("-")[0] for name in sound})
    style = rng.choice(formats)
    name = rng.choice(sorted(name for name in sound if name.split("-")[0] == style))
    variant = mutant(sound[name], rng)
    kind = rng.random()
    if kind < 0.75:
        folder = scratch / "p"
        folder.mkdir()
        lay(variant, folder)
        return f"package {style}", folder
    if kind < 0.9:
        return "zip", damaged(zipped(variant, scratch / "p.zip", rng), rng)
    return "tar", damaged(tarred(variant, scratch / "p.tar.gz", rng), rng)


def lay(result: Files, folder: Path) -> None:
    """Write a package; contents that begin with `-> ` become links."""
    for name, content in result.items():
        path = folder / name
        with contextlib.suppress(OSError, ValueError):  # a name that no file can have
            path.parent.mkdir(parents=True, exist_ok=True)
            if content.startswith(b"-> "):
                os.symlink(content[3:].decode(), path)
            else:
                path.write_bytes(content)


def _renamed(name: str, rng: random.Random) -> str:
    ways = (f"./{name}", name.replace("/", "//"), name.replace("/", "\\"), f"../{name}", f"/{name}",
            name.upper(), f"{name}\n", f"C:{name}", f"p/{name}", f"{name}/", "a" * 300)  # fmt: skip
    return rng.choice(ways) if rng.random() < 0.1 else name


def zipped(result: Files, path: Path, rng: random.Random) -> Path:
    """Write a zip archive with some odd names and members."""
    every = rng.random() < 0.3
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in result.items():
            info = zipfile.ZipInfo("x")
            info.filename = _renamed(name, rng) if every else name
            if rng.random() < 0.01:
                info.external_attr = rng.choice((0o120777, 0o40755, 0o10644)) << 16
            archive.writestr(info, content)
            if rng.random() < 0.003:
                archive.writestr(info, content)
    return path


def tarred(result: Files, path: Path, rng: random.Random) -> Path:
    """Write a tar archive with some odd names and members."""
    every = rng.random() < 0.3
    with tarfile.open(path, "w:gz") as archive:
        for name, content in result.items():
            info = tarfile.TarInfo(_renamed(name, rng) if every else name)
            info.size = len(content)
            if rng.random() < 0.02:
                kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE)
                info.type, info.size = rng.choice(kinds), 0
                info.linkname = rng.choice(("nowhere", "../x", name, *result))
            archive.addfile(info, io.BytesIO(content))
    return path


def damaged(path: Path, rng: random.Random) -> Path:
    """Damage some bytes of one archive in four, or cut it short."""
    if rng.random() < 0.25:
        path.write_bytes(changed("x.bin", path.read_bytes(), rng))
    return path


# ---- what is asked of each mutant


def tried(
    path: Path, scratch: Path, *, judged: bool, counts: Counter[str]
) -> Iterator[tuple[str, str]]:
    """Yield a command and what was wrong with its end, for each that ended wrongly."""
    signal.alarm(SECONDS)
    try:
        try:
            read(path)
            counts["outcome: read"] += 1
        except MedalistError as error:
            counts["outcome: refused"] += 1
            if not str(error).isprintable():
                yield "load", f"not one line: {error!a}"
        commands = [("show", ["problems", "show", str(path), "--json"])]
        if judged:
            program = scratch / "program.py"
            program.write_text(PROGRAM)
            commands.append(("judge", ["judge", str(path), str(program)]))
        for name, arguments in commands:
            code, err = run(arguments)
            counts[f"{name}: exit code {code}"] += 1
            lines = err.strip().splitlines()
            last = lines[-1] if lines else ""
            if code not in (0, 1, 2, 3):
                yield name, f"exit code {code}: {last}"
            elif code == 2 and name == "show" and len(lines) != 1:
                yield name, f"{len(lines)} lines with exit code 2"
            elif "Traceback" in err:
                yield name, last
    except TooSlow:
        yield "any", "more than a minute"
    except Exception:  # what this script is looking for
        yield "any", traceback.format_exc()
    finally:
        signal.alarm(0)


def read(path: Path) -> None:
    """Load and list what is at a path, and read every test."""
    for entry in load_archive(path):
        entry.brief()
    problem = load(path)
    problem.public.statement()
    for test in problem.secret.all_tests() if problem.secret else ():
        test.input.read()
        if test.answer is not None:
            test.answer.read()


def run(arguments: list[str]) -> tuple[int, str]:
    """Run `medalist ARGS` in this process: exit code and stderr."""
    err = io.StringIO()
    before, sys.argv = sys.argv, ["medalist", *arguments]
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(err):
            guarded(app)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0, err.getvalue()
    finally:
        sys.argv = before
    return 0, err.getvalue()


if __name__ == "__main__":
    main()
