# Recurses a million levels deep.
def strings(n):
    return 2 * (strings(n - 1) + strings(n - 2)) % 1000000007 if n > 1 else [1, 3][n]


import functools

strings = functools.cache(strings)
print(strings(int(input())))
