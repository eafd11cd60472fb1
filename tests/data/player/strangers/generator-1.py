import random

seed = int(input())
random.seed(seed)
print(1 + (seed - 1) % 40)
