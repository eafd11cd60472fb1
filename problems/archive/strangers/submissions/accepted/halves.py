n = int(input())
if n == 1:
    print(1)
elif n < 4:
    print(-1)
else:
    # Middle, first, one after the middle, second, ...: neighbours are about n / 2 apart.
    half = n // 2
    order = []
    for i in range(1, half + 1):
        order += [half + i, i]
    if n % 2:
        order = [n, *order] if n > 5 else [2, 4, 1, 3, 5]
    elif n == 4:
        order = [3, 1, 4, 2]
    print(*order)
