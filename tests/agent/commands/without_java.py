"""`medalist` without a compiler of Java, as a separate process: `python without_java.py ARGS`."""

from __future__ import annotations

from dataclasses import replace

from medalist.sandbox.languages import LANGUAGES

LANGUAGES["java"] = replace(LANGUAGES["java"], compile=("/usr/bin/no-javac", "{sources}"))

if __name__ == "__main__":
    from medalist.__main__ import main

    main()
