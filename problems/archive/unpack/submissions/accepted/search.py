# Looks the place up among the ends of the blocks.
from bisect import bisect_left
from itertools import accumulate

n, k = map(int, input().split())
blocks = [input().split() for _ in range(n)]
ends = list(accumulate(int(count) for _, count in blocks))
at = bisect_left(ends, k)
print(blocks[at][0] if at < n else "-")
