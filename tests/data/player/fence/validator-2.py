import sys

try:
    tokens = list(map(int, sys.stdin.read().split()))
    valid = 3 <= tokens[0] <= 1000 and len(tokens) == 2 * tokens[0] + 1
    valid = valid and all(-(10**6) <= token <= 10**6 for token in tokens[1:])
except (ValueError, IndexError):
    valid = False
sys.exit(0 if valid else 1)
