from collections import Counter

n, k = map(int, input().split())
seen = Counter()
teams = 0
for coins in map(int, input().split()):
    teams += seen[-coins % k]
    seen[coins % k] += 1
print(teams)
