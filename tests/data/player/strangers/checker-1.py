# Right is:
#  - "-1", only where there is no order at all (n = 2 and n = 3; for n = 1 the one guest sits alone),
#  - else every number 1..n exactly once, and neighbours differ by at least 2.


def check(input_text, output_text, reference_text):
    n = int(input_text.split()[0])
    tokens = output_text.split()
    if tokens == ["-1"]:
        return True, 0
    if len(tokens) != n:
        return False, None
    try:
        order = [int(token) for token in tokens]
    except ValueError:
        return False, None
    if sorted(order) != list(range(1, n + 1)):
        return False, None
    for left, right in zip(order, order[1:]):
        if abs(left - right) < 2:
            return False, None
    return True, 1
