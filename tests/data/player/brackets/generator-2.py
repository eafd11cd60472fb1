import random

seed = int(input())
random.seed(seed)


def balanced(depth):
    if depth == 0:
        return ""
    left, right = random.choice(["()", "[]"])
    return left + balanced(depth - 1) + right + random.choice(["", left + right])


text = balanced(1 + seed % 9)
if seed % 4 == 1:
    text = text[: max(1, len(text) - 1)]
if seed % 4 == 2:
    place = random.randrange(len(text))
    text = text[:place] + random.choice("()[]") + text[place + 1 :]
print(text)
