from collections import Counter


def check(input_text, output_text, reference_text):
    numbers = [int(x) for x in input_text.split()]
    n, s = numbers[:2]
    price = dict(enumerate(numbers[2 : n + 2], start=1))
    out = output_text.split()

    # Special case: no pair. Two equal prices of s / 2 need two different items.
    count = Counter(price.values())
    possible = any(
        (count[s - value] if s - value != value else number - 1) > 0
        for value, number in list(count.items())
        if s - value in count
    )
    if not possible:
        return out == ["impossible"], None

    if len(out) != 2:
        return False, None
    try:
        a, b = (int(token) for token in out)
    except ValueError:
        return False, None
    valid = a in price and b in price and a != b and price[a] + price[b] == s
    return valid, None
