from collections import Counter
from fractions import Fraction


def possible(n, ducks):
    """A line that is not vertical can split in order of x, then y, wherever two ducks differ.

    Sorted by (x, y), a very steep line parts the first so many from the rest, whatever their
    number is: with k very large in absolute value the ducks are met in the order of x, and among
    equal x in the order of y (or its reverse). All positions are different, so it always works.
    """
    return len(set(ducks)) == 2 * n


def check(input_text, output_text, reference_text):
    tokens = input_text.split()
    n = int(tokens[0])
    values = list(map(int, tokens[1 : 1 + 4 * n]))
    ducks = list(zip(values[::2], values[1::2]))
    answer = output_text.split()
    if answer == ["impossible"]:
        return not possible(n, ducks), None
    if len(answer) != 2:
        return False, None
    if max(map(len, answer)) > 50:
        return False, None
    try:
        k, m = (Fraction(token) for token in answer)
    except (ValueError, ZeroDivisionError):
        return False, None
    if any("/" in token for token in answer):
        return False, None
    common = k.denominator * m.denominator
    a, b = int(k * common), int(m * common)
    side = Counter(y * common > a * x + b for x, y in ducks)
    return side[True] == n and side[False] == n, None
