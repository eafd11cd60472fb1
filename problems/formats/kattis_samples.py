"""The samples that the statement of a Kattis package shows."""

from __future__ import annotations

from medalist.problems.formats.text import decode
from medalist.problems.formats.tree import PackageTree
from medalist.problems.model import Sample

_SAMPLE_LIMIT = 1 << 20


def read_samples(tree: PackageTree, *, interactive: bool) -> tuple[Sample, ...]:
    """Read what the statement shows as samples.

    An interaction is shown as a sample without input whose note is the protocol; inputs of
    interactive problems are not shown (the format forbids it).
    """
    if not tree.has_folder("data/sample"):
        return ()
    files = set(tree.children("data/sample")[0])
    endings = (".in.statement", ".interaction", ".in")
    names = sorted({n.removesuffix(e) for n in files for e in endings if n.endswith(e)})

    def text(name: str) -> str | None:
        path = f"data/sample/{name}"
        if name not in files or tree.size(path) > _SAMPLE_LIMIT:
            return None
        return decode(tree.read(path), tree.where(path)) if tree.size(path) else ""

    samples = []
    for name in names:
        protocol = text(f"{name}.interaction")
        shown_input = text(f"{name}.in.statement")
        if protocol is not None:
            samples.append(Sample(input="", note=protocol))
        elif not interactive or shown_input is not None:
            content = shown_input if shown_input is not None else text(f"{name}.in")
            answers = (text(f"{name}{ending}") for ending in (".ans.statement", ".out", ".ans"))
            output = next((answer for answer in answers if answer is not None), None)
            if content is not None:
                samples.append(Sample(input=content, output=output))
    return tuple(samples)
