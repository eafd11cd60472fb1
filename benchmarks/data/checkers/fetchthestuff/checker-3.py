import sys


def components(n, edges):
    """Kosaraju, without recursion: the number of each part's component, in topological order."""
    forward = [[] for _ in range(n + 1)]
    backward = [[] for _ in range(n + 1)]
    for a, b in edges:
        forward[a].append(b)
        backward[b].append(a)
    seen = [False] * (n + 1)
    order = []
    for start in range(1, n + 1):
        if seen[start]:
            continue
        seen[start] = True
        stack = [(start, iter(forward[start]))]
        while stack:
            v, rest = stack[-1]
            for w in rest:
                if not seen[w]:
                    seen[w] = True
                    stack.append((w, iter(forward[w])))
                    break
            else:
                order.append(v)
                stack.pop()
    number = [-1] * (n + 1)
    count = 0
    for start in reversed(order):
        if number[start] >= 0:
            continue
        number[start] = count
        stack = [start]
        while stack:
            for w in backward[stack.pop()]:
                if number[w] < 0:
                    number[w] = count
                    stack.append(w)
        count += 1
    return number, forward


def possible(n, wanted, edges):
    """Whether the wanted parts can be visited in the order of their components."""
    number, forward = components(n, edges)
    places = sorted({*wanted}, key=lambda part: number[part])
    here = 1
    for goal in [*places, n]:
        seen = {here}
        stack = [here]
        while stack and goal not in seen:
            for w in forward[stack.pop()]:
                if w not in seen:
                    seen.add(w)
                    stack.append(w)
        if goal not in seen:
            return False
        here = goal
    return True


def check(input_text, output_text, reference_text):
    data = input_text.split()
    n, m, k = map(int, data[:3])
    wanted = [int(token) for token in data[3 : 3 + k]]
    rest = data[3 + k :]
    edges = []
    for index in range(m):
        q, r, kind = int(rest[3 * index]), int(rest[3 * index + 1]), rest[3 * index + 2]
        edges.append((q, r))
        if kind == "open":
            edges.append((r, q))
    tokens = output_text.split()
    if tokens == ["impossible"]:
        return not possible(n, wanted, edges), None
    if not 1 <= len(tokens) <= 200000:
        return False, None
    try:
        walk = list(map(int, tokens))
    except ValueError:
        return False, None
    doors = set(edges)
    good = walk[0] == 1 and walk[-1] == n
    good = good and all(step in doors for step in zip(walk, walk[1:]))
    return good and set(wanted) <= set(walk), None
