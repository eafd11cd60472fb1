# Counts each kind by itself, and so sees no crossing.
text = input().strip()
opening = {")": "(", "]": "["}
balance = {"(": 0, "[": 0}
for position, bracket in enumerate(text, 1):
    if bracket in balance:
        balance[bracket] += 1
        continue
    balance[opening[bracket]] -= 1
    if balance[opening[bracket]] < 0:
        print(position)
        break
else:
    print("open" if any(balance.values()) else "right")
