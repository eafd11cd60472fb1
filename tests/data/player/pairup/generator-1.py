import random

seed = int(input())
random.seed(seed)
n = 2 + seed % 8
print(n, random.randint(2, 20))
print(*[random.randint(1, 12) for _ in range(n)])
