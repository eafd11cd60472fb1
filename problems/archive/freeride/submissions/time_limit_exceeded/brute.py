# Makes each line free in turn, and relaxes all lines until nothing changes.
n, m = map(int, input().split())
lines = [list(map(int, input().split())) for _ in range(m)]


def cheapest():
    coins = [None] * (n + 1)
    coins[1] = 0
    changed = True
    while changed:
        changed = False
        for a, b, w in lines:
            for x, y in ((a, b), (b, a)):
                if coins[x] is not None and (coins[y] is None or coins[x] + w < coins[y]):
                    coins[y] = coins[x] + w
                    changed = True
    return coins[n]


best = None
for line in lines:
    price = line[2]
    line[2] = 0
    total = cheapest()
    line[2] = price
    if total is not None and (best is None or total < best):
        best = total
print(-1 if best is None else best)
