"""The hostile suite of `medalist doctor` through HTTP: the promises of a box, at a service's door.

    python benchmarks/service_hostile.py [--box local|docker] [--only PART] [--json]

Each program goes to `POST /v1/run` of a `medalist serve` of its own; what comes back must be what
the program's head says (`sandbox/selftest.py`), and a witness that prints all that a run can see of
its box must say the same before and after. Left out are conversations of two programs and what only
a box itself is asked for (files brought back, rebuilt boxes). The last line with `--json` is one
object: `kept`, `broken` (name to what was seen), `left_out`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import httpx
from service_load import _package as package
from service_load import _server as server

from medalist.sandbox import selftest
from medalist.sandbox.limits import MIB

LEFT_OUT = ("interactor-expect", "collect", "walled", "rebuilt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--box", choices=["auto", "docker", "local"], default="auto")
    parser.add_argument("--only", default="", help="part of the names of the programs to run")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    kept, left_out, broken = 0, 0, {}
    with tempfile.TemporaryDirectory() as name:
        package(Path(name) / "sum")
        with (
            server(Path(name), options.box) as (port, _),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as http,
        ):
            for case in selftest.cases():
                if not set(LEFT_OUT).isdisjoint(case.fields) or options.only not in case.name:
                    left_out += 1
                    continue
                complaint = _complaint(http, case)
                if complaint is None:
                    kept += 1
                else:
                    broken[case.name] = complaint
                    print(f"{case.name}: {complaint}", flush=True)
    print(f"{kept} promises kept, {len(broken)} broken, {left_out} left out")
    if options.json:
        print(json.dumps({"kept": kept, "broken": broken, "left_out": left_out}))


def _complaint(http: httpx.Client, case: selftest.SelfTestCase) -> str | None:
    before = _witness(http)
    said = _run(http, case)
    if case.compile_error:
        if said["compiled"]:
            return "it compiles"
        return None if len(said["message"]) <= selftest.MAX_COMPLAINT_CHARS else "a long complaint"
    if not said["compiled"]:
        return f"does not compile: {said['message']}"
    for outcome in said["outcomes"]:
        if outcome["status"] not in case.expected:
            return f"ended with {outcome}"
        if "signal" in case.fields and outcome["signal"] != int(case.fields["signal"]):
            return f"ended with {outcome}"
        expected = case.stdout
        if expected is not None and outcome["stdout"] != expected.decode("utf-8", "replace"):
            return f"printed {outcome['stdout'][:100]!r}"
    return None if _witness(http) == before else "the next run saw another box"


def _run(http: httpx.Client, case: selftest.SelfTestCase) -> dict[str, Any]:
    files = {name: text.decode("utf-8", "replace") for name, text in case.source.files.items()}
    limits: dict[str, Any] = {"cpu_s": case.limits.cpu_s, "processes": case.limits.processes}
    limits |= {"memory_mb": case.limits.memory_bytes // MIB, "output_mb": 1}
    if case.limits.wall_s is not None:
        limits["wall_s"] = case.limits.wall_s
    stdin = case.run.stdin.decode("utf-8", "replace")
    asked = {
        "source": files.pop(case.source.main),
        "files": files,
        "language": case.source.language,
        "stdins": [stdin] * int(case.fields.get("runs", "1")),
        "limits": limits,
    }
    answer = http.post("/v1/run", json=asked)
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said


def _witness(http: httpx.Client) -> list[str]:
    """Return what a run sees in each box, sorted; when a runner started is left out."""
    folder = selftest.FOLDER / "lib"
    asked = {
        "source": (folder / "witness.c").read_text(),
        "files": {"probe.h": (folder / "probe.h").read_text()},
        "language": "c17",
        "stdins": ["what the witness reads\n"],
    }
    answer = http.post("/v1/run", json=asked)
    answer.raise_for_status()
    text = str(answer.json()["outcomes"][0]["stdout"])
    return [line for line in text.splitlines() if not line.startswith("runner started")]


if __name__ == "__main__":
    main()
