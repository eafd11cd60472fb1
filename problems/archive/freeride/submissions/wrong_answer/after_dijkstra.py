# Makes the dearest ride of the cheapest way free.
import sys
from heapq import heappop, heappush

n, m, *numbers = map(int, sys.stdin.read().split())
near = [[] for _ in range(n + 1)]
for a, b, w in zip(numbers[::3], numbers[1::3], numbers[2::3]):
    near[a].append((b, w))
    near[b].append((a, w))
seen = set()
answer = -1
heap = [(0, 0, 1)]
while heap:
    paid, dearest, town = heappop(heap)
    if town == n:
        answer = paid + dearest
        break
    if town in seen:
        continue
    seen.add(town)
    for other, price in near[town]:
        most = max(-dearest, price)
        heappush(heap, (paid + price, -most, other))
print(answer)
