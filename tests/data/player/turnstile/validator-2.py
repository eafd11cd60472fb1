import sys

try:
    (c, m), *events = [line.split() for line in sys.stdin.read().splitlines()]
    valid = 1 <= int(c) <= 10**9 and 1 <= int(m) <= 10**4 and len(events) == int(m)
    for word, k in events:
        valid = valid and word in {"enter", "leave"} and 0 < int(k) <= 10**9
except ValueError:
    valid = False
sys.exit(0 if valid else 1)
