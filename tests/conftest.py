"""Fixtures that several rooms share."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest

from tests import local_sandbox

# Started in the background of a shell, a test run ignores Ctrl-C, and so would all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The config, endpoint and keys of whoever runs the tests are not the tests'.
for _name in [name for name in os.environ if name.startswith(("OPENAI_", "MEDALIST_", "RAY_"))]:
    if _name not in ("MEDALIST_SHARED", "MEDALIST_CCS_SCHEMAS", "MEDALIST_TRAINERS"):
        del os.environ[_name]
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="medalist-test-config-")
atexit.register(shutil.rmtree, os.environ["XDG_CONFIG_HOME"], ignore_errors=True)


_SECONDS = "medalist/seconds"
"""Where the cache of pytest holds how many seconds each file took in the last whole run."""
LONG = (
    "tests/sandbox/test_hostile.py",
    "tests/agent/scale/test_rounds.py",
    "tests/agent/commands/test_pipeline.py",
    "tests/agent/commands/test_feedback_rounds.py",
    "tests/agent/commands/test_stress.py",
    "tests/agent/commands/test_checkers.py",
    "tests/sandbox/test_idle.py",
    "tests/problems/judging/test_broken_helpers.py",
    "tests/agent/contest/test_mcp.py",
    "tests/agent/batch/test_ray_auto.py",
    "tests/agent/batch/test_ray.py",
    "tests/agent/llm/test_several_answers.py",
    "tests/agent/evidence/test_written.py",
    "tests/agent/commands/test_choosing_command.py",
    "tests/agent/commands/test_solve_command.py",
    "tests/sandbox/test_compile.py",
    "tests/problems/formats/test_polygon.py",
    "tests/agent/llm/test_batches.py",
    "tests/agent/evidence/test_pair_inputs.py",
    "tests/agent/evidence/test_checker_runs.py",
    "tests/agent/test_secrecy.py",
    "tests/agent/commands/test_allocation.py",
    "tests/problems/test_archive.py",
    "tests/agent/commands/test_tool_caps.py",
    "tests/sandbox/test_languages.py",
    "tests/agent/commands/test_subtask_problem.py",
    "tests/agent/service/test_service_security.py",
    "tests/problems/judging/test_labelled.py",
    "tests/problems/judging/test_audit.py",
    "tests/agent/commands/test_budget_shares.py",
    "tests/agent/commands/test_surroundings.py",
    "tests/agent/evidence/test_brute_force_trial.py",
    "tests/agent/commands/test_endpoint_settings.py",
    "tests/agent/commands/test_tool_submit.py",
    "tests/sandbox/test_boxes.py",
    "tests/agent/llm/test_outages.py",
    "tests/problems/judging/test_interactive.py",
    "tests/agent/batch/test_outage.py",
    "tests/agent/batch/test_chaos.py",
    "tests/test_guide.py",
)
"""The longest files, the longest first, until they are measured."""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared archives and pools; a test that needs it is skipped without it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("MEDALIST_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("no shared data: set MEDALIST_SHARED")
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked `local` where there is no such sandbox, before any of its fixtures."""
    if item.get_closest_marker("local") is not None:
        local_sandbox.needed()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of several processes, let each begin with the longest file: one that comes last keeps all."""
    if not hasattr(config, "workerinput"):
        return
    cache: pytest.Cache | None = getattr(config, "cache", None)  # none with -p no:cacheprovider
    measured = {} if cache is None else cache.get(_SECONDS, {})
    seconds = measured or {name: len(LONG) - place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: -seconds.get(_file(item.nodeid), 0))


def pytest_configure(config: pytest.Config) -> None:
    """Measure how long files take, where all are run."""
    everything = config.args_source is config.ArgsSource.TESTPATHS
    if everything and not (hasattr(config, "workerinput") or config.getoption("keyword")):
        config.pluginmanager.register(_Seconds(config))


class _Seconds:
    """Keeps how long each file took, for the order of the next run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._of: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._of[_file(report.nodeid)] += report.duration

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        finished = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        cache: pytest.Cache | None = getattr(self._config, "cache", None)
        if finished and self._of and cache is not None:
            cache.set(_SECONDS, {name: round(s, 1) for name, s in self._of.items()})


def _file(nodeid: str) -> str:
    return nodeid.partition("::")[0]
