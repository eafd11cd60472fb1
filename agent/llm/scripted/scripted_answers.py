"""Answers of the scripted endpoint to every kind of question, good or bad by a seed.

It recognises a question by its prompt, and the problem by its title, and answers from files: for
solutions from programs that are labelled right or wrong, for generators, validators and test cases
from files of those names. So the whole of `medalist solve` runs without a model, and with helpers
as bad as a test wants them::

    known = read_repertoires(archive, helpers)
    answers = ScriptedAnswers(known, seed=3, faults={"validators accept all"})
    with ScriptedEndpoint(answers) as endpoint:
        ...

The answer to a request depends on the seed given here and on the request alone, not on the order in
which requests come.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal, get_args

from medalist.agent.llm.scripted.scripted_replies import Reply, SeenRequest

Question = Literal[
    "solution",
    "brute",
    "repair",
    "plan",
    "critic",
    "review",
    "duel",
    "generator",
    "validator",
    "tests",
    "checker",
    "pair",
]

_QUESTIONS: tuple[tuple[Question, str], ...] = (
    ("pair", r"on which the two programs print different outputs"),
    ("generator", r"Write a Python 3 program that (makes one random input|reads an integer seed)"),
    (
        "validator",
        r"Write a Python 3 program that (checks an input|reads an input of this problem and)",
    ),
    ("tests", r"Write \d+ (small )?test cases for this problem"),
    ("checker", r"check\(input_text, output_text, reference_text\)"),
    ("duel", r"Answer with one letter"),
    ("review", r"a number from 0 \(certainly wrong\) to 100 \(certainly right\)"),
    ("critic", r"a number from 0 \((it cannot work|wrong)\) to 100"),
    ("repair", r"complete corrected [^\n]* program|Continue [^\n]*program"),
    ("plan", r"Give the plan of a solution"),
    ("brute", r"the most obvious correct solution|in the simplest way that is surely correct"),
    ("solution", r"complete [^\n]*program"),
)  # fmt: skip
"""What a question says, in the order in which they are tried."""

Fault = Literal[
    "generators print garbage",
    "generators never end",
    "generators repeat themselves",
    "validators accept all",
    "validators reject all",
    "tests with wrong outputs",
    "generators for pairs print garbage",
    "the judge says A",
    "checkers accept all",
    "checkers reject all",
    "checkers crash",
    "checkers never end",
    "checkers have a fault",
]

FAULTS: tuple[Fault, ...] = get_args(Fault)

_CHECKER = "def check(input_text, output_text, reference_text):\n    "

_BAD_HELPERS: Mapping[Fault, tuple[Question, str]] = {
    "generators print garbage": (
        "generator",
        "import random\nrandom.seed(input())\nprint(random.random(), 'x', random.random())",
    ),
    "generators for pairs print garbage": (
        "pair",
        "import random\nrandom.seed(input())\nprint(-random.random(), 'y')",
    ),
    "generators never end": ("generator", "while True:\n    pass"),
    "generators repeat themselves": ("generator", "while True:\n    print(1)"),
    "validators accept all": ("validator", "import sys\nsys.stdin.read()"),
    "validators reject all": ("validator", "raise SystemExit(1)"),
    "checkers accept all": ("checker", f"{_CHECKER}return True, None"),
    "checkers reject all": ("checker", f"{_CHECKER}return False, None"),
    "checkers crash": ("checker", f"{_CHECKER}return input_text.undefined"),
    "checkers never end": ("checker", f"{_CHECKER}while True:\n        pass"),
}

_CARES = ("list for yourself", "malformed outputs", "an output claims", "special cases")
"""What questions for checkers are told to take care of, in the order of the checkers' files."""


@dataclass(frozen=True)
class LabelledProgram:
    """A program for a problem, and whether it is right; of a higher level it gets more points."""

    language: str
    source: str
    right: bool
    brute: bool = False
    level: int = 0


@dataclass(frozen=True)
class Repertoire:
    """What is known of one problem."""

    title: str
    programs: tuple[LabelledProgram, ...]
    generators: tuple[str, ...] = ()
    validators: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    checkers: tuple[str, ...] = ()
    faulty_checkers: tuple[str, ...] = ()


def read_repertoires(archive: Path, helpers: Path) -> list[Repertoire]:
    """Read what is known of the problems that have a folder in `helpers`.

    Args:
        archive: Problem packages, a folder each, with `problem.yaml` and labelled `submissions`.
        helpers: A folder a problem with files `generator*.py`, `validator*.py`, `tests*.txt` and,
            where many outputs may be right, `checker*.py` and `faulty-checker*.py`.
    """
    return [
        _repertoire(archive / folder.name, folder)
        for folder in sorted(helpers.iterdir())
        if folder.is_dir()
    ]


