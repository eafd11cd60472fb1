import sys


def valid(tokens):
    numbers = [int(token) for token in tokens]
    n = numbers[0]
    bounded = all(1 <= number <= 10**9 for number in numbers[1:])
    return 2 <= n <= 2000 and len(numbers) == n + 2 and bounded


try:
    sys.exit(0 if valid(sys.stdin.read().split()) else 1)
except (ValueError, IndexError):
    sys.exit(1)
