import random

seed = int(input())
random.seed(seed)
n = random.randint(1, 60)
shape = seed % 5
days = [random.randint(-1000, 100000) for _ in range(n)]
if shape == 1:
    days.sort()
elif shape == 2:
    days = [random.choice([-1000, -1]) for _ in range(n)]
elif shape == 3:
    days = [day // 20000 for day in days]
elif shape == 4:
    days = [-1000] * n
print(n)
print(*days)
