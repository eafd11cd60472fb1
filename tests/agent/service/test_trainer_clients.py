"""Trainers' own request code against `medalist serve`, and the same requests without them.

verl's and OpenRLHF's are skipped where their packages are not found: `make trainers` installs them
without what they need for training (nothing else of these packages is loaded).
"""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import httpx
import pytest
from tests.agent.service.serving import (
    CRASH,
    HOSTILE,
    SLOW,
    SUM,
    SUM_CPP,
    SUMS,
    WRONG,
    client,
    fenced,
    package,
    serving,
)

from medalist.reward import NotJudged, RewardClient, compute_score

PROGRAMS = {"right": SUM, "wrong": WRONG, "crash": CRASH, "slow": SLOW, "hostile": HOSTILE}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("archive")
    package(folder / "sum")
    package(folder / "points", points=True)
    broken = package(folder / "broken")
    checker = broken / "output_validators" / "check.py"
    checker.parent.mkdir()
    checker.write_text("def (\n")
    yaml = broken / "problem.yaml"
    yaml.write_text(yaml.read_text() + "validation: custom\n")
    with serving(folder, cwd=folder) as (address, _):
        yield address


@pytest.fixture(scope="module")
def judge(address: str) -> Iterator[httpx.Client]:
    with client(address) as http:
        yield http


def _foreign(package_name: str, path: str) -> ModuleType:
    """Load one module, or folder of modules, of a package without the package itself."""
    spec = importlib.util.find_spec(package_name)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"no {package_name}: make trainers")
    file = Path(spec.submodule_search_locations[0]) / path
    name = f"foreign_{package_name}_{file.stem}".replace("__init__", "package")
    folder = [str(file.parent)] if file.stem == "__init__" else None
    own = importlib.util.spec_from_file_location(name, file, submodule_search_locations=folder)
    assert own is not None
    assert own.loader is not None
    module = importlib.util.module_from_spec(own)
    sys.modules[name] = module
    own.loader.exec_module(module)
    return module


def test_verl_rewards_answers_through_run_code(address: str) -> None:
    pytest.importorskip("requests")
    verl = _foreign("verl", "utils/reward_score/sandbox_fusion/__init__.py")

    def score(answer: str, tests: dict[str, Any], seconds: int = 10) -> float:
        return float(
            verl.compute_score(
                f"{address}/run_code", None, 512, answer, json.dumps(tests), True, seconds
            )[0]
        )

    plain = {**SUMS, "outputs": ["3", "12", "4"]}
    scores = {name: score(fenced(text), plain, 1) for name, text in PROGRAMS.items()}
    assert scores == {"right": 1, "wrong": 1 / 3, "crash": 0, "slow": 0, "hostile": 0}
    assert score(fenced(SUM_CPP, "cpp"), plain) == 1  # sent as Python, and told from its text
    assert score(fenced(SUM_CPP.replace("+", "-"), "cpp"), plain) == 0
    assert score(fenced(CRASH), {"inputs": [""], "outputs": [""]}) == 0
    function = {"inputs": ["[1, 2]\n3"], "outputs": ["6"], "fn_name": "add"}
    assert score(fenced("def add(a, b):\n    return sum(a) + b\n"), function) == 1
    asserts = {"assert_case": ["assert f(2) == 4", "assert f(3) == 10"]}
    assert score(fenced("def f(x):\n    return x * x\n"), asserts) == 0.5


def test_verl_tells_how_programs_fail(address: str, judge: httpx.Client) -> None:
    pytest.importorskip("requests")
    utils = _foreign("verl", "utils/reward_score/sandbox_fusion/utils.py")
    tests = {"inputs": ["1 2\n"], "outputs": ["3"]}

    def status(program: str, language: str) -> Any:
        # Compiled beforehand: verl does not wait long for a busy machine.
        judge.post("/v1/run", json={"source": program, "language": language})
        (result,), (facts,) = utils.check_correctness(
            f"{address}/run_code", tests, program, timeout=1, language=language
        )
        return result, facts["status"]

    assert status(SUM_CPP, "cpp") == (True, "success")
    assert status("int main() { return x; }", "cpp") == (-4, "compile_error")
    assert status("int main() { for (;;); }", "cpp") == (-3, "timeout")
    assert status("int main() { __builtin_trap(); }", "cpp") == (-2, "runtime_error")
    assert status("print(", "python") == (-2, "runtime_error")


