# Tries all sets of edges.
q, c, w = map(int, input().split())
weight, edges = [w], []
for _ in range(q):
    p, length, a, b, m = map(int, input().split())
    for j in range(1, length + 1):
        edges.append((p - 1 if j == 1 else len(weight) - 1, len(weight)))
        weight.append((a + b * j) % m)
n = len(weight)


def value(mask):
    near = [[] for _ in range(n)]
    for i, (x, y) in enumerate(edges):
        if mask >> i & 1:
            near[x].append(y)
            near[y].append(x)
    if max(map(len, near)) > 2:
        return None
    total = 0
    for x in range(n):
        if not near[x]:
            total += c
        elif len(near[x]) == 1:
            last, y = x, near[x][0]
            while len(near[y]) == 2:
                last, y = y, near[y][0] + near[y][1] - last
            if x < y:
                total += abs(weight[x] - weight[y])
    return total


if n > 12:
    print(-1, -1)
else:
    values = [v for v in map(value, range(1 << (n - 1))) if v is not None]
    print(max(values), values.count(max(values)))
