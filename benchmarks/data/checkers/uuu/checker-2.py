def check(input_text, output_text, reference_text):
    n, m = (int(token) for token in input_text.split())
    out = output_text.split()
    if len(out) != 2 * m:
        return False, None
    if not all(token.isascii() and token.isdigit() and len(token) < 9 for token in out):
        return False, None
    values = list(map(int, out))
    if values and (min(values) < 1 or max(values) > n):
        return False, None
    pairs = [frozenset(values[i : i + 2]) for i in range(0, 2 * m, 2)]
    if any(len(pair) != 2 for pair in pairs):
        return False, None
    return len(set(pairs)) == m, None
