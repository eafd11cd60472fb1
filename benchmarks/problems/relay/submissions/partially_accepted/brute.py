"""Tries all orders of all sets with every express job."""

n, end = map(int, input().split())
jobs = [tuple(map(int, input().split())) for _ in range(n)]
best = 0


def search(used, x, y, express, value):
    global best
    best = max(best, value)
    for i, (a, lag, b, v) in enumerate(jobs):
        if used >> i & 1:
            continue
        for fast in {False, not express}:
            after = max(y, x + a + (0 if fast else lag)) + b
            if after <= end:
                search(used | 1 << i, x + a, after, express or fast, value + v)


search(0, 0, 0, False, 0)
print(best)
