n, m = int(input()), int(input())
steps = -1
while n:
    steps += 1 + (n % m > 0)
    n //= m
print(steps)
