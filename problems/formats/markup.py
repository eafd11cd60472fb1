"""HTML and PDF to text, and the images that a text refers to."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

from medalist.errors import BadInput, MissingPrerequisite

_IMAGE = re.compile(
    r"!\[[^\]]{0,500}\]\(\s{0,9}<?([^)\s>]{1,500})"
    r"|<img\b[^>]{0,500}?\bsrc\s{0,9}=\s{0,9}[\"']?([^\"'\s>]{1,500})",
    re.I,
)
_BLOCKS = {
    "p", "div", "section", "article", "table", "tr", "ul", "ol", "br", "blockquote", "dl", "dt",
    "dd", "center", "tbody", "thead", "figure", "header", "main",
}  # fmt: skip
_OPEN_LIMIT = 1000
_SKIPPED = {"script", "style", "head", "template", "noscript", "svg"}


def markdown_images(text: str) -> list[str]:
    """Return the local images that Markdown or HTML refers to."""
    names = (match[1] or match[2] for match in _IMAGE.finditer(text))
    return [name for name in names if not name.startswith(("http:", "https:", "data:", "//"))]


def html_to_text(html: str) -> str:
    """Convert HTML to Markdown: headings, lists, tables, `<pre>`; scripts and styles vanish.

    A text with many tags that never end is not HTML, and is returned as it is: the standard
    library's parser would look for the end of each one.
    """
    if html.count("<") - html.count(">") > _OPEN_LIMIT:
        return html
    parser = _Html()
    # The parser of the standard library fails on marked sections, which HTML does not have.
    parser.feed(html.replace("<![", "&lt;!["))
    parser.close()
    lines = [line.rstrip() for line in "".join(parser.out).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.skip = 0
        self.pre = 0
        self.lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self.skip += 1
        elif re.fullmatch(r"h[1-6]", tag):
            self.out.append(f"\n\n{'#' * int(tag[1])} ")
        elif tag == "pre":
            self.pre += 1
            self.out.append("\n\n```\n")
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else None)
            self.out.append("\n")
        elif tag == "li":
            mark = "- "
            if self.lists and self.lists[-1] is not None:
                self.lists[-1] += 1
                mark = f"{self.lists[-1]}. "
            self.out.append("\n" + "  " * max(len(self.lists) - 1, 0) + mark)
        elif tag in {"td", "th"}:
            self.out.append("| ")
        elif tag == "img":
            self.out.append(f"![]({dict(attrs).get('src') or ''})")
        elif tag in {"sup", "sub"} and not self.pre:
            self.out.append("^{" if tag == "sup" else "_{")
        elif self.pre and tag in {"br", "div"}:
            self.newline()
        elif tag in _BLOCKS and not self.pre:
            self.out.append("\n" if tag in {"br", "tr"} else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self.skip = max(self.skip - 1, 0)
        elif tag == "pre" and self.pre:
            self.pre -= 1
            self.newline()
            self.out.append("```\n\n")
        elif tag in {"ul", "ol"}:
            self.lists = self.lists[:-1]
            self.out.append("\n\n")
        elif re.fullmatch(r"h[1-6]", tag):
            self.out.append("\n\n")
        elif tag in {"sup", "sub"} and not self.pre:
            self.out.append("}")
        elif tag == "tr":
            self.out.append("|")
        elif tag == "div" and self.pre:
            self.newline()
        elif tag in _BLOCKS and not self.pre and tag != "br":
            self.out.append("\n\n" if tag != "tr" else "")

    def newline(self) -> None:
        """End the line of preformatted text, unless it has ended."""
        if self.out and not self.out[-1].endswith("\n"):
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if self.skip:
            return
        self.out.append(data if self.pre else re.sub(r"\s+", " ", data))


def pdf_to_text(content: bytes, file: str) -> str:
    """Return a PDF's text, page by page.

    Raises:
        MissingPrerequisite: The PDF reader is not installed.
        BadInput: Not a PDF that can be read, or one without text.
    """
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingPrerequisite(
            f"{file}: reading PDF needs pypdf", hint="pip install 'medalist[formats]'"
        ) from error
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        text = "\n\n".join(page.extract_text() for page in pages)
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        IndexError,
        OSError,
        AssertionError,
        NotImplementedError,
    ) as error:
        raise BadInput("not a PDF that can be read", file=file) from error
    if not text.strip():
        raise BadInput(
            "the PDF holds no text, only pictures", file=file, hint="give the statement as text"
        )
    return text
