n, m = map(int, input().split())
best = 10**9
for two in range(max(n, m) + 1):
    one = min(max(n - 2 * two, 0), max(m - two, 0))
    dogs, sodas = max(n - 2 * two - one, 0), max(m - two - one, 0)
    best = min(best, 549 * two + 499 * one + 299 * dogs + 249 * sodas)
print(best)
