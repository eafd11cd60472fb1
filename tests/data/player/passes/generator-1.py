import random

seed = int(input())
random.seed(seed)
n = 1 + seed % 9
print(n, random.randint(1, 5), random.randint(1, 12), random.randint(1, 25))
print(*sorted(random.sample(range(1, 50), n)))
