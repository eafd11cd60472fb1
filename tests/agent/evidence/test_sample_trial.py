import pytest

from medalist.agent.evidence.sample_trial import SampleTrials
from medalist.agent.propose import Extraction
from medalist.agent.propose.public_result import Trial
from medalist.agent.propose.repair import failure_text
from medalist.agent.types import Candidate
from medalist.problems.model import Kind, ProblemLimits, PublicProblem, Sample
from medalist.sandbox.pool import Pool

PUBLIC = PublicProblem(
    problem_id="twice",
    statements={"en": "Print twice the number."},
    limits=ProblemLimits(time_s=0.5, memory_mb=256),
    samples=(Sample(input="1\n", output="2\n"), Sample(input="4\n", output="8\n")),
)


def tried(pool: Pool, language: str, source: str, public: PublicProblem = PUBLIC) -> Trial:
    result = [(Candidate("c", ""), Extraction(source, language, ""))]
    (trial,) = SampleTrials(public, pool)(result)
    assert trial.program_id is not None
    return trial


@pytest.mark.parametrize(
    ("source", "kind", "passed", "words"),
    [
        ("print(int(input()) * 2)\n", None, (True, True), ""),
        ("print(2)\n", "wrong", (True, False), "Its output:\n```\n2\n```"),
        ("", "wrong", (False, False), "It printed nothing."),
        ("print(int(input()) // 0)\n", "crash", (False, False), "ZeroDivisionError"),
        ("while True: pass\n", "time", (False, False), "1 words"),
        ("print((1\n", "syntax", (), "line 1"),
        ("x = [0] * 10**8\nwhile True: x = x + x\n", "memory", (False, False), "more memory"),
    ],
)
def test_python(
    pool: Pool, source: str, kind: str | None, passed: tuple[bool, ...], words: str
) -> None:
    trial = tried(pool, "python", source)
    assert trial.passed == passed
    if kind is None:
        assert trial.failure is None
        assert trial.reward == 1.0
    else:
        assert trial.failure is not None
        assert trial.failure.kind == kind
        assert words in failure_text(trial.failure)
        assert trial.reward < 1.0


def test_a_crash_in_cpp_is_explained_by_a_checked_build(pool: Pool) -> None:
    source = (
        "#include <iostream>\nint main() {\n    int n, a[3] = {};\n    std::cin >> n;\n"
        "    a[n * 1000000] = 1;\n    std::cout << a[n];\n}\n"
    )
    failure = tried(pool, "cpp", source).failure
    assert failure is not None
    assert failure.kind == "crash"
    assert "main.cpp:5" in failure.message
    assert "out of bounds" in failure.message


def test_the_compiler_is_quoted(pool: Pool) -> None:
    failure = tried(pool, "cpp", "int main() { retrun 0; }\n").failure
    assert failure is not None
    assert failure.kind == "compile"
    assert "retrun" in failure.message


def test_equal_programs_are_tried_once_and_all_get_the_trial(pool: Pool) -> None:
    trials = SampleTrials(PUBLIC, pool)
    listed = [
        (Candidate(str(n), ""), Extraction(f"print(2) # {n}\n", "python", "")) for n in range(5)
    ]
    assert len(set(trials(listed))) == 1


def test_a_special_checker_leaves_a_different_output_open(pool: Pool) -> None:
    public = PUBLIC.model_copy(update={"special_checker": True})
    trial = tried(pool, "python", "print(2)\n", public)
    assert trial.passed == (True, None)
    assert trial.failure is None
    assert not trial.passes_all


def test_an_interactive_program_is_only_compiled(pool: Pool) -> None:
    public = PUBLIC.model_copy(update={"kind": Kind.INTERACTIVE})
    assert tried(pool, "python", "print(input())\n", public).passed == ()
