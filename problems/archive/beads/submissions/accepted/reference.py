n = int(input())
red, other = 1, 2
for _ in range(n - 1):
    red, other = other, 2 * (red + other) % 1000000007
print((red + other) % 1000000007)
