text = input().strip()
expected = []
for position, bracket in enumerate(text, 1):
    if bracket in "([":
        expected.append(")]"["([".index(bracket)])
    elif not expected or expected.pop() != bracket:
        print(position)
        break
else:
    print("open" if expected else "right")
