"""Reads FPS, the XML of HUSTOJ and its kin (freeproblemset): a file with any number of problems.

Each `<item>` has `title, time_limit unit=, memory_limit unit=, description, input, output,
sample_input, sample_output, test_input, test_output, hint, source, solution language=`, and
`spj language=` (`checker in ans out`, exit 0 is right) or `tpj` (testlib). The texts are HTML, or
Markdown in `[md]...[/md]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as Xml

from medalist.errors import BadInput
from medalist.problems.formats.build import PackageParts, assemble, text_blob
from medalist.problems.formats.markup import html_to_text, markdown_images
from medalist.problems.formats.programs import judged_languages
from medalist.problems.formats.row_checkers import labelled, language_named, text_checker
from medalist.problems.formats.scored import finished, sections
from medalist.problems.formats.text import problem_id
from medalist.problems.helper import Helper, Protocol
from medalist.problems.secret import Blob, Problem
from medalist.problems.verdict import Verdict

LIMIT = 256 << 20
"""Bytes of a file: it is read as a whole."""

_HEAD = 4096
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.S)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+fps\b[^\[<>]*>")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"<\?xml[^>]*\bencoding\s*=\s*[\"']([\w-]+)[\"']")
_MARKDOWN = re.compile(r"\[/?md\]", re.I)
_MEMORY = {"kb": 1 / 1024, "k": 1 / 1024, "b": 1 / (1 << 20), "gb": 1024.0, "g": 1024.0}


def is_fps(content: bytes) -> bool:
    """Whether the beginning of a file is that of an FPS file."""
    return bool(re.search(rb"<fps[\s>/]", content[:_HEAD]))


class FpsFile:
    """The problems of one file, parsed when the first of them is asked for."""

    def __init__(self, content: Blob, name: str, folder: Path | None = None) -> None:
        """Take a file's content, its name for messages, and its folder, if it has one."""
        self.content = content
        self.name = name
        self.folder = folder

    @cached_property
    def items(self) -> dict[str, Xml.Element]:
        """The problems by id, in order.

        Raises:
            BadInput: Too large, not XML, not FPS, or with its own entities.
        """
        elements: dict[str, Xml.Element] = {}
        for number, item in enumerate(_parsed(self.content, self.name).iterfind("item"), start=1):
            title = "".join((item.findtext("title") or "").split())
            called = problem_id(title) if title else f"item-{number}"
            elements[called if called not in elements else f"{called}-{number}"] = item
        return elements

    def title(self, name: str) -> str:
        """Return a problem's title."""
        return (self.items[name].findtext("title") or name).strip()

    def load(self, name: str) -> Problem:
        """Read a problem.

        Raises:
            BadInput: A wrong value, or something that changes verdicts and is not read.
        """
        return _Item(self.items[name], f"{self.name}: item {name}", self.folder).problem(name)


def _parsed(content: Blob, name: str) -> Xml.Element:
    if content.size is not None and content.size > LIMIT:
        raise BadInput(f"larger than {LIMIT >> 20} MiB", file=name, hint="split the file")
    raw = content.read()
    encoding = _ENCODING.match(raw.lstrip()[:_HEAD].removeprefix(b"\xef\xbb\xbf"))
    try:
        codec = encoding[1].decode().lower() if encoding else "utf-8"
        codec = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8": "utf-8-sig"}.get(codec, codec)
        text = raw.decode(codec)
    except (UnicodeDecodeError, LookupError) as error:
        raise BadInput("not in the encoding that it declares", file=name) from error
    bare = _DOCTYPE.sub("", _CDATA.sub("", text), count=1)
    if "<!" in bare:
        raise BadInput("it defines its own entities: refused", file=name, field="<!DOCTYPE>")
    try:
        root = Xml.fromstring(_DECLARATION.sub("", text, count=1))  # noqa: S314 (no entities)
    except (Xml.ParseError, ValueError) as error:
        raise BadInput(f"not XML: {error}", file=name) from error
    if root.tag != "fps":
        hint = "give the package's folder" if root.tag == "problem" else None
        raise BadInput(f"<{root.tag}> is not FPS", file=name, hint=hint)
    return root


