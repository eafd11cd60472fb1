def check(input_text, output_text, reference_text):
    n = int(input_text.split()[0])
    out = output_text.split()
    if n in (2, 3):
        return out == ["-1"], None
    try:
        order = list(map(int, out))
    except ValueError:
        return False, None
    if n == 1:
        return order == [1], None
    if len(order) != n or set(order) != set(range(1, n + 1)):
        return False, None
    previous = None
    for guest in order:
        if previous is not None and -2 < guest - previous < 2:
            return False, None
        previous = guest
    return True, None
