import random

seed = int(input())
random.seed(seed)
n = random.randint(1, 60)
shapes = [
    [(place, place + 1) for place in range(1, n)],
    [(n, place) for place in range(1, n)],
    [(1, 1)] * 3,
    [(random.randint(1, n), random.randint(1, n)) for _ in range(n // 2)],
    [],
]
paths = shapes[seed % len(shapes)]
print(n, len(paths))
for one, other in paths:
    print(one, other)
