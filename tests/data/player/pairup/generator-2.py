import random

seed = int(input())
random.seed(seed)
n = random.randint(2, 50)
prices = [random.choice([1, 2, 5 * 10**8, 10**9 - 1, random.randint(1, 10**9)]) for _ in range(n)]
total = min(10**9, random.choice([prices[0] + prices[-1], 2 * prices[0], 10**9, 1]))
print(n, total)
print(*prices)
