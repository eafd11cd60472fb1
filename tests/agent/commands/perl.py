"""`medalist` with one language more, in its own process: `python perl.py ARGS`.

Three rows, as whoever adds a language would write them, and no code.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from medalist.agent.languages import WRITTEN, Written
from medalist.sandbox.language import Family, Language
from medalist.sandbox.languages import FAMILIES, LANGUAGES

INTERPRETER = "/usr/bin/perl"
# Where `strict` is: a box lets nobody look into the first folders of perl's own list.
_FOUND = subprocess.run(
    [INTERPRETER, "-e", 'use strict; print $INC{"strict.pm"}'],
    capture_output=True,
    text=True,
    check=True,
).stdout
_PERL = (INTERPRETER, f"-I{Path(_FOUND).parent}")

LANGUAGES["perl5"] = Language(
    name="perl5",
    title="Perl 5",
    family="perl",
    default_name="main.pl",
    extensions=(".pl",),
    compile=(*_PERL, "-c", "{sources}"),
    run=(*_PERL, "{main}"),
    produces="scripts",
    package="perl",
)
FAMILIES["perl"] = Family(
    name="perl",
    title="Perl",
    default="perl5",
    code="perl",
    known_good="print 1;\n",
    version=(INTERPRETER, "-v"),
    sign=r"\A#![^\n]*perl",
)
WRITTEN["perl"] = Written(
    name="perl",
    title="Perl 5",
    labels=frozenset({"perl", "pl", "perl5"}),
    sign=r"^[ \t]*(?:use (?:strict|warnings)\b|my [$@%(])|<STDIN>|\bchomp\b",
)

if __name__ == "__main__":
    from medalist.__main__ import main

    main()
