import random

seed = int(input())
random.seed(seed)
room, m = random.choice([1, 7, 10**9]), random.randint(1, 50)
print(room, m)
for number in range(m):
    k = random.choice([1, room, min(10**9, room + 1), random.randint(1, 10**9)])
    print("leave" if number % (2 + seed % 3) == 1 else "enter", k)
