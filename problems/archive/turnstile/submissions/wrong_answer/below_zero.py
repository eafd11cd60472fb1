# Lets more people leave than are inside.
capacity, m = map(int, input().split())
inside = home = 0
for _ in range(m):
    kind, size = input().split()
    k = int(size)
    if kind == "leave":
        inside -= k
    elif inside + k <= capacity:
        inside += k
    else:
        home += k
print(max(inside, 0), home)
