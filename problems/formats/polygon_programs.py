"""Programs of a Polygon package: checker, interactor, validators, generators, solutions."""

from __future__ import annotations

import posixpath
import re
import shlex
from xml.etree import ElementTree as Xml

from medalist.problems.formats.programs import (
    hinted,
    judged_languages,
    language,
    missing_helper,
    pick_main,
)
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import Equality
from medalist.problems.secret import GeneratedTest, LabelledSubmission
from medalist.problems.verdict import Verdict

# What the stock checkers compare, so that testlib need not be compiled.
STOCK = {
    "fcmp": Equality(mode="whole-lines"),
    "lcmp": Equality(mode="filled-lines"),
    "wcmp": Equality(mode="tokens"),
    "hcmp": Equality(mode="tokens"),
    "icmp": Equality(mode="tokens"),
    "ncmp": Equality(mode="tokens"),
    "uncmp": Equality(mode="tokens", ordered=False),
    "yesno": Equality(case_sensitive=False),
    "nyesno": Equality(case_sensitive=False),
    "caseicmp": Equality(mode="tokens"),
    "casencmp": Equality(mode="tokens"),
    "casewcmp": Equality(mode="tokens"),
    "acmp": Equality(abs_tol=1.5e-6),
    "rcmp": Equality(abs_tol=1.5e-6),
    "dcmp": Equality(abs_tol=1e-6, rel_tol=1e-6),
    "rcmp4": Equality(abs_tol=1e-4, rel_tol=1e-4),
    "rcmp6": Equality(abs_tol=1e-6, rel_tol=1e-6),
    "rcmp9": Equality(abs_tol=1e-9, rel_tol=1e-9),
    "rncmp": Equality(abs_tol=1.5e-5),
}
_V = Verdict
_SLOW, _BIG = frozenset({_V.TLE, _V.ILE}), frozenset({_V.MLE, _V.RTE})
# A rejected solution may well have some of the points.
_REJECTED = frozenset(Verdict) - {_V.AC, _V.JE, _V.CE}
_TAGS: dict[str, frozenset[Verdict] | None] = {
    "main": frozenset({_V.AC}),
    "accepted": frozenset({_V.AC}),
    "wrong-answer": frozenset({_V.WA, _V.PE}),
    "presentation-error": frozenset({_V.PE, _V.WA}),
    "time-limit-exceeded": _SLOW,
    "time-limit-exceeded-or-accepted": _SLOW | {_V.AC},
    "time-limit-exceeded-or-memory-limit-exceeded": _SLOW | _BIG,
    "memory-limit-exceeded": _BIG,
    "rejected": _REJECTED,
    "failed": _REJECTED,
}

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")


