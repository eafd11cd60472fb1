"""A function that a program is about, and the layout of its parameters in the input."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Layout = Literal["nothing", "scalars", "lines", "counted"]
"""`scalars`: as many words as parameters; `lines`: as many lines; `counted`: a number, and then so
many words."""


@dataclass(frozen=True)
class Function:
    """The function that a text is about.

    Attributes:
        call: How it is called: `solve`, or `Solution().count`.
        name: Its bare name.
        parameters: The parameters' types as written, empty where none is; C++ without
            references and `const`.
        returns: The type of its value, as written.
    """

    call: str
    name: str
    parameters: tuple[str, ...]
    returns: str = ""


def is_list(kind: str) -> bool:
    """Whether a parameter of this type is a list."""
    return bool(re.match(r"(?:std::)?vector\b|(?:typing\.)?[Ll]ist\b", kind))
