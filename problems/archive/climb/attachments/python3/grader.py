import sys

from climb import longest_climb

n, *heights = map(int, sys.stdin.read().split())
print(longest_climb(heights))
