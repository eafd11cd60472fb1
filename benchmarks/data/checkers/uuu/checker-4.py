def check(input_text, output_text, reference_text):
    n, m = map(int, input_text.split())
    tokens = output_text.split()
    if m == 0:
        return not tokens, None
    if len(tokens) % 2 or len(tokens) // 2 != m:
        return False, None
    known = set()
    for index in range(m):
        try:
            u = int(tokens[2 * index])
            v = int(tokens[2 * index + 1])
        except ValueError:
            return False, None
        if u == v:
            return False, None
        for end in (u, v):
            if end < 1 or end > n:
                return False, None
        if (u, v) in known or (v, u) in known:
            return False, None
        known.add((u, v))
    return True, None
