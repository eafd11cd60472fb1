# Calls an unclosed text a fault behind its end.
text = input().strip()
stack = []
for position, bracket in enumerate(text, 1):
    if bracket in "([":
        stack.append(bracket)
    elif not stack or stack.pop() + bracket not in ("()", "[]"):
        print(position)
        break
else:
    print(len(text) + 1 if stack else "right")
