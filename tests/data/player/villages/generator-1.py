import random

seed = int(input())
random.seed(seed)
n, m = 1 + seed % 8, random.randint(0, 8)
print(n, m)
for _ in range(m):
    print(random.randint(1, n), random.randint(1, n))
