# Forgets the houses without footpaths.
n, m = map(int, input().split())
village = {}
for _ in range(m):
    a, b = map(int, input().split())
    first = village.setdefault(a, {a})
    second = village.setdefault(b, {b})
    if first is not second:
        first |= second
        for house in second:
            village[house] = first
print(len({id(houses) for houses in village.values()}))
