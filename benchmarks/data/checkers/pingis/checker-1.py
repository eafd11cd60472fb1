# Right is -1 where no order exists, or a permutation whose tournament gives each player exactly the
# wins that are stated; the lexicographically smallest one is the best. In each round, of two
# players who meet, the one with no wins left loses, and the other one must have some left.


def played(order, wins):
    standing = list(order)
    done = 0
    while len(standing) > 1:
        following = []
        for a, b in zip(standing[::2], standing[1::2]):
            # Both have won all rounds so far; who has exactly that many wins has lost now.
            if (wins[a] == done) == (wins[b] == done):
                return False
            following.append(b if wins[a] == done else a)
        standing = following
        done += 1
    return wins[standing[0]] == done


def check(input_text, output_text, reference_text):
    data = list(map(int, input_text.split()))
    n, wins = data[0], data[1:]
    tokens = output_text.split()
    if tokens == ["-1"]:
        return True, 0
    if len(tokens) != n:
        return False, None
    try:
        order = [int(token) - 1 for token in tokens]
    except ValueError:
        return False, None
    if sorted(order) != list(range(n)) or not played(order, wins):
        return False, None
    value = 0
    for player in order:
        value = value * n + (n - player)
    return True, 1 + value
