def check(input_text, output_text, reference_text):
    n, m = (int(x) for x in input_text.split())
    out = output_text.split()
    if len(out) == 1 and out[0] == "-1":
        return True, 0
    if len(out) != 2 * m:
        return False, None
    for token in out:
        if not (token.isascii() and token.isdigit()) or len(token) > 6:
            return False, None
    ends = [int(token) for token in out]
    if min(ends) < 1 or max(ends) > n:
        return False, None
    edges = [(ends[2 * k], ends[2 * k + 1]) for k in range(m)]
    if any(a == b for a, b in edges):
        return False, None
    if len({a + b for a, b in edges}) != m:
        return False, None
    neighbours = {v: [] for v in range(1, n + 1)}
    for a, b in edges:
        neighbours[a].append(b)
        neighbours[b].append(a)
    reached, stack = {1}, [1]
    while stack:
        for w in neighbours[stack.pop()]:
            if w not in reached:
                reached.add(w)
                stack.append(w)
    return len(reached) == n, 1
