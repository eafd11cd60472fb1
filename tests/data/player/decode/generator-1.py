import random

seed = int(input())
random.seed(seed)
size = 1 + seed % 10
print("".join(random.choice("0123456789") for _ in range(size)))
