import sys

lines = sys.stdin.read().splitlines()
assert len(lines) == 1
assert 1 <= int(lines[0]) <= 2000
