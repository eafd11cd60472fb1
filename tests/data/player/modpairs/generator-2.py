import random

seed = int(input())
random.seed(seed)
n = random.randint(2, 60)
k = random.choice([1, 2, 1000, 999999937, 10**9])
rests = [random.randrange(k) for _ in range(3)]
values = []
for _ in range(n):
    rest = random.choice([0, *rests, *[(k - each) % k for each in rests]])
    values.append(min(10**9, rest + k * random.randint(0, (10**9 - rest) // k)))
print(n, k)
print(*values)
