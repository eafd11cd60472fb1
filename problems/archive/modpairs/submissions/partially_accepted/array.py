# Makes a list of k counters: too slow and too large for a large k.
n, k = map(int, input().split())
a = list(map(int, input().split()))
count = [0] * (k if k <= 1000000 else 1000000)
teams = 0
for coins in a:
    teams += count[-coins % k]
    count[coins % k] += 1
print(teams)
