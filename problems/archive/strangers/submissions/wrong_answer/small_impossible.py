# Believes that 1 and 4 are impossible, too.
n = int(input())
if n <= 4:
    print(-1)
else:
    print(*range(1, n + 1, 2), *range(2, n + 1, 2))