def test_openrlhf_fetches_rewards(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("aiohttp")
    logs = SimpleNamespace(init_logger=logging.getLogger)
    monkeypatch.setitem(sys.modules, "openrlhf.utils.logging_utils", logs)
    agent = _foreign("openrlhf", "utils/agent.py")
    executor = agent.SingleTurnAgentExecutor(f"{address}/get_reward?reward=fraction")
    prompt = f"Print the sum, not as in {fenced(SUM)}"
    queries = [prompt + fenced(text) for text in PROGRAMS.values()]
    (said,) = asyncio.run(
        executor._fetch_rewards_via_http(queries, [prompt] * len(queries), ["sum"] * len(queries))
    )
    assert said["rewards"] == [1, 1 / 3, 0, 0, 0]


def test_sandbox_fusions_own_client_runs_and_submits(address: str) -> None:
    pytest.importorskip("tenacity")
    sdk = pytest.importorskip("sandbox_fusion")
    ran = sdk.run_code(
        sdk.RunCodeRequest(code="print(input())", language="python", stdin="hello"),
        endpoint=address,
    )
    assert (ran.status, ran.run_result.stdout) == ("Success", "hello\n")
    code = "open('made', 'w').write(open('data.txt').read() * 2)"
    asked: dict[str, Any] = {"files": {"data.txt": "aGkK"}, "fetch_files": ["made"]}
    ran = sdk.run_code(sdk.RunCodeRequest(code=code, language="python", **asked), endpoint=address)
    assert base64.b64decode(ran.files["made"]) == b"hi\nhi\n"
    cases = {"type": "stdin_stdout", "input": ["1 2", "3 4"], "output": ["3", "7"]}
    config = sdk.TestConfig(language="python", provided_data={"test_cases": cases})
    asked = {"dataset": "any", "id": 1, "config": config}
    right = sdk.submit(sdk.SubmitRequest(completion=fenced(SUM), **asked), endpoint=address)
    wrong = sdk.submit(sdk.SubmitRequest(completion=fenced(CRASH), **asked), endpoint=address)
    assert (right.accepted, wrong.accepted) == (True, False)
    assert [test.passed for test in wrong.tests] == [False, False]


def _run_code(judge: httpx.Client, **asked: Any) -> Any:
    answer = judge.post("/run_code", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_run_code_tells_what_happened(judge: httpx.Client) -> None:
    said = _run_code(judge, code=SUM, language="python", stdin="1 2")
    assert said["status"] == "Success"
    assert said["compile_result"] is None
    assert said["run_result"]["stdout"] == "3\n"
    crashed = _run_code(judge, code=CRASH, language="python")
    assert (crashed["status"], crashed["run_result"]["return_code"]) == ("Failed", 3)
    slow = _run_code(judge, code=SLOW, language="python", run_timeout=0.3)
    assert slow["run_result"]["status"] == "TimeLimitExceeded"
    broken = _run_code(judge, code="int main() { return x; }", language="cpp")
    assert broken["compile_result"]["return_code"] == 1
    assert broken["run_result"] is None


@pytest.mark.parametrize("language", [None, "", "auto", "python"])
def test_the_language_is_told_from_the_program(judge: httpx.Client, language: str | None) -> None:
    said = _run_code(judge, code=SUM_CPP, language=language, stdin="1 2")
    assert said["run_result"]["stdout"] == "3\n"
    assert said["compile_result"]["status"] == "Finished"


def test_files_lie_beside_the_program_and_come_back(judge: httpx.Client) -> None:
    code = "open('made', 'w').write(open('in/data').read() + '!')"
    said = _run_code(judge, code=code, files={"in/data": "aGk="}, fetch_files=["made", "none"])
    assert said["files"] == {"made": "aGkh"}


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../b", "", "a\nb"])
def test_no_file_leads_out_of_the_box(judge: httpx.Client, name: str) -> None:
    for asked in ({"files": {name: ""}}, {"fetch_files": [name]}):
        answer = judge.post("/run_code", json={"code": SUM, "language": "python", **asked})
        assert answer.status_code == 422, answer.text


def test_submit_judges_on_given_tests_and_on_problems_that_are_served(judge: httpx.Client) -> None:
    batch = {"test_cases": {"input": ["1 2", "0 4"], "output": ["3", "4"]}}
    single = {"test": [{"input": {"stdin": "1 2"}, "output": {"stdout": "3"}}]}
    for data, passed in ((batch, [False, True]), (single, [False]), (None, [False, True, False])):
        config = {"language": "python", "provided_data": data}
        asked = {"dataset": "own", "id": "sum", "completion": fenced(WRONG), "config": config}
        said = judge.post("/submit", json=asked).json()
        assert said["accepted"] is False
        assert [test["passed"] for test in said["tests"]] == passed
        right = judge.post("/submit", json=asked | {"completion": fenced(SUM)}).json()
        assert right["accepted"] is True


def test_openrlhfs_request_earns_rewards(judge: httpx.Client) -> None:
    prompt = f"Not as in {fenced(SUM)} but right."
    labels = ["sum", json.dumps(SUMS), SUMS, "points"]
    for program, expected in ((SUM, 1.0), (CRASH, 0.0)):
        query = [prompt + fenced(program)] * len(labels)
        asked = {"query": query, "prompts": [prompt] * len(labels), "labels": labels}
        assert judge.post("/get_reward", json=asked).json()["rewards"] == [expected] * 4
    wrong = {"query": ["x"], "prompts": [], "labels": ["sum"]}
    assert judge.post("/get_reward", json=wrong).status_code == 422


def _response(text: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    message = {"type": "message", "role": "assistant", "id": "m", "content": content}
    return {"id": "r", "object": "response", "output": [{"type": "reasoning"}, message]}


def test_openrlhfs_large_request_with_many_labels_is_taken(tmp_path: Path) -> None:
    labels = [
        json.dumps({"inputs": [f"{number} 2{' ' * 80_000}\n"], "outputs": [f"{number + 2}\n"]})
        for number in range(12)
    ]
    asked = {"query": [fenced(SUM)] * 12, "prompts": [""] * 12, "labels": labels}
    package(tmp_path / "sum")
    with serving(tmp_path, "--max-body", "1", cwd=tmp_path) as (address, _), client(address) as own:
        answer = own.post("/get_reward", json=asked)
    assert answer.status_code == 200, answer.text
    assert answer.json()["rewards"] == [1] * 12


def test_nemo_gyms_request_is_verified(judge: httpx.Client) -> None:
    assert judge.post("/seed_session", json={}).json() == {}
    row = {"responses_create_params": {"input": "Print the sum."}, "agent_ref": {"name": "a"}}
    for program, reward in ((SUM, 1.0), (WRONG, 0.0), (CRASH, 0.0), (SUM_CPP, 1.0)):
        answer = {"response": _response(fenced(program, ""))}
        tests = {"verifier_metadata": {"unit_tests": SUMS}}
        said = judge.post("/verify", json=row | answer | tests).json()
        assert said["reward"] == reward
        assert {*row, *answer, *tests} <= said.keys()
    half = "a, b = map(int, input().split())\nprint(a + b if a == 3 else 0)\n"
    task = row | {"response": _response(fenced(half)), "problem_id": "points"}
    said = [judge.post("/verify", json=task | {"subtask": f"group{n}"}).json() for n in (1, 2)]
    assert [row["reward"] for row in said] == [1.0, 0.0]
    assert judge.post("/verify", json=task | {"subtask": "group9"}).status_code == 422


def test_pistons_request_is_run(judge: httpx.Client) -> None:
    known = judge.get("/api/v2/runtimes").json()
    assert any("c++" in row["aliases"] for row in known)

    def ran(program: str, language: str, **more: Any) -> Any:
        asked = {"language": language, "version": "*", "files": [{"content": program}], **more}
        return judge.post("/api/v2/execute", json=asked).json()

    assert ran(SUM_CPP, "c++", stdin="1 2")["run"]["stdout"] == "3\n"
    crashed = ran("import sys\nsys.exit(int(sys.argv[1]))\n", "python", args=["4"])["run"]
    assert (crashed["code"], crashed["status"]) == (4, "RE")
    assert ran(SLOW, "python", run_timeout=300)["run"]["status"] == "TO"
    assert ran("int main() { return x; }", "c++")["compile"]["code"] == 1
    assert "unknown" in ran("x", "cobol")["message"]


def test_the_reward_client_serves_trl_and_verl(address: str) -> None:
    ask = RewardClient(address, reward="fraction")
    assert ask.rewards([fenced(SUM), fenced(WRONG)], problem="sum") == [1, 1 / 3]
    prompts = ["?"] * 3
    chat = [[{"role": "assistant", "content": fenced(SUM)}], fenced(SUM_CPP, "cpp"), "no"]
    assert ask.trl(prompts, chat, problem=["sum", "points", "sum"], index=[1, 2, 3]) == [1, 1, 0]
    assert ask.trl(prompts[:1], [fenced(WRONG)], tests=[json.dumps(SUMS)]) == [1 / 3]
    assert compute_score("taco", fenced(SUM), json.dumps(SUMS), {"split": "x"}, url=address) == 1
    assert compute_score("own", fenced(WRONG), "sum", url=address) == 1 / 3
    with pytest.raises(ValueError, match="nowhere"):
        ask.rewards(["x"], problem="nowhere")
    ask.close()


def test_a_judges_own_failure_is_worth_no_number_at_any_door(
    judge: httpx.Client, address: str
) -> None:
    on = {"problem": "broken"}
    row = judge.post("/v1/judge", json={**on, "source": SUM}).json()
    assert row["verdict"] == "JE"
    answers = [fenced(SUM), fenced(WRONG), "no program"]
    for kind in ("binary", "fraction", "subtasks", "first-failing"):
        said = judge.post("/v1/reward", json={**on, "answers": answers, "reward": kind}).json()
        assert said["rewards"] == [None, None, 0]
    asked = {"query": answers, "prompts": [""] * 3, "labels": ["broken"] * 3}
    gym = {"response": _response(fenced(SUM)), "problem_id": "broken"}
    fusion = {"id": "broken", "completion": fenced(SUM)}
    for door, body, status in (
        ("/get_reward", asked, 503),
        ("/verify", gym, 503),
        ("/submit", fusion, 504),
    ):
        answer = judge.post(door, json=body)
        assert answer.status_code == status
        assert answer.headers["Retry-After"] == "1"
    once = RewardClient(address, tries=1)
    assert once.rewards(answers, **on) == [None, None, 0]
    once.close()


def test_what_was_not_judged_is_none_and_never_zero() -> None:
    nobody = RewardClient("http://127.0.0.1:9", tries=1)
    assert nobody.rewards(["x", "y"], problem="sum") == [None, None]
    assert nobody.trl(["?"], ["x"], problem=["sum"]) == [None]
    with pytest.raises(NotJudged, match="refused"):
        nobody.reward_or_raise("x", problem="sum")
    nobody.close()


class _GoesAway(BaseHTTPRequestHandler):
    """Judges all answers but the last of the first request, and has nothing to say after that."""

    asked: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        answers = json.loads(self.rfile.read(size))["answers"]
        self.asked.append(len(answers))
        body = json.dumps({"rewards": [0.5] * (len(answers) - 1) + [None]}).encode()
        self.send_response(200 if len(self.asked) == 1 else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def test_what_was_judged_before_the_service_went_is_kept() -> None:
    with HTTPServer(("127.0.0.1", 0), _GoesAway) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        ask = RewardClient(f"http://127.0.0.1:{server.server_port}", tries=2)
        rewards = ask.rewards(["a", "b", "c"], problem="sum")
        ask.close()
        server.shutdown()
        thread.join()
    assert rewards == [0.5, 0.5, None]
    assert _GoesAway.asked == [3, 1]  # each answer as often as `tries` says
