# Reads numbers of one digit only.
packed = input()
k = int(input())
answer = "-"
i = 0
while i < len(packed):
    letter = packed[i]
    count = 1
    i += 1
    if i < len(packed) and packed[i].isdigit():
        count = int(packed[i])
        i += 1
        while i < len(packed) and packed[i].isdigit():
            i += 1
    if k <= count:
        answer = letter
        break
    k -= count
print(answer)
