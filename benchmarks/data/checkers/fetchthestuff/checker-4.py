def check(input_text, output_text, reference_text):
    it = iter(input_text.split())
    n, m, k = int(next(it)), int(next(it)), int(next(it))
    missing = {int(next(it)) for _ in range(k)}
    doors = {}
    for _ in range(m):
        q, r, state = int(next(it)), int(next(it)), next(it)
        doors[q, r] = True
        # There may be several doors between two parts: one open one is enough.
        if state == "open":
            doors[r, q] = True
    words = output_text.split()
    if [word.lower() for word in words] == ["impossible"]:
        return words == ["impossible"], 0
    if not words or len(words) > 200_000:
        return False, None
    previous = None
    for word in words:
        if not word.isdigit():
            return False, None
        part = int(word)
        if previous is None:
            if part != 1:
                return False, None
        elif (previous, part) not in doors:
            return False, None
        missing.discard(part)
        previous = part
    return previous == n and not missing, 1
