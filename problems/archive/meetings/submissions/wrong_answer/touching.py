# Wants a pause between two groups.
n = int(input())
meetings = sorted((tuple(map(int, input().split())) for _ in range(n)), key=lambda m: m[1])
last = -1
count = 0
for start, end in meetings:
    if start > last:
        last = end
        count += 1
print(count)
