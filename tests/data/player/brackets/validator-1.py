import sys

text = sys.stdin.read().split("\n")
assert text[-1] == "" and len(text) == 2
assert 1 <= len(text[0]) <= 50000
assert set(text[0]) <= set("()[]")
