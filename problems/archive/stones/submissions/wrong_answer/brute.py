# Compares all pairs.
n = int(input())
wins = [0] * (n + 1)
for a in range(1, n + 1):
    for b in range(1, a):
        print("?", a, b, flush=True)
        wins[int(input())] += 1
print("!", max(range(1, n + 1), key=wins.__getitem__), flush=True)
