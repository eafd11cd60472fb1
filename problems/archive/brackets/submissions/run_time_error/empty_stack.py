# Takes a bracket from an empty stack.
text = input().strip()
stack = []
for position, bracket in enumerate(text, 1):
    if bracket in "([":
        stack.append(bracket)
    elif stack.pop() + bracket not in ("()", "[]"):
        print(position)
        break
else:
    print("open" if stack else "right")
