import random

seed = int(input())
random.seed(seed)
n = random.randint(1, 60)
prices = random.choice([(1, 7, 30), (10**9, 10**9, 10**9), (2, 3, 4), (10**9, 1, 10**9), (5, 9, 9)])
days, day = [], random.randint(1, 10)
for _ in range(n):
    days.append(day)
    day += random.choice([1, 1, 1, 6, 7, 8, 29, 30, 31])
print(n, *prices)
print(*days)
