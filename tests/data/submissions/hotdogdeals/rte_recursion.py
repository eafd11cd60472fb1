from functools import cache

n, m = map(int, input().split())


@cache
def best(n, m):
    if n < 0 or m < 0:
        return 10**9
    if n + m == 0:
        return 0
    return min(
        299 + best(n - 1, m),
        249 + best(n, m - 1),
        499 + best(n - 1, m - 1),
        549 + best(n - 2, m - 1),
    )


print(best(n, m))
