stones = list(range(1, int(input()) + 1))
while len(stones) > 1:
    a, b, *rest = stones
    print("?", a, b, flush=True)
    stones = [*rest, int(input())]
print("!", stones[0], flush=True)
