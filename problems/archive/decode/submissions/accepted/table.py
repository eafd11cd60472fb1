text = input().strip()
letters = {str(number) for number in range(1, 27)}
ways = [1]
for end in range(1, len(text) + 1):
    count = ways[-1] * (text[end - 1] in letters)
    if end > 1:
        count += ways[-2] * (text[end - 2 : end] in letters)
    ways.append(count % 1000000007)
print(ways[-1])
