import random

seed = int(input())
random.seed(seed)
n, k = 2 + seed % 9, random.randint(1, 6)
print(n, k)
print(*[random.randint(0, 12) for _ in range(n)])
