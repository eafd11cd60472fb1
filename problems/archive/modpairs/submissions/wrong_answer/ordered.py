# Counts each team twice, and a player with himself.
from collections import Counter

n, k = map(int, input().split())
seen = Counter(coins % k for coins in map(int, input().split()))
print(sum(count * seen[-remainder % k] for remainder, count in list(seen.items())))
