# Prints a negative area for one of the two directions.
from math import dist

n = int(input())
c = [tuple(map(int, input().split())) for _ in range(n)]
print(
    sum(dist(c[i], c[i - 1]) for i in range(n)),
    sum(c[i - 1][0] * c[i][1] - c[i][0] * c[i - 1][1] for i in range(n)) / 2,
)
