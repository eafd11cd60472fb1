points = input()
wins = []
for k in range(1, len(points) + 1):
    alice = bob = ahead = 0
    for c in points:
        if c == "A":
            alice += 1
            ahead += alice % k == 0
        else:
            bob += 1
            ahead -= bob % k == 0
    if ahead > 0:
        wins.append(k)
print(len(wins))
print(*wins)
