n, m = map(int, input().split())
print(299 * n + 249 * m)
