# Starts the record at zero: wrong while it freezes.
n = int(input())
best = 0
records = 0
for temperature in map(int, input().split()):
    if temperature > best:
        best = temperature
        records += 1
print(max(records, 1))
