# The free ride joins a cheapest way from the start to a cheapest way to the end.
import sys
from heapq import heappop, heappush

n, m, *numbers = map(int, sys.stdin.read().split())
lines = list(zip(numbers[::3], numbers[1::3], numbers[2::3]))
near = [[] for _ in range(n + 1)]
for a, b, w in lines:
    near[a].append((b, w))
    near[b].append((a, w))


def distances(start):
    coins = {}
    heap = [(0, start)]
    while heap:
        paid, town = heappop(heap)
        if town not in coins:
            coins[town] = paid
            for other, price in near[town]:
                if other not in coins:
                    heappush(heap, (paid + price, other))
    return coins


there, back = distances(1), distances(n)
if n in there:
    ways = [there[a] + back[b] for a, b, _ in lines if a in there and b in back]
    ways += [there[b] + back[a] for a, b, _ in lines if b in there and a in back]
    print(min(ways))
else:
    print(-1)
