from collections import Counter


def possible(n, wins):
    """In a tournament of n = 2^r players n/2 win no match, n/4 one, ..., one wins r - 1 and one r."""
    rounds = n.bit_length() - 1
    wanted = {won: n >> (won + 1) for won in range(rounds)}
    wanted[rounds] = 1
    return Counter(wins) == Counter(wanted)


def check(input_text, output_text, reference_text):
    data = list(map(int, input_text.split()))
    n, wins = data[0], data[1 : 1 + data[0]]
    tokens = output_text.split()
    if tokens == ["-1"]:
        return not possible(n, wins), 0
    if len(tokens) != n:
        return False, None
    try:
        order = [int(token) for token in tokens]
    except ValueError:
        return False, None
    if sorted(order) != list(range(1, n + 1)):
        return False, None
    left = [(wins[player - 1], player) for player in order]
    while len(left) > 1:
        winners = []
        for (a, i), (b, j) in zip(left[::2], left[1::2]):
            if min(a, b) != 0 or max(a, b) == 0:
                return False, None
            winners.append((a - 1, i) if a else (b - 1, j))
        left = winners
    if left[0][0] != 0:
        return False, None
    key = 0
    for player in order:
        key = key * (n + 1) + player
    return True, -key
