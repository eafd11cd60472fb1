def check(input_text, output_text, reference_text):
    data = input_text.split()
    n = int(data[0])
    wins = [int(token) for token in data[1 : n + 1]]
    try:
        out = [int(token) for token in output_text.split()]
    except ValueError:
        return False, None
    if out == [-1]:
        return True, 0
    if n == 1:
        return out == [1] and wins == [0], 1
    if len(out) != n or len(set(out)) != n or min(out) < 1 or max(out) > n:
        return False, None
    level = [(player, 0) for player in out]
    while len(level) > 1:
        after = []
        for index in range(0, len(level), 2):
            players = [player for player, _ in level[index : index + 2]]
            round_number = level[index][1]
            losers = [player for player in players if wins[player - 1] == round_number]
            if len(losers) != 1:
                return False, None
            winner = players[0] if players[1] == losers[0] else players[1]
            if wins[winner - 1] <= round_number:
                return False, None
            after.append((winner, round_number + 1))
        level = after
    if wins[level[0][0] - 1] != level[0][1]:
        return False, None
    bits = max(1, n.bit_length())
    value = 0
    for player in out:
        value = (value << bits) | (n - player)
    return True, 1 + value
