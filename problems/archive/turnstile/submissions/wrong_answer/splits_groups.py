# Lets a part of a group in.
capacity, m = map(int, input().split())
inside = home = 0
for _ in range(m):
    kind, size = input().split()
    k = int(size)
    if kind == "leave":
        inside = max(0, inside - k)
    else:
        fits = min(k, capacity - inside)
        inside += fits
        home += k - fits
print(inside, home)
