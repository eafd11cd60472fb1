"""Interactor: `validate.py input answer feedback_dir`; exit 42 accepts, 43 rejects."""

import sys
from pathlib import Path

TRIES = 10


def reject(reason):
    Path(sys.argv[3], "judgemessage.txt").write_text(reason + "\n", encoding="utf-8")
    sys.exit(43)


def say(word):
    """Answer; a program that has gone already is judged by what it printed before."""
    try:
        print(word, flush=True)
    except BrokenPipeError:
        sys.stdout = None  # nothing is left to flush at exit


code = int(Path(sys.argv[1]).read_text(encoding="ascii"))
for _ in range(TRIES):
    line = sys.stdin.buffer.readline(100).decode("ascii", errors="replace").strip()
    if not line:
        reject("the program ended, or printed an empty line, before the vault was open")
    if not (line.isdecimal() and 1 <= int(line) <= 1000):
        reject(f"{line!r} is no number between 1 and 1000")
    guess = int(line)
    if guess == code:
        say("open")
        if sys.stdin.buffer.readline(100).strip():
            reject("the program printed more after the vault was open")
        sys.exit(42)
    say("higher" if code > guess else "lower")
reject(f"the vault was not open after {TRIES} tries")
