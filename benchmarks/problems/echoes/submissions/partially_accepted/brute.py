# Goes through all indices.
for _ in range(int(input())):
    n = int(input())
    m, a, b, x, t = map(int, input().split())
    M, A, B, y, u = map(int, input().split())
    if n > 50000:
        print(-1)
        continue
    hits = 0
    for _ in range(n + 1):
        hits += x == t and y == u
        x = (a * x + b) % m
        y = (A * y + B) % M
    print(hits)
