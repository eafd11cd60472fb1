from fractions import Fraction


def number(token):
    body = token[1:] if token[:1] in "+-" else token
    whole, dot, part = body.partition(".")
    if not (whole + part).isdigit() or not (whole + part).isascii():
        return None
    return Fraction(token if not token.endswith(".") else token + "0")


def check(input_text, output_text, reference_text):
    lines = input_text.split("\n")
    n = int(lines[0])
    ducks = [tuple(map(int, line.split())) for line in lines[1 : 2 * n + 1]]
    out = output_text.split()
    if out == ["impossible"]:
        return True, 0
    if len(out) != 2:
        return False, None
    if len(out[0]) > 50 or len(out[1]) > 50:
        return False, None
    k, m = number(out[0]), number(out[1])
    if k is None or m is None:
        return False, None
    d = k.denominator * m.denominator
    p, q = k.numerator * m.denominator, m.numerator * k.denominator
    below = 0
    for x, y in ducks:
        # on the line counts as below
        if y * d <= p * x + q:
            below += 1
    return below * 2 == len(ducks), 1
