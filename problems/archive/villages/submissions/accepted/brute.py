# Repaints one of the two villages whole for each footpath.
n, m = map(int, input().split())
colour = list(range(n + 1))
for _ in range(m):
    a, b = map(int, input().split())
    old, new = colour[a], colour[b]
    for house in range(n + 1):
        if colour[house] == old:
            colour[house] = new
print(len(set(colour[1:])))
