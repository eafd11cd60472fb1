# Forgets that the two items must differ.


def check(input_text, output_text, reference_text):
    data = list(map(int, input_text.split()))
    n, s, prices = data[0], data[1], data[2:]
    tokens = output_text.split()
    if tokens == ["impossible"]:
        return True, 0
    try:
        i, j = map(int, tokens)
    except ValueError:
        return False, None
    if not (1 <= i <= n and 1 <= j <= n):
        return False, None
    return prices[i - 1] + prices[j - 1] == s, 1
