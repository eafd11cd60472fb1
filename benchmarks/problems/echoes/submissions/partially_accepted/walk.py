# Walks along each sequence until a value comes again.
from math import gcd


def find(m, a, b, s, t):
    seen = {}
    x = s
    while x not in seen:
        seen[x] = len(seen)
        x = (a * x + b) % m
    if t not in seen:
        return None
    first = seen[t]
    return (first, len(seen) - seen[x] if first >= seen[x] else 0)


def count(n, h, k):
    if h is None or k is None:
        return 0
    (r, p), (q, d) = h, k
    if p == 0:
        (r, p), (q, d) = (q, d), (r, p)
    if d == 0:
        if q > n or q < r:
            return 0
        return int((q - r) % p == 0) if p else int(q == r)
    x = max(r, q)
    while (x - r) % p:
        x += 1
    # now x is an index of the first; step by p until of the second
    g = gcd(p, d)
    for _ in range(d // g):
        if (x - q) % d == 0:
            break
        x += p
    else:
        return 0
    return (n - x) // (p * d // g) + 1 if x <= n else 0


for _ in range(int(input())):
    n = int(input())
    one = list(map(int, input().split()))
    two = list(map(int, input().split()))
    if max(one[0], two[0]) > 10**5:
        print(-1)
    else:
        print(count(n, find(*one), find(*two)))
