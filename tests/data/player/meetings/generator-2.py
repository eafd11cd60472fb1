import random

seed = int(input())
random.seed(seed)
n = random.randint(2, 30)
top = random.choice([6, 50, 10**9])
print(n)
kept = []
for _ in range(n):
    start = (
        random.choice([one for _, one in kept] or [0]) if seed % 3 else random.randint(0, top - 1)
    )
    start = min(start, top - 1)
    kept.append((start, random.choice([start + 1, top, random.randint(start + 1, top)])))
    print(*kept[-1])
