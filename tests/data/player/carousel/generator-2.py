import random

seed = int(input())
random.seed(seed)
n = random.randint(2, 40)
top = 10**9 if seed % 2 else 3
queries = [(place, place - 1 or n) for place in random.sample(range(1, n + 1), min(n, 6))]
queries += [(1, n), (n, n), (1, 1)]
print(n, len(queries))
print(*[random.randint(top - 1, top) for _ in range(n)])
for left, right in queries:
    print(left, right)
