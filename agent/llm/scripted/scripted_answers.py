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
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from medalist.agent.llm.scripted.scripted_faults import (
    BAD_HELPERS,
    FAULTS,
    Fault,
    with_wrong_outputs,
)
from medalist.agent.llm.scripted.scripted_questions import (
    Question,
    prompt_of,
    question_of,
    quoted_programs,
)
from medalist.agent.llm.scripted.scripted_repertoires import (
    LabelledProgram,
    Repertoire,
    are_right,
    next_level,
    read_repertoires,
)
from medalist.agent.llm.scripted.scripted_replies import Reply, SeenRequest

__all__ = [
    "FAULTS",
    "Fault",
    "LabelledProgram",
    "Question",
    "Repertoire",
    "ScriptedAnswers",
    "prompt_of",
    "question_of",
    "read_repertoires",
]

_CARES = ("list for yourself", "malformed outputs", "an output claims", "special cases")
"""What questions for checkers are told to take care of, in the order of the checkers' files."""


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
        if question == "verify":
            is_right = are_right(known, quoted_programs(text)[-1:])[:1] == [True]
            yes = 0.5 + self.skill / 2.5 if is_right else 0.5 - self.skill / 2.5
            return Reply("Yes" if yes > 0.5 else "No", odds={"Yes": yes, "No": 1 - yes})
        if question in ("review", "critic", "weigh"):
            right = are_right(known, quoted_programs(text)[-1:]) if question == "review" else [True]
            believed = right[:1] == [True] if rng.random() < self.skill else rng.random() < 0.5
            return Reply("90" if believed else "10")
        if question == "plan":
            return Reply("1. Do what the statement says.\n2. Print the answer.")
        return Reply(self._solution(known, question, text, rng))

    def _repertoire(self, text: str) -> Repertoire | None:
        title = re.search(r"<problem>\n# ([^\n]*)\n", text)
        return next(
            (
                repertoire
                for repertoire in self.repertoires
                if title and repertoire.title == title[1]
            ),
            None,
        )

    def _helper(self, known: Repertoire, question: Question, rng: random.Random) -> str:
        bad = [
            source
            for fault, (kind, source) in BAD_HELPERS.items()
            if kind == question and fault in self.faults
        ]
        good = known.validators if question == "validator" else known.generators
        return rng.choice(bad or list(good) or ["raise SystemExit(2)"])

    def _tests(self, known: Repertoire, rng: random.Random) -> str:
        text = rng.choice(known.tests or ("I cannot think of any.",))
        return with_wrong_outputs(text) if "tests with wrong outputs" in self.faults else text

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
        first, second = (*are_right(known, quoted_programs(text)[:2]), False, False)[:2]
        if first != second and rng.random() < max(self.skill, 0.5):
            return "A" if first else "B"
        return rng.choice("AB")

    def _solution(
        self, known: Repertoire, question: Question, text: str, rng: random.Random
    ) -> str:
        language = "cpp" if "C++" in text.rpartition("</problem>")[2] else "python"
        wanted = rng.random() < self.skill
        fitting = [program for program in known.programs if program.language == language]
        if self.learns:
            return _code(language, rng.choice(next_level(known, fitting, text)).source)
        brute = [item for item in fitting if item.brute]
        if question == "brute" and brute:
            return _code(language, rng.choice(brute).source)
        chosen = [item for item in fitting if item.right == wanted and not item.brute] or fitting
        return _code(language, rng.choice(chosen).source) if chosen else "I cannot do that."


def _code(language: str, source: str) -> str:
    return f"```{language}\n{source.rstrip()}\n```\n"
