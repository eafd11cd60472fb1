# Reads 06 as 6.
text = input().strip()
before, ways = 0, 1
for i, digit in enumerate(text):
    count = ways if digit != "0" else 0
    if i > 0 and 1 <= int(text[i - 1 : i + 1]) <= 26:
        count += before
    before, ways = ways, count % 1000000007
print(ways)
