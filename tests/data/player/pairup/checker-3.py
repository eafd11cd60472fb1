def has_pair(prices, s):
    seen = set()
    for price in prices:
        if s - price in seen:
            return True
        seen.add(price)
    return False


def check(input_text, output_text, reference_text):
    lines = input_text.split("\n")
    n, s = map(int, lines[0].split())
    prices = list(map(int, " ".join(lines[1:]).split()))[:n]
    answer = output_text.split()
    if answer == ["impossible"]:
        # The claim that there is no pair is easy to look at again.
        return not has_pair(prices, s), None
    if len(answer) != 2:
        return False, None
    for token in answer:
        if not (token.isascii() and token.isdigit()):
            return False, None
    i, j = int(answer[0]), int(answer[1])
    if i == j or i < 1 or j < 1 or i > n or j > n:
        return False, None
    return prices[i - 1] + prices[j - 1] == s, None
