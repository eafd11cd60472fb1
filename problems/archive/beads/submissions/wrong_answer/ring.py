# Closes the string: first and last bead are neighbours, too.
def strings(n):
    red, other = 1, 2
    for _ in range(n - 1):
        red, other = other, 2 * (red + other) % 1000000007
    return (red + other) % 1000000007


n = int(input())
if n <= 3:
    print([3, 8, 20][n - 1])
else:
    print((2 * strings(n - 1) + 4 * strings(n - 3)) % 1000000007)
