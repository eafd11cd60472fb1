# Right is "-1" (if there is no graph), or exactly m lines a b with 1 <= a, b <= n, all sums a + b
# different, and the graph connected. The statement does not speak of loops; an edge joins two
# stations ("each line connects two stations"), so a loop is no line between two stations.


def check(input_text, output_text, reference_text):
    n, m = map(int, input_text.split()[:2])
    tokens = output_text.split()
    if tokens == ["-1"]:
        return True, 0
    if len(tokens) != 2 * m:
        return False, None
    try:
        values = [int(token) for token in tokens]
    except ValueError:
        return False, None
    if any(not 1 <= value <= n for value in values):
        return False, None
    parent = list(range(n + 1))

    def find(x):
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    sums = set()
    for a, b in zip(values[::2], values[1::2]):
        if a == b or a + b in sums:
            return False, None
        sums.add(a + b)
        parent[find(a)] = find(b)
    root = find(1)
    return all(find(v) == root for v in range(1, n + 1)), 1
