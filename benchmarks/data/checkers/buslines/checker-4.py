def check(input_text, output_text, reference_text):
    n, m = map(int, input_text.split()[:2])
    lines = [line.split() for line in output_text.strip().splitlines() if line.strip()]
    flat = [token for line in lines for token in line]
    if flat == ["-1"]:
        return True, 0
    try:
        flat = [int(token) for token in flat]
    except ValueError:
        return False, None
    if len(flat) != 2 * m:
        return False, None
    used = [False] * (2 * n + 1)
    adjacency = [[] for _ in range(n + 1)]
    for i in range(m):
        a, b = flat[2 * i], flat[2 * i + 1]
        if a < 1 or a > n or b < 1 or b > n:
            return False, None
        if used[a + b]:
            return False, None
        used[a + b] = True
        adjacency[a].append(b)
        adjacency[b].append(a)
    mark = [False] * (n + 1)
    mark[1] = True
    todo = [1]
    while todo:
        v = todo.pop()
        for w in adjacency[v]:
            if not mark[w]:
                mark[w] = True
                todo.append(w)
    return all(mark[1:]), 1
