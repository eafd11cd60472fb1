# Expects that town n is always reached.
import sys
from heapq import heappop, heappush

n, m, *numbers = map(int, sys.stdin.read().split())
near = [[] for _ in range(n + 1)]
for a, b, w in zip(numbers[::3], numbers[1::3], numbers[2::3]):
    near[a].append((b, w))
    near[b].append((a, w))
coins = {}
heap = [(0, 1, 0)]
while heap:
    paid, town, used = heappop(heap)
    if (town, used) in coins:
        continue
    coins[town, used] = paid
    for other, price in near[town]:
        heappush(heap, (paid + price, other, used))
        if not used:
            heappush(heap, (paid, other, 1))
print(coins[n, 1])
