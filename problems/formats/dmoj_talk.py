"""DMOJ problems in which the package's code does more than check: interactors and graders."""

from __future__ import annotations

from dataclasses import replace

from medalist.problems.formats.dmoj_config import Config
from medalist.problems.formats.dmoj_programs import bridged, own_source, python_program
from medalist.problems.formats.tree import PackageTree
from medalist.problems.helper import Helper
from medalist.problems.model import GraderFile
from medalist.problems.startup import unbuffered
from medalist.sandbox.languages import C_FAMILIES, LANGUAGES, file_ending

_EXTRA_S = 2.0
"""What an interactor gets beyond the time limit, seconds, unless the package says otherwise."""

_MEMORY_MB = 512
_PYTHON_JUDGE = "Python code for DMOJ's own judge cannot be run"


def interactor_of(
    tree: PackageTree, root: Config, time_s: float, warnings: list[str]
) -> Helper | None:
    """Return the program that submissions talk to, if there is one.

    Raises:
        BadInput: A grader in Python that does more than talk.
    """
    if root.fields.has("grader"):
        raise root.fields.bad("grader", _PYTHON_JUDGE)
    if root.has("custom_judge"):
        name = root.text("custom_judge") or ""
        if name not in tree:
            raise root.fields.bad("custom_judge", f"there is no file {name!r}")
        helper = python_program(tree, name, "interactor", {})
        if b"InteractiveGrader" not in own_source(helper):
            raise root.fields.bad("custom_judge", f"{_PYTHON_JUDGE}, unless it is interactive")
        return replace(helper, cpu_s=time_s + _EXTRA_S, memory_mb=_MEMORY_MB)
    if root.fields.get("interactive") is None:
        return None
    fields = root.fields.map("interactive")
    extra = fields.number("preprocessing_time", above=0) or _EXTRA_S
    flag = fields.flag("unbuffered")
    helper = bridged(tree, fields, "interactor", warnings)
    helper = replace(
        helper, cpu_s=time_s + min(extra, 600.0), memory_mb=helper.memory_mb or _MEMORY_MB
    )
    # DMOJ's interactors need not flush, unless they are told to.
    if flag is False or helper.cannot_run:
        return helper
    files, main = unbuffered(LANGUAGES[helper.language].family, helper.main)
    return replace(helper, files={**helper.files, **files}, main=main)


def signature(
    tree: PackageTree, root: Config
) -> tuple[dict[str, dict[str, bytes]], dict[str, bytes], tuple[GraderFile, ...]]:
    """Return what is compiled with a submission that is only functions.

    Returns:
        The secret files by language family (the entry, which has `main`, in the submission's own
        language); what precedes the submission; and the header, which is shown.
    """
    if root.fields.get("signature_grader") is None:
        return {}, {}, ()
    fields = root.fields.map("signature_grader")
    entry, header = fields.text("entry"), fields.text("header")
    for key, name in (("entry", entry), ("header", header)):
        if name is None:
            raise fields.bad(key, "is missing")
        if name not in tree:
            raise fields.bad(key, f"there is no file {name!r}")
    allow_main = bool(fields.flag("allow_main"))
    root.fields.asked.add("signature_grader")
    define = b"#define SIGNATURE_GRADER 1\n"
    content = tree.read(header or "")
    before = b'%b#include "%b"\n' % (define, (header or "").encode())
    before += b"" if allow_main else b"#define main main_of_submission\n"
    before += b"#line 1\n"
    files, shown = {}, []
    for family in C_FAMILIES:
        files[family] = {
            f"signature_entry.{file_ending(family)}": define
            + b"#line 1\n"
            + tree.read(entry or ""),
            header or "": content,
        }
        text = content.decode("utf-8", "replace")
        shown.append(GraderFile(language=family, name=header or "", content=text))
    return files, dict.fromkeys(files, before), tuple(shown)