class Programs:
    """Reads the programs that `problem.xml` (`where`, for messages) names."""

    def __init__(
        self, tree: PackageTree, root: Xml.Element, where: str, warnings: list[str]
    ) -> None:
        self.tree = tree
        self.root = root
        self.where = where
        self.warnings = warnings
        self._generators: dict[str, Helper] = {}

    def source(self, node: Xml.Element | None) -> str | None:
        """Return the path of an asset's source, if the package has it."""
        inner = node.find("source") if node is not None else None
        path = posixpath.normpath(inner.get("path", "")) if inner is not None else ""
        return path if path and path != "." and path in self.tree else None

    def files_with(self, path: str) -> dict[str, bytes]:
        """Return a source and the headers that it may include."""
        files = {
            name.rsplit("/", 1)[-1]: self.tree.read(name)
            for folder in ("files", posixpath.dirname(path))
            for name in (self.tree.files(folder) if folder else [])
            if name.endswith((".h", ".hpp"))
        }
        return {**files, posixpath.basename(path): self.tree.read(path)}

    def helper(self, where: str, what: str) -> Helper | None:
        """Return the program at an element; a stand-in where it is named and cannot be run."""
        node = self.root.find(where)
        path = self.source(node)
        if node is None:
            return None
        if path is None:
            reason = f"{what}: its source is not in the package"
            return missing_helper(self.where, what, reason, self.warnings, protocol="testlib")
        files = self.files_with(path)
        main = posixpath.basename(path)
        program_language = hinted(language(main, files[main]), type_of(node))
        if program_language is None:
            reason, where = f"it is not in {judged_languages()}", self.tree.where(path)
            return missing_helper(where, path, reason, self.warnings, protocol="testlib")
        return Helper(path, program_language, files, main, "testlib")

    def checker(self) -> tuple[Helper | None, Equality | None]:
        """Return the checker, or the equality that a stock one stands for."""
        node = self.root.find("assets/checker")
        name = (node.get("name") or "") if node is not None else ""
        stock = re.fullmatch(r"std::(\w+)\.cpp", name)
        if stock and STOCK.get(stock[1]):
            return None, STOCK[stock[1]]
        return self.helper("assets/checker", "checker"), None

    def validators(self) -> tuple[Helper, ...]:
        """Return the input validators that can be run."""
        validators = []
        for node in self.root.iterfind("assets/validators/validator"):
            path = self.source(node)
            if path is not None:
                files = self.files_with(path)
                main = posixpath.basename(path)
                kind = hinted(language(main, files[main]), type_of(node))
                if kind:
                    validators.append(Helper(path, kind, files, main, "testlib"))
        return tuple(validators)

    def submissions(self, *, scoring: bool) -> tuple[LabelledSubmission, ...]:
        """Return the solutions with what their tags permit; with points that may be a part."""
        submissions = []
        for node in self.root.iterfind("assets/solutions/solution"):
            path, tag = self.source(node), node.get("tag", "")
            if path is None:
                continue
            files = {posixpath.basename(path): self.tree.read(path)}
            main, kind = pick_main(files)
            kind = hinted(kind, type_of(node))
            permitted = _TAGS.get(tag)
            if scoring and permitted and _V.AC not in permitted:
                permitted |= {_V.PAC}
            submissions.append(
                LabelledSubmission(
                    name=path,
                    language=kind,
                    files=files,
                    main=main,
                    permitted=permitted,
                    label=tag,
                )
            )
        return tuple(submissions)

    def main_solution(self) -> Helper | None:
        """Return the solution that makes the answers, if it is in a language that is run."""
        for submission in self.submissions(scoring=False):
            if submission.label == "main" and submission.language is not None:
                name, files = submission.name, self.files_with(submission.name)
                return Helper(name, submission.language, files, submission.main, "testlib")
        return None

    def generated(self, command: str, output: str) -> GeneratedTest:
        """Return how a test is made by its `cmd`, such as `gen -n 10 7`.

        Args:
            command: The generator's name and its arguments, as for a shell.
            output: The file that the generator writes (`from-file`); nothing for stdout.

        Raises:
            Unmade: No generator of that name, or one that is not run.
        """
        try:
            name, *args = shlex.split(command) or [""]
        except ValueError as error:
            raise Unmade(f"its command {command!r} cannot be read") from error
        if output and not _PLAIN.fullmatch(output):
            raise Unmade(f"its generator writes {output!r}, which is not a plain file name")
        if name not in self._generators:
            self._generators[name] = self._generator(name)
        return GeneratedTest(self._generators[name], tuple(args), makes_answer=False, output=output)

    def _generator(self, name: str) -> Helper:
        for node in self.root.iterfind("files/executables/executable"):
            path = self.source(node)
            if path is None or posixpath.splitext(posixpath.basename(path))[0] != name:
                continue
            files, main = self.files_with(path), posixpath.basename(path)
            program_language = hinted(language(main, files[main]), type_of(node))
            if program_language is None:
                raise Unmade(f"its generator {path} is not in {judged_languages()}")
            return Helper(path, program_language, files, main, "testlib")
        raise Unmade(f"the source of its generator {name!r} is not in the package")


class Unmade(Exception):
    """Why a test of which there is no file cannot be made either."""


def type_of(node: Xml.Element | None) -> str | None:
    """Return the type of an asset's source, such as `cpp.g++17`."""
    inner = node.find("source") if node is not None else None
    return inner.get("type") if inner is not None else None
