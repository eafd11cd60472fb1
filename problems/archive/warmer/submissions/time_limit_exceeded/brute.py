# Compares each day with all days before it.
n = int(input())
t = list(map(int, input().split()))
records = 0
for i in range(n):
    warmer = True
    for j in range(i):
        if t[j] >= t[i]:
            warmer = False
    if warmer:
        records += 1
print(records)
