# Gives a house the village of the lowest house that it has a footpath to, and goes no further.
n, m = map(int, input().split())
village = list(range(n + 1))
for _ in range(m):
    a, b = map(int, input().split())
    village[max(a, b)] = min(village[max(a, b)], min(a, b))
print(sum(village[house] == house for house in range(1, n + 1)))
