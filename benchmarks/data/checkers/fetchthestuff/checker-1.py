# What the statement demands of a walk: at most 200000 parts, it begins at 1, ends at n, each step
# goes through a door (an open one either way, a locked one from q to r), and all k parts are on it.
# "impossible" cannot be better than a walk.


def check(input_text, output_text, reference_text):
    data = input_text.split()
    n, m, k = int(data[0]), int(data[1]), int(data[2])
    wanted = set(map(int, data[3 : 3 + k]))
    steps = set()
    at = 3 + k
    for _ in range(m):
        q, r, kind = int(data[at]), int(data[at + 1]), data[at + 2]
        at += 3
        steps.add((q, r))
        if kind == "open":
            steps.add((r, q))
    tokens = output_text.split()
    if tokens == ["impossible"]:
        return True, 0
    if not tokens or len(tokens) > 200000:
        return False, None
    try:
        walk = [int(token) for token in tokens]
    except ValueError:
        return False, None
    if walk[0] != 1 or walk[-1] != n:
        return False, None
    for pair in zip(walk, walk[1:]):
        if pair not in steps:
            return False, None
    return wanted <= set(walk), 1
