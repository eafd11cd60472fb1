n, m = int(input()), int(input())
steps = 0
while n >= m and n > 2 * (m - 1):
    steps += 1 + (n % m > 0)
    n //= m
# Two additions reach 2 (m - 1), one m - 1; a product on the way would cost as much or more.
print(steps + 1 + (n >= m))
