# Removes pairs until none is left, for each beginning of the text.
text = input().strip()


def rest(part):
    while "()" in part or "[]" in part:
        part = part.replace("()", "", 1).replace("[]", "", 1)
    return part


for length in range(1, len(text) + 1):
    left = rest(text[:length])
    if ")" in left or "]" in left:
        print(length)
        break
else:
    print("open" if left else "right")
