import sys

tokens = sys.stdin.read().split()
good = len(tokens) == 1 and tokens[0].isdigit() and 1 <= int(tokens[0]) <= 2000
sys.exit(0 if good else 1)
