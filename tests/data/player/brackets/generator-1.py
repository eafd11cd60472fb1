import random

seed = int(input())
random.seed(seed)
size = 1 + seed % 12
print("".join(random.choice("()[]") for _ in range(size)))
