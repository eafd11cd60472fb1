# Has room for 100 days only.
n = int(input())
t = list(map(int, input().split()))
record = [0] * 100
for i in range(n):
    record[i] = int(i == 0 or t[i] > max(t[:i]))
print(sum(record))
