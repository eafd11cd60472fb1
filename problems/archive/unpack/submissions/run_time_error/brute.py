# Writes the text down; runs out of memory on long ones.
n, k = map(int, input().split())
text = ""
for _ in range(n):
    letter, count = input().split()
    text += letter * int(count)
print(text[k - 1] if k <= len(text) else "-")
