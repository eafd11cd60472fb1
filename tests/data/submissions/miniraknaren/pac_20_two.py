n, m = int(input()), int(input())
print(bin(n).count("1") + len(bin(n)) - 3)
