# Adds the areas under the sides.
from math import sqrt

n = int(input())
corners = [tuple(map(int, input().split())) for _ in range(n)]
corners.append(corners[0])
length = area = 0.0
for (x, y), (u, v) in zip(corners, corners[1:]):
    length += sqrt((x - u) ** 2 + (y - v) ** 2)
    area += (u - x) * (y + v) / 2
print(f"{length:.9f} {abs(area):.9f}")
