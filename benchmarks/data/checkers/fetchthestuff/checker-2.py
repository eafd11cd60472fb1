def check(input_text, output_text, reference_text):
    lines = input_text.strip().split("\n")
    n, m, k = map(int, lines[0].split())
    needed = list(map(int, lines[1].split()))
    go = [set() for _ in range(n + 1)]
    for line in lines[2 : 2 + m]:
        q, r, state = line.split()
        q, r = int(q), int(r)
        go[q].add(r)
        if state == "open":
            go[r].add(q)
    out = output_text.split()
    if len(out) == 0:
        return False, None
    if out[0] == "impossible":
        return len(out) == 1, 0
    if len(out) > 2 * 10**5:
        return False, None
    walk = []
    for token in out:
        if not (token.isascii() and token.isdigit()) or len(token) > 9:
            return False, None
        part = int(token)
        if part < 1 or part > n:
            return False, None
        walk.append(part)
    if walk[0] != 1 or walk[-1] != n:
        return False, None
    for here, there in zip(walk, walk[1:]):
        if there not in go[here]:
            return False, None
    visited = set(walk)
    return all(part in visited for part in needed), 1
