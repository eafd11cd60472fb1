# promise: recursion without the interpreter's own limit ends in a crash or at the memory limit
# expect: runtime memory
# limits: cpu 2
import sys

sys.setrecursionlimit(10**9)


def deep(n):
    return [deep(n + 1)]


deep(0)
