# Compares with the day before only.
n = int(input())
t = list(map(int, input().split()))
print(1 + sum(t[i] > t[i - 1] for i in range(1, n)))
