"""Scale: local workers against bare processes, Ray on 1 to 3 nodes, a journal of many outcomes.

Parts (`--parts`; each alone takes minutes):

- `local`: problems an hour (accepted solutions of bundled problems judged on all their tests) with
  1 and 2 workers, relative to as many bare processes that run the same programs on the same
  inputs without a sandbox and compare nothing. `local_efficiency` is the worse of the two.
- `nodes`: nodes are raylets of this machine, boxes are real ones in which programs sleep, since
  few cores cannot feed three nodes. `ray_efficiency` is what 3 nodes do of what their boxes could
  do if asking cost nothing.
- `driver`: `driver_core_share` is the CPU time of the driver, journal included, over wall time,
  with `--boxes` such boxes on 3 nodes.
- `journal`: `--outcomes` outcomes (of 40 inputs a program, 100 programs a problem) written through
  `evidence.Table`, with the inputs, outputs and programs that go with them. `bytes_per_outcome` is
  the whole file's size; then it is opened, resumed (every table restored) and reported.

The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os

import scale_cluster
import scale_journal
import scale_local

PARTS = {
    "local": lambda options: scale_local.measure(options.seconds),
    "nodes": lambda _: scale_cluster.measure_nodes(),
    "driver": lambda options: scale_cluster.measure_driver(options.boxes),
    "journal": lambda options: scale_journal.measure(options.outcomes),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print the last line only")
    parser.add_argument("--parts", default=",".join(PARTS), help="which parts to run")
    parser.add_argument("--seconds", type=float, default=8.0, help="local: of each measurement")
    parser.add_argument("--boxes", type=int, default=64, help="driver: how many boxes")
    parser.add_argument("--outcomes", type=int, default=400_000, help="journal: how many")
    options = parser.parse_args()
    outcome: dict[str, object] = {}
    for part in options.parts.split(","):
        result = PARTS[part](options)
        if not options.json:
            for name, value in result.items():
                print(f"{name:24} {value}", flush=True)
        outcome |= result
    print(json.dumps({**outcome, "cpus": os.cpu_count()}))


if __name__ == "__main__":
    main()
