# The most groups among those that end first, by dynamic programming.
from bisect import bisect_right

n = int(input())
meetings = sorted((tuple(map(int, input().split())) for _ in range(n)), key=lambda m: m[1])
ends = [end for _, end in meetings]
most = [0]
for i, (start, _) in enumerate(meetings):
    most.append(max(most[-1], 1 + most[bisect_right(ends, start, 0, i)]))
print(most[n])
