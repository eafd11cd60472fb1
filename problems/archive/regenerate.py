"""Write the secret inputs and all answers of the bundled problems again, or of others.

    python problems/archive/regenerate.py [--archive DIR] [ID ...]

Inputs come from `generators/gen.py`, whose `secret()` maps `name` or `group/name` to a text and
whose `INCLUDES`, where a problem has groups, says which groups' tests a group shares by symbolic
link. Answers come from `submissions/accepted/reference.cpp`. The input of an interactive problem
is its own answer: the interactor alone reads it.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType

import yaml

ARCHIVE = Path(__file__).resolve().parent


def load_generator(package: Path) -> ModuleType:
    """Import `generators/gen.py` of a package."""
    spec = importlib.util.spec_from_file_location(
        f"gen_{package.name}", package / "generators/gen.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compile_reference(package: Path, binary: Path) -> None:
    """Compile the reference solution, with the package's grader where it has one."""
    sources = [package / "submissions/accepted/reference.cpp"]
    grader = package / "include/cpp"
    if grader.is_dir():
        sources += sorted(grader.glob("*.cpp"))
    subprocess.run(
        ["g++", "-O2", "-std=c++17", f"-I{grader}", "-o", binary, *sources], check=True
    )


def write_inputs(package: Path) -> None:
    """Replace the secret tests by those of the generator."""
    generator = load_generator(package)
    secret = package / "data/secret"
    for old in [*secret.rglob("*.in"), *secret.rglob("*.ans")]:
        old.unlink()
    for name, text in generator.secret().items():
        path = secret / f"{name}.in"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    for group, included in getattr(generator, "INCLUDES", {}).items():
        for other in included:
            for path in sorted((secret / other).glob("*.in")):
                if not path.is_symlink():
                    link = secret / group / f"{other}-{path.name}"
                    link.symlink_to(Path("..", other, path.name))


def write_answers(package: Path) -> None:
    """Write the answer beside every input, as a link where the input is one."""
    config = yaml.safe_load((package / "problem.yaml").read_text(encoding="utf-8"))
    interactive = "interactive" in str(config.get("validation", ""))
    with tempfile.TemporaryDirectory() as scratch:
        binary = Path(scratch, "reference")
        if not interactive:
            compile_reference(package, binary)
        for path in sorted((package / "data").rglob("*.in")):
            answer = path.with_suffix(".ans")
            if path.is_symlink():
                answer.symlink_to(path.readlink().with_suffix(".ans"))
            elif interactive:
                answer.write_bytes(path.read_bytes())
            else:
                with path.open("rb") as stdin:
                    run = subprocess.run([binary], stdin=stdin, stdout=subprocess.PIPE, check=True)
                answer.write_bytes(run.stdout)


def main() -> None:
    """Regenerate the named problems, or all."""
    parser = argparse.ArgumentParser(description="Write tests and answers again.")
    parser.add_argument("names", nargs="*", metavar="ID")
    parser.add_argument("--archive", type=Path, default=ARCHIVE, help="where packages are")
    options = parser.parse_args()
    for package in sorted(path.parent for path in options.archive.glob("*/problem.yaml")):
        if not options.names or package.name in options.names:
            write_inputs(package)
            write_answers(package)


if __name__ == "__main__":
    main()
