# Indexes from 1 into a list that starts at 0.
n = int(input())
weights = [0] * n
best = 1
for stone in range(2, n + 1):
    print("?", best, stone, flush=True)
    best = int(input())
    weights[best] += 1
print("!", best, flush=True)
