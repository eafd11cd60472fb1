# Takes the house with the most neighbours for the largest village.
n, m = map(int, input().split())
near = {house: {house} for house in range(1, n + 1)}
label = {house: house for house in near}
villages = n
for _ in range(m):
    a, b = map(int, input().split())
    near[a].add(b)
    near[b].add(a)
    while label[a] != a:
        a = label[a]
    while label[b] != b:
        b = label[b]
    if a != b:
        label[a] = b
        villages -= 1
print(villages, max(map(len, near.values())))
