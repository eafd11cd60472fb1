import random

seed = int(input())
random.seed(seed)
n = 1 + seed % 9
print(n)
print(*[random.randint(-5, 5) for _ in range(n)])