def _repertoire(package: Path, helpers: Path) -> Repertoire:
    title = re.search(r"^name:\s*(.+)$", (package / "problem.yaml").read_text(), re.MULTILINE)
    programs = []
    for path in sorted((package / "submissions").glob("*/*.*")):
        language = {".py": "python", ".cpp": "cpp"}.get(path.suffix)
        if language is not None:
            level = {"accepted": 2, "partially_accepted": 1}.get(path.parent.name, 0)
            is_brute = "brute" in path.stem
            programs.append(
                LabelledProgram(language, path.read_text(), level == 2, is_brute, level)
            )
    return Repertoire(
        title[1].strip("'\" ") if title else helpers.name,
        tuple(programs),
        *(
            tuple(path.read_text() for path in sorted(helpers.glob(pattern)))
            for pattern in (
                "generator*.py",
                "validator*.py",
                "tests*.txt",
                "checker*.py",
                "faulty-checker*.py",
            )
        ),
    )


@dataclass(frozen=True)
class ScriptedAnswers:
    """An answer for every question; use as the script of a `ScriptedEndpoint`.

    Attributes:
        repertoires: The problems that it knows; to others it answers that it does not.
        seed: Another seed answers otherwise.
        skill: How likely an answer is right, 0 to 1.
        faults: What its helpers, and it as a judge, do wrong.
        learns: Its solutions are wrong but for what it is shown: of a program, with what the judge
            showed of it, it writes one of the next level; of one that gets nothing, a sample that
            it fails is enough.
    """

    repertoires: Sequence[Repertoire]
    seed: int = 0
    skill: float = 0.5
    faults: Collection[Fault] = field(default=())
    learns: bool = False

    def __call__(self, seen: SeenRequest) -> Reply:
        """Answer a request."""
        text = prompt_of(seen)
        known = self._repertoire(text)
        question = question_of(text)
        if known is None or question is None:
            return Reply("I do not know this problem.")
        key = f"{self.seed}/{seen.body.get('seed')}/{text}"
        if "n" in seen.body:  # without a seed, each answer is another one
            key += f"/{seen.index}/{seen.choice}"
        rng = random.Random(hashlib.sha256(key.encode()).digest())
        if question == "checker":
            return Reply(_code("python", self._checker(known, text, rng)))
        if question in ("generator", "validator", "pair"):
            return Reply(_code("python", self._helper(known, question, rng)))
        if question == "tests":
            return Reply(self._tests(known, rng))
        if question == "duel":
            letter = self._letter(known, text, rng)
            other = "B" if letter == "A" else "A"
            return Reply(
                letter, odds={letter: 0.5 + self.skill / 2.5, other: 0.5 - self.skill / 2.5}
            )
        if question in ("review", "critic"):
            right = _nearest(known, _quoted(text)[-1:]) if question == "review" else [True]
            believed = right[:1] == [True] if rng.random() < self.skill else rng.random() < 0.5
            return Reply("90" if believed else "10")
        if question == "plan":
            return Reply("1. Do what the statement says.\n2. Print the answer.")
        return Reply(self._solution(known, question, text, rng))

    def _repertoire(self, text: str) -> Repertoire | None:
        found = re.search(r"<problem>\n# ([^\n]*)\n", text)
        return next((one for one in self.repertoires if found and one.title == found[1]), None)

    def _helper(self, known: Repertoire, question: Question, rng: random.Random) -> str:
        bad = [
            source
            for fault, (kind, source) in _BAD_HELPERS.items()
            if kind == question and fault in self.faults
        ]
        good = known.validators if question == "validator" else known.generators
        return rng.choice(bad or list(good) or ["raise SystemExit(2)"])

    def _tests(self, known: Repertoire, rng: random.Random) -> str:
        text = rng.choice(known.tests or ("I cannot think of any.",))
        return _with_wrong_outputs(text) if "tests with wrong outputs" in self.faults else text

    def _checker(self, known: Repertoire, text: str, rng: random.Random) -> str:
        """One of those that are known: another for each thing to take care of."""
        if "checkers have a fault" in self.faults and known.faulty_checkers:
            return rng.choice(known.faulty_checkers)
        if not known.checkers or any(fault.startswith("checkers") for fault in self.faults):
            return self._helper(known, "checker", rng)
        place = next((place for place, care in enumerate(_CARES) if care in text), 0)
        return known.checkers[place % len(known.checkers)]

    def _letter(self, known: Repertoire, text: str, rng: random.Random) -> str:
        if "the judge says A" in self.faults:
            return "A"
        first, second = (*_nearest(known, _quoted(text)[:2]), False, False)[:2]
        if first != second and rng.random() < max(self.skill, 0.5):
            return "A" if first else "B"
        return rng.choice("AB")

    def _solution(
        self, known: Repertoire, question: Question, text: str, rng: random.Random
    ) -> str:
        language = "cpp" if "C++" in text.rpartition("</problem>")[2] else "python"
        wanted = rng.random() < self.skill
        fitting = [one for one in known.programs if one.language == language]
        if self.learns:
            return _code(language, rng.choice(_next_level(known, fitting, text)).source)
        brute = [one for one in fitting if one.brute]
        if question == "brute" and brute:
            return _code(language, rng.choice(brute).source)
        chosen = [one for one in fitting if one.right == wanted and not one.brute] or fitting
        return _code(language, rng.choice(chosen).source) if chosen else "I cannot do that."


