n = int(input())
best = -1001
records = 0
for temperature in map(int, input().split()):
    if temperature > best:
        best = temperature
        records += 1
print(records)
