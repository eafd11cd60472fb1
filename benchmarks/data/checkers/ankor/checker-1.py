# The output is "impossible", or two decimal numbers k and m of at most 50 characters each. With them
# exactly n of the 2n ducks have y > kx + m (one on the line counts as below). Exact arithmetic:
# k = K / 10^d, m = M / 10^d, so y > kx + m if and only if y * 10^d > K * x + M.
import re

NUMBER = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?")


def scaled(token, digits):
    sign, whole, part = NUMBER.fullmatch(token).groups()
    part = (part or "").ljust(digits, "0")
    value = int((whole or "0") + part)
    return -value if sign == "-" else value


def check(input_text, output_text, reference_text):
    data = input_text.split()
    n = int(data[0])
    xs = list(map(int, data[1 : 1 + 4 * n : 2]))
    ys = list(map(int, data[2 : 2 + 4 * n : 2]))
    tokens = output_text.split()
    if tokens == ["impossible"]:
        return True, 0
    if len(tokens) != 2 or any(len(token) > 50 for token in tokens):
        return False, None
    for token in tokens:
        found = NUMBER.fullmatch(token)
        if not found or not (found[2] or found[3]):
            return False, None
    digits = max(len(token.partition(".")[2]) for token in tokens)
    k, m = (scaled(token, digits) for token in tokens)
    unit = 10**digits
    above = sum(1 for x, y in zip(xs, ys) if y * unit > k * x + m)
    return above == n, 1