def prompt_of(seen: SeenRequest) -> str:
    """Return the text of a request, all messages in a row."""
    messages = seen.body.get("messages") or seen.body.get("input") or ""
    if isinstance(messages, str):
        return messages
    return "\n".join(str(one.get("content", "")) for one in messages)


def question_of(text: str) -> Question | None:
    """Recognise what a prompt asks for, by what it says after the problem."""
    asked = text.rpartition("</problem>")[2]
    return next((kind for kind, words in _QUESTIONS if re.search(words, asked)), None)


def _quoted(text: str) -> list[str]:
    """Return what stands between the marks of quotations (see `agent.quote`), in order."""
    asked = text.rpartition("</problem>")[2]
    found = re.findall(
        r"\[program[^\n]*quoted up to (\w+)\]\n(.*?)\n\[\1: end of", asked, re.DOTALL
    )
    return [source for _, source in found]


_JUDGED = re.compile(
    r"^Program \d [^\n]*The judge showed: [^\n]*\n"
    r"(?P<fence>`{3,})\w*\n(?P<source>.*?)\n(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)

_REFUTED = re.compile(
    r"^(?P<fence>`{3,})\w*\n(?P<source>[^`]*)\n(?P=fence)\s+It [^\n]* on a sample",
    re.MULTILINE,
)


def _next_level(
    known: Repertoire, fitting: Sequence[LabelledProgram], text: str
) -> list[LabelledProgram]:
    """Return the programs of the level above the best of those shown with a word of the judge."""
    asked = text.rpartition("</problem>")[2]
    levels = [_closest(known, one["source"]).level for one in _JUDGED.finditer(asked)]
    # That a program fails on a sample says enough of one that gets nothing at all.
    refuted = [_closest(known, one["source"]).level for one in _REFUTED.finditer(asked)]
    levels += [level for level in refuted if level == 0]
    best = max(levels, default=-1)
    # A level that a problem has no program of is passed over.
    known_levels = sorted({one.level for one in fitting})
    wanted = next((level for level in known_levels if level > best), known_levels[-1])
    return [one for one in fitting if one.level == wanted]


def _nearest(known: Repertoire, sources: Sequence[str]) -> list[bool]:
    """Return for each program whether it is right, by the known program that it looks most like."""
    return [_closest(known, source).right for source in sources]


def _closest(known: Repertoire, source: str) -> LabelledProgram:
    """Return the known program that a program looks most like."""
    return max(
        known.programs,
        key=lambda one: SequenceMatcher(
            None, _squeezed(one.source), _squeezed(source), autojunk=False
        ).ratio(),
    )


def _squeezed(source: str) -> list[str]:
    """A program's lines without comments and layout, as far as no parser is needed for that."""
    lines = (re.sub(r"(#(?!include)|//).*|\s", "", line) for line in source.splitlines())
    return [line for line in lines if line]


def _with_wrong_outputs(text: str) -> str:
    """Change every output: the last digit, or else the last word."""

    def wrong(found: re.Match[str]) -> str:
        output = found[2]
        changed = re.sub(
            r"\d(?=\D*\Z)", lambda digit: str((int(digit[0]) + 1) % 10), output, count=1
        )
        return found[1] + (changed if changed != output else f"{output}x") + found[3]

    return re.sub(r"(Output:\n```\n)(.*?)(\n```)", wrong, text, flags=re.DOTALL)


def _code(language: str, source: str) -> str:
    return f"```{language}\n{source.rstrip()}\n```\n"
