"""Write the pools of `benchmarks/pools/`, which `medalist replay` and `fit` read.

    python benchmarks/pools.py [--box B] [--core N] [NAME ...]

They are what `selection.py` measures on, with programs, the keys of their outcomes on the evidence
inputs, and their verdicts, but no tests and no answers: `humaneval-codegen16b` (needs the pool of
functions in shared data), `embedded` (the recorded answers of the embedded models, judged on the
bundled problems and, where they are there, the shared ones) and `mutants` (programs with subtasks
and their mutants, see `program_pool.py`); on `untouched/mutants-bundled` (the same of the other
bundled problems, fewer of each) nothing is fitted. What was made before is taken from the cache.
`people_pool.py` and `labelled_pool.py` write the other two. In place of sources, which are not ours
or not needed, stand texts of their length (for HumanEval the sources, which are published).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from labelled_pool import without_sources
from selection_pools import ARCHIVE, BUNDLED, embedded_pool, load_pools, mutant_pool, shared

from medalist.agent.choose.recorded_pool import Recorded, write_pool
from medalist.errors import BadInput, MedalistError

FOLDER = Path(__file__).parent / "pools"
HUMANEVAL = "humaneval-codegen16b-even.pool.jsonl.xz"


def _functions(box: str, cores: list[int] | None) -> list[Recorded]:
    path = shared() / "pools" / HUMANEVAL
    if not path.is_file():
        raise BadInput("not found", file=path, hint="set MEDALIST_SHARED")
    (rows,) = load_pools([path], None, box, cores).values()
    return rows


def _embedded(box: str, cores: list[int] | None) -> list[Recorded]:
    return [without_sources(item) for item in embedded_pool(box, cores) if item.view.programs]


def _mutants(box: str, cores: list[int] | None) -> list[Recorded]:
    return [without_sources(item) for item in mutant_pool(1000, box, cores)]


def _bundled(box: str, cores: list[int] | None) -> list[Recorded]:
    paths = [ARCHIVE / name for name in BUNDLED]
    return [without_sources(item) for item in mutant_pool(200, box, cores, paths)]


POOLS: dict[str, Callable[[str, list[int] | None], list[Recorded]]] = {
    "humaneval-codegen16b": _functions,
    "embedded": _embedded,
    "mutants": _mutants,
    "untouched/mutants-bundled": _bundled,
}


def main() -> int:
    """Write them."""
    parser = argparse.ArgumentParser(description="Write the pools of benchmarks/pools/.")
    parser.add_argument("names", nargs="*", help=f"{', '.join(POOLS)}; all")
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--core", type=int, action="append", help="cores to use; all")
    options = parser.parse_args()
    try:
        for name in options.names or POOLS:
            if name not in POOLS:
                raise BadInput(f"{name!r} is not a pool", hint=", ".join(POOLS))
            path = FOLDER / f"{name}.pool.jsonl.xz"
            write_pool(path, POOLS[name](options.box, options.core))
            print(f"{path}: {path.stat().st_size} bytes")
    except MedalistError as error:
        print(f"pools: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
