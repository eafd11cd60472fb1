"""Checker: `validate.py input answer feedback_dir < output`; exit 42 accepts, 43 rejects."""

import sys
from pathlib import Path


def reject(reason):
    Path(sys.argv[3], "judgemessage.txt").write_text(reason + "\n", encoding="utf-8")
    sys.exit(43)


n, wanted, *prices = map(int, Path(sys.argv[1]).read_text(encoding="ascii").split())
possible = Path(sys.argv[2]).read_text(encoding="ascii").split() != ["impossible"]
output = sys.stdin.buffer.read().decode("ascii", errors="replace").split()
if output == ["impossible"]:
    if possible:
        reject("there is a pair, but the output is `impossible`")
    sys.exit(42)
if len(output) != 2 or not all(word.isdecimal() and len(word) < 10 for word in output):
    reject("the output is neither two item numbers nor `impossible`")
first, second = map(int, output)
if not (1 <= first <= n and 1 <= second <= n):
    reject(f"an item number is not between 1 and {n}")
if first == second:
    reject(f"item {first} is named twice")
if prices[first - 1] + prices[second - 1] != wanted:
    reject(f"items {first} and {second} do not cost {wanted} together")
assert possible, "the reference found no pair, but a submission did"
sys.exit(42)
