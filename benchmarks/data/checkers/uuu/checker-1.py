# Exactly M edges u v with 1 <= u, v <= N, no loops, no edge twice (in either direction). How slow
# the attached code is on them cannot be said here: the code is not in the statement.


def check(input_text, output_text, reference_text):
    n, m = map(int, input_text.split()[:2])
    tokens = output_text.split()
    if len(tokens) != 2 * m:
        return False, None
    try:
        ends = [int(token) for token in tokens]
    except ValueError:
        return False, None
    edges = set()
    for u, v in zip(ends[::2], ends[1::2]):
        if not (1 <= u <= n and 1 <= v <= n) or u == v:
            return False, None
        edge = (min(u, v), max(u, v))
        if edge in edges:
            return False, None
        edges.add(edge)
    return True, None
