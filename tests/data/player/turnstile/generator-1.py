import random

seed = int(input())
random.seed(seed)
m = 1 + seed % 10
print(random.randint(1, 10), m)
for _ in range(m):
    print(random.choice(["enter", "leave"]), random.randint(1, 12))
