def possible(n):
    """Odd numbers after even ones (2 4 ... 1 3 ...) is an order from n = 4 on; n = 1 is one guest."""
    return n == 1 or n >= 4


def check(input_text, output_text, reference_text):
    n = int(input_text.strip())
    words = output_text.split()
    if words == ["-1"]:
        return not possible(n), None
    if len(words) != n:
        return False, None
    seats = []
    for word in words:
        try:
            seats.append(int(word))
        except ValueError:
            return False, None
    seen = [False] * (n + 1)
    for guest in seats:
        if guest < 1 or guest > n or seen[guest]:
            return False, None
        seen[guest] = True
    return all(abs(a - b) >= 2 for a, b in zip(seats, seats[1:])), None
