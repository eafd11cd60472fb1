"""What the commands and environments of LaTeX statements mean, for `latex.py`."""

from __future__ import annotations

WRAP = {
    "textbf": "**", "emph": "*", "textit": "*", "textsl": "*", "underline": "", "textsc": "",
    "texttt": "`", "t": "`", "sout": "~~", "mbox": "", "text": "", "textrm": "", "textsf": "",
    "centerline": "", "uline": "",
}  # fmt: skip
SYMBOLS = {
    "ldots": "...", "dots": "...", "textellipsis": "...", "textbackslash": "\\", "quad": " ",
    "qquad": " ", "par": "\n\n", "newline": "\n", "LaTeX": "LaTeX", "TeX": "TeX", "ss": "ß",
    "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "o": "ø", "O": "Ø", "textless": "<",
    "textgreater": ">", "textbar": "|", "textasciitilde": "~", "textasciicircum": "^",
    "euro": "€", "pounds": "£", "S": "§", "copyright": "©", "textquotedbl": '"', "i": "ı",
    "bigskip": "\n\n", "medskip": "\n\n", "smallskip": "\n\n", "hfill": " ", "linebreak": "\n",
}  # fmt: skip
SECTIONS = {"section": "## ", "subsection": "### ", "subsubsection": "#### ", "paragraph": "#### "}
# Commands whose arguments are layout, not text: name to the number of arguments.
DROP = {
    "vspace": 1, "hspace": 1, "label": 1, "ref": 1, "usepackage": 1, "documentclass": 1,
    "setlength": 2, "addtolength": 2, "color": 1, "pagestyle": 1, "cline": 1, "cite": 1,
    "usetikzlibrary": 1, "input": 1, "hypersetup": 1, "geometry": 1,
    "thispagestyle": 1,
    "setcounter": 2, "definecolor": 3, "lstset": 1, "captionsetup": 1, "bibliography": 1,
    "phantom": 1, "rule": 2, "arraystretch": 0, "vskip": 0, "rowcolor": 1, "cellcolor": 1,
}  # fmt: skip
ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "c": "\u0327",
    "v": "\u030c", "H": "\u030b", "=": "\u0304", ".": "\u0307", "u": "\u0306", "r": "\u030a",
}  # fmt: skip
MATH = {"equation", "align", "gather", "eqnarray", "displaymath", "math", "multline"}
VERBATIM = {"verbatim", "lstlisting", "Verbatim", "alltt", "minted"}
TABLE = {"tabular", "tabularx", "longtable", "array", "tabulary", "tabular*"}
HEADED = {
    "Input": "Input", "Output": "Output", "Interaction": "Interaction", "Scoring": "Scoring",
    "Note": "Note", "Constraints": "Constraints",
}  # fmt: skip
# Headings of olymp.sty. Those of samples are left out: `\exmp` tells the samples.
OLYMP = {
    "InputFile": "Input", "OutputFile": "Output", "Note": "Note", "Notes": "Note",
    "Explanation": "Explanation", "Explanations": "Explanation", "Scoring": "Scoring",
    "Interaction": "Interaction", "Constraints": "Constraints", "Limits": "Limits",
    "Hint": "Hint", "SubtaskBlock": "Subtasks",
}  # fmt: skip
