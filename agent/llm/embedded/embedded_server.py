"""The process of the embedded model: `python -P embedded_server.py OPTIONS`.

It serves the OpenAI API on loopback, prints its address on stdout as its only line, and ends
when its stdin ends, that is with the process that started it, however that one died.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading

import xllamacpp


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--slots", type=int, required=True)
    parser.add_argument("--context", type=int, required=True, help="tokens a slot")
    parser.add_argument("--states", required=True, help="directory for saved slots")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--lora", help="an adapter that is loaded beside the weights")
    options = parser.parse_args()

    # The library writes to stdout as well: only the address may come out there.
    address_out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    threading.Thread(target=_end_with_stdin, daemon=True).start()

    params = xllamacpp.CommonParams()
    params.model.path = options.weights
    params.model_alias = {options.name}
    if options.lora is not None:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(options.lora, 1.0)]
    params.port = options.port
    params.n_parallel = options.slots
    params.slot_save_path = f"{options.states}/"
    params.n_ctx = options.slots * options.context
    for cores in (params.cpuparams, params.cpuparams_batch):
        cores.n_threads = options.threads
        # Waiting threads sleep instead of spinning: the cores belong to the judge meanwhile.
        cores.poll = 0
    params.warmup = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    print(server.listening_address, file=address_out, flush=True)
    threading.Event().wait()


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    # The library's threads are in the middle of their work and need no farewell.
    os._exit(0)


if __name__ == "__main__":
    main()
