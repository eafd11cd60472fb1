import re

packed = input()
k = int(input())
answer = "-"
for letter, count in re.findall(r"([a-z])(\d*)", packed):
    k -= int(count or 1)
    if k <= 0:
        answer = letter
        break
print(answer)
