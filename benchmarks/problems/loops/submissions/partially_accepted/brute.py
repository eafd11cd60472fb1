"""Search over (vertex, counter modulo M, tickets used)."""

import sys


def main():
    data = list(map(int, sys.stdin.read().split()))
    n, m, q = data[:3]
    at = 3
    out = [[] for _ in range(n + 1)]
    for _ in range(m):
        u, v, w = data[at : at + 3]
        at += 3
        out[u].append((v, w))
    for _ in range(q):
        start, c, mod = data[at : at + 3]
        at += 3
        seen = {(start, c % mod, 0)}
        todo = list(seen)
        while todo:
            x, t, used = todo.pop()
            for y, w in out[x]:
                nexts = [(y, (t + w) % mod, used)]
                if used == 0:
                    nexts.append((y, (t + 2 * w) % mod, 1))
                if used == 1:
                    nexts.append((y, t, 2))
                for state in nexts:
                    if state not in seen:
                        seen.add(state)
                        todo.append(state)
        print(min(t for x, t, used in seen if x == start))


main()
