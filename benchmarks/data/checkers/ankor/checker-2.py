from decimal import Context, Decimal, InvalidOperation

EXACT = Context(prec=200)


def check(input_text, output_text, reference_text):
    numbers = list(map(int, input_text.split()))
    n = numbers[0]
    ducks = list(zip(numbers[1 : 1 + 4 * n : 2], numbers[2 : 2 + 4 * n : 2]))
    out = output_text.split()
    if len(out) == 1:
        return out[0] == "impossible", 0
    if len(out) != 2:
        return False, None
    line = []
    for token in out:
        if len(token) > 50 or not all(char in "0123456789+-.eE" for char in token):
            return False, None
        try:
            value = Decimal(token)
        except InvalidOperation:
            return False, None
        if not value.is_finite() or abs(value.adjusted()) > 60:
            return False, None
        line.append(value)
    k, m = line
    above = 0
    for x, y in ducks:
        if Decimal(y) > EXACT.add(EXACT.multiply(k, Decimal(x)), m):
            above += 1
    return above == n, 1
