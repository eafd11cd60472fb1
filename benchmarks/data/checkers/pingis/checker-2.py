def check(input_text, output_text, reference_text):
    it = iter(input_text.split())
    n = int(next(it))
    wins = [0] + [int(next(it)) for _ in range(n)]
    out = output_text.split()
    if out == ["-1"]:
        return True, -1
    if len(out) != n or not all(x.isascii() and x.isdigit() and len(x) < 9 for x in out):
        return False, None
    order = list(map(int, out))
    if set(order) != set(range(1, n + 1)):
        return False, None
    won = [0] * (n + 1)
    alive = order
    while len(alive) > 1:
        winners = []
        for i in range(0, len(alive), 2):
            a, b = alive[i], alive[i + 1]
            winner = a if wins[a] - won[a] > wins[b] - won[b] else b
            won[winner] += 1
            winners.append(winner)
        alive = winners
    if won != wins:
        return False, None
    # The smaller the permutation the better: its digits to the base n + 1, turned round.
    value = 0
    for player in order:
        value = value * (n + 1) + (n - player)
    return True, value
