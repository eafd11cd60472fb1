"""What `GET /metrics` says, in Prometheus's text format: counts, never anything of a client's."""

from __future__ import annotations

import resource
import sys
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator

from medalist.agent.service.fair_queue import FairQueue

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class ServiceMetrics:
    """Counts of one service; all of it in one event loop."""

    def __init__(self) -> None:
        self.dropped = 0
        self._begun = time.time()
        self._answers: Counter[tuple[str, int]] = Counter()
        self._verdicts: Counter[str] = Counter()
        self._waits = [0] * (len(_BOUNDS_S) + 1)
        self._wait_s = 0.0
        self._doors: frozenset[str] = frozenset()

    def serve(self, doors: Iterable[str]) -> None:
        """Learn the paths there are: what else is asked for is counted as `other`."""
        self._doors = frozenset(doors)

    def answered(self, path: str, status: int) -> None:
        """Count an answer."""
        self._answers[(path if path in self._doors else "other", status)] += 1

    def judged(self, verdict: str) -> None:
        """Count a verdict."""
        self._verdicts[verdict] += 1

    def took(self, seconds: float) -> None:
        """Count how long a client waited for a judgement or a run."""
        self._waits[bisect_left(_BOUNDS_S, seconds)] += 1
        self._wait_s += seconds

    def text(self, queue: FairQueue) -> str:
        """Return all counts as text."""
        return "".join(f"{line}\n" for line in self._lines(queue))

    def _lines(self, queue: FairQueue) -> Iterator[str]:
        yield "# HELP medalist_answers_total Answers by endpoint and status."
        yield "# TYPE medalist_answers_total counter"
        for (door, status), count in sorted(self._answers.items()):
            yield f'medalist_answers_total{{door="{door}",status="{status}"}} {count}'
        yield "# HELP medalist_verdicts_total Judgements by verdict; JE is the judge's own failure."
        yield "# TYPE medalist_verdicts_total counter"
        for verdict, count in sorted(self._verdicts.items()):
            yield f'medalist_verdicts_total{{verdict="{verdict}"}} {count}'
        counts = queue.counts
        yield "# HELP medalist_jobs_total Judgements and runs by what became of them."
        yield "# TYPE medalist_jobs_total counter"
        for name in ("done", "failed", "refused", "given_up", "stopped"):
            yield f'medalist_jobs_total{{end="{name}"}} {getattr(counts, name)}'
        yield "# TYPE medalist_box_seconds_total counter"
        yield f"medalist_box_seconds_total {counts.seconds:.3f}"
        yield "# TYPE medalist_dropped_clients_total counter"
        yield f"medalist_dropped_clients_total {self.dropped}"
        yield from self._histogram()
        yield from _gauges(
            medalist_jobs_waiting=queue.waiting,
            medalist_jobs_running=queue.running,
            medalist_boxes=queue.workers,
            medalist_request_bytes=queue.held_bytes,
            medalist_memory_peak_bytes=_peak_bytes(),
            process_start_time_seconds=round(self._begun, 3),
        )

    def _histogram(self) -> Iterator[str]:
        name = "medalist_wait_seconds"
        yield f"# HELP {name} From a request to its judgement or run."
        yield f"# TYPE {name} histogram"
        total = 0
        for bound, count in zip((*map(str, _BOUNDS_S), "+Inf"), self._waits, strict=True):
            total += count
            yield f'{name}_bucket{{le="{bound}"}} {total}'
        yield f"{name}_sum {self._wait_s:.6f}"
        yield f"{name}_count {total}"


def _gauges(**values: float) -> Iterator[str]:
    for name, value in values.items():
        yield f"# TYPE {name} gauge"
        yield f"{name} {value}"


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
