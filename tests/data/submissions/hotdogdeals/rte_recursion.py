from functools import cache

n, m = map(int, input().split())


@cache
def best(n, m):
    n, m = max(n, 0), max(m, 0)
    if n + m == 0:
        return 0
    cost = min(499 + best(n - 1, m - 1), 549 + best(n - 2, m - 1))
    if n:
        cost = min(cost, 299 + best(n - 1, m))
    if m:
        cost = min(cost, 249 + best(n, m - 1))
    return cost


print(best(n, m))
