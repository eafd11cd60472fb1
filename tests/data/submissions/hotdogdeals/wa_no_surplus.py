n, m = map(int, input().split())
two = min(n // 2, m)
n -= 2 * two
m -= two
one = min(n, m)
print(549 * two + 499 * one + 299 * (n - one) + 249 * (m - one))
