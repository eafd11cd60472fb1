# Keeps the groups inside as a list, and lets people leave group by group.
capacity, m = map(int, input().split())
groups = []
home = []
for _ in range(m):
    kind, size = input().split()
    k = int(size)
    if kind == "enter":
        (groups if sum(groups) + k <= capacity else home).append(k)
        continue
    while groups and k > 0:
        gone = min(groups[-1], k)
        k -= gone
        groups[-1] -= gone
        if groups[-1] == 0:
            groups.pop()
print(sum(groups), sum(home))
