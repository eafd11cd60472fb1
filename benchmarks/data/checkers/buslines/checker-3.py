def check(input_text, output_text, reference_text):
    n, m = map(int, input_text.split())
    # Sums lie between 3 and 2n - 1: at most 2n - 3 edges. A connected graph has at least n - 1.
    # Between these there always is one: a path-like chain of sums 3, 4, 5, ... (1-2, 1-3, 1-4 ...
    # and then n with the rest) is connected for n - 1 edges and may be extended one by one.
    possible = n - 1 <= m <= 2 * n - 3
    tokens = output_text.split()
    if tokens == ["-1"]:
        return not possible, None
    if len(tokens) != 2 * m:
        return False, None
    try:
        numbers = list(map(int, tokens))
    except ValueError:
        return False, None
    group = {v: {v} for v in range(1, n + 1)}
    seen = set()
    for k in range(0, len(numbers), 2):
        a, b = numbers[k], numbers[k + 1]
        if a not in group or b not in group or a == b:
            return False, None
        if a + b in seen:
            return False, None
        seen.add(a + b)
        if group[a] is not group[b]:
            small, large = sorted((group[a], group[b]), key=len)
            large |= small
            for v in small:
                group[v] = large
    return len(group[1]) == n, None
