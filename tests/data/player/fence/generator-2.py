import random

seed = int(input())
random.seed(seed)
wide, high = random.randint(1, 10 ** (seed % 7)), random.randint(1, 10 ** (seed % 6))
x, y = random.randint(-(10**6), 10**6 - wide), random.randint(-(10**6), 10**6 - high)
corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]
if seed % 3 == 0:
    corners.pop()
print(len(corners))
for corner in corners[:: random.choice([1, -1])]:
    print(*corner)
