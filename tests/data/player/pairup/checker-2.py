import re

NUMBER = re.compile(r"[0-9]{1,9}")


def check(input_text, output_text, reference_text):
    values = list(map(int, input_text.split()))
    n, s, prices = values[0], values[1], values[2:]
    if len(prices) < n:
        return False, None
    tokens = output_text.split()
    if len(tokens) == 1:
        return tokens[0] == "impossible", 0
    if len(tokens) != 2 or not all(NUMBER.fullmatch(token) for token in tokens):
        return False, None
    first, second = map(int, tokens)
    if first == second:
        return False, None
    if min(first, second) < 1 or max(first, second) > n:
        return False, None
    return prices[first - 1] + prices[second - 1] == s, 1
