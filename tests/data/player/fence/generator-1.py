import random

seed = int(input())
random.seed(seed)
# Corners in the order of their angle around the middle: the sides cannot cross.
import math

corners = set()
while len(corners) < 3 + seed % 6:
    corners.add((random.randint(-9, 9), random.randint(-9, 9)))
n = len(corners)
middle = (sum(x for x, _ in corners) / n + 0.0137, sum(y for _, y in corners) / n + 0.0071)
order = sorted(corners, key=lambda one: math.atan2(one[1] - middle[1], one[0] - middle[0]))
if seed % 2:
    order.reverse()
print(n)
for x, y in order:
    print(x, y)
