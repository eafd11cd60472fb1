import sys

text = sys.stdin.read()
assert text.endswith("\n")
text = text[:-1]
assert text.isdigit() and text.isascii() and 1 <= len(text) <= 20000
