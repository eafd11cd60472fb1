# An output is right if
#  - it is the one word "impossible", and no pair adds up to s, or
#  - it is two different item numbers from 1 to n whose prices add up to s.


def check(input_text, output_text, reference_text):
    data = input_text.split()
    n, s = int(data[0]), int(data[1])
    prices = [int(token) for token in data[2 : 2 + n]]
    tokens = output_text.split()
    if tokens == ["impossible"]:
        return True, 0
    if len(tokens) != 2:
        return False, None
    try:
        i, j = int(tokens[0]), int(tokens[1])
    except ValueError:
        return False, None
    if not (1 <= i <= n and 1 <= j <= n) or i == j:
        return False, None
    if prices[i - 1] + prices[j - 1] != s:
        return False, None
    return True, 1
