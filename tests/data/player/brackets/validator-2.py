import sys

lines = sys.stdin.read().splitlines()
ok = len(lines) == 1 and 0 < len(lines[0]) <= 50000
ok = ok and all(letter in "()[]" for letter in lines[0])
sys.exit(0 if ok else 1)
