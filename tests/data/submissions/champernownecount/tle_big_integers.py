n, k = map(int, input().split())
word = count = 0
for i in range(1, n + 1):
    word = word * 10 ** len(str(i)) + i
    count += word % k == 0
print(count)
