import random

seed = int(input())
random.seed(seed)
n = 1 + seed % 9
print(n)
for _ in range(n):
    start = random.randint(0, 8)
    print(start, random.randint(start + 1, start + 4))