class _Item:
    def __init__(self, node: Xml.Element, where: str, folder: Path | None) -> None:
        self.node = node
        self.where = where
        self.folder = folder
        self.warnings: list[str] = []

    def problem(self, name: str) -> Problem:
        title = (self.node.findtext("title") or name).strip()
        for tag in ("prepend", "append"):
            if any((text or "").strip() for text in self.texts(tag)):
                raise BadInput(
                    "code that is put around a submission is not read", file=self.where, field=tag
                )
        statement = sections(
            title,
            [
                ("", self.prose("description")),
                ("Input", self.prose("input")),
                ("Output", self.prose("output")),
                ("Hint", self.prose("hint")),
            ],
        )
        samples = self.pairs("sample")
        checker = self.checker()
        tests = self.pairs("test", answers=checker is None)
        if not tests:
            self.warnings.append(f"{self.where}: test_input: the file holds no tests")
        problem = assemble(
            PackageParts(
                name=name,
                file=self.where,
                statement=statement,
                title=title,
                time_s=self.limit("time_limit", {"ms": 1e-3}),
                memory_mb=self.limit("memory_limit", _MEMORY),
                samples=[(a, b) for a, b in samples if a.strip() or (b or "").strip()],
                tests=[(text_blob(a), None if b is None else text_blob(b)) for a, b in tests],
                source=" ".join(self.texts("source")).strip() or "FPS",
            )
        )
        solutions = (
            (node.get("language", ""), node.text) for node in self.node.iterfind("solution")
        )
        package = finished(
            problem,
            checker=checker,
            submissions=labelled(solutions, "accepted", frozenset({Verdict.AC})),
            equality=problem.public.equality.model_copy(update={"mode": "lines"}),
            missing_images=tuple(self.images(statement)),
        )
        return replace(package, warnings=(*problem.warnings, *self.warnings))

    def texts(self, tag: str) -> list[str]:
        return [node.text or "" for node in self.node.iterfind(tag)]

    def prose(self, tag: str) -> str | None:
        """Return a section's text: HTML, or Markdown between marks."""
        text = "\n".join(self.texts(tag))
        if _MARKDOWN.search(text):
            return _MARKDOWN.sub("", text)
        return html_to_text(text) if text.strip() else None

    def limit(self, tag: str, units: dict[str, float]) -> float | None:
        node = self.node.find(tag)
        if node is None or not (node.text or "").strip():
            return None
        try:
            value = float(node.text or "")
        except ValueError:
            value = -1.0
        if not 0 < value < 1e9:
            raise BadInput(f"{node.text!r} is not a positive number", file=self.where, field=tag)
        return value * units.get(node.get("unit", "").strip().lower(), 1.0)

    def pairs(self, side: str, *, answers: bool = True) -> list[tuple[str, str | None]]:
        """Return inputs and outputs; some exports write both, in turn, as inputs."""
        inputs = self.texts(f"{side}_input")
        outputs: list[str | None] = [*self.texts(f"{side}_output")]
        if inputs and not outputs and len(inputs) % 2 == 0 and answers:
            inputs, outputs = inputs[::2], [*inputs[1::2]]
        if len(inputs) != len(outputs) and (answers or outputs):
            message = f"{len(inputs)} inputs, but {len(outputs)} outputs"
            raise BadInput(message, file=self.where, field=f"{side}_output")
        return list(zip(inputs, outputs or [None] * len(inputs), strict=True))

    def checker(self) -> Helper | None:
        for tag in ("tpj", "spj"):
            for node in self.node.iterfind(tag):
                text, name = node.text or "", node.get("language", "C++")
                if not text.strip():
                    continue
                language = language_named(name)
                if language is None:
                    raise BadInput(f"{name}: not {judged_languages()}", file=self.where, field=tag)
                testlib = tag == "tpj" or "registerTestlibCmd" in text
                protocol: Protocol = "testlib" if testlib else "hustoj"
                checker, warnings = text_checker(tag, text, language[0], protocol, self.folder)
                self.warnings += warnings
                return checker
        return None

    def images(self, statement: str) -> Iterator[str]:
        inside = {(node.findtext("src") or "").strip() for node in self.node.iterfind("img")}
        return (name for name in markdown_images(statement) if name not in inside)
