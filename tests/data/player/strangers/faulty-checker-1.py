# Forgets that the last two guests of the row sit next to each other.


def check(input_text, output_text, reference_text):
    n = int(input_text.split()[0])
    tokens = output_text.split()
    if tokens == ["-1"]:
        return True, 0
    try:
        order = list(map(int, tokens))
    except ValueError:
        return False, None
    if sorted(order) != list(range(1, n + 1)):
        return False, None
    return all(abs(order[k] - order[k + 1]) > 1 for k in range(n - 2)), 1
