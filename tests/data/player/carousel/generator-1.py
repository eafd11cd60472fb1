import random

seed = int(input())
random.seed(seed)
n, q = random.randint(1, 3 + seed % 10), random.randint(1, 6)
print(n, q)
print(*[random.choice([0, 1, 5, 10**9]) for _ in range(n)])
for _ in range(q):
    print(random.randint(1, n), random.randint(1, n))
