s, p, a, b = (int(input()) for _ in range(4))
print(a * (p // 2 + 1 - s))
