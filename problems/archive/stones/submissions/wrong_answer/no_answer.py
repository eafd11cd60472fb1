# Prints the answer without its mark.
best = 1
for stone in range(2, int(input()) + 1):
    print("?", best, stone, flush=True)
    best = int(input())
print(best)
