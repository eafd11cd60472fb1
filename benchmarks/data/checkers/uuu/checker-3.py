def check(input_text, output_text, reference_text):
    first = input_text.split()
    n, m = int(first[0]), int(first[1])
    rows = [line.split() for line in output_text.splitlines() if line.strip()]
    # One edge a line, as the statement says.
    if len(rows) != m or any(len(row) != 2 for row in rows):
        return False, None
    seen = [[False] * (n + 1) for _ in range(n + 1)]
    for row in rows:
        try:
            u, v = int(row[0]), int(row[1])
        except ValueError:
            return False, None
        if u < 1 or v < 1 or u > n or v > n or u == v or seen[u][v]:
            return False, None
        seen[u][v] = seen[v][u] = True
    return True, None
