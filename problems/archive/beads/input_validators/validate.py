"""Exit 42 if standard input is a valid input, else 43."""

import re
import sys

text = sys.stdin.read()
valid = re.fullmatch(r"[1-9]\d{0,6}\n", text) and int(text) <= 1000000
sys.exit(42 if valid else 43)
