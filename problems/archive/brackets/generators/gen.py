"""Inputs of First Fault."""

from random import Random

CLOSING = {"(": ")", "[": "]"}


def right(rng, pairs, deep=0.5):
    text, stack = [], []
    while pairs or stack:
        if pairs and (not stack or rng.random() < deep):
            stack.append(rng.choice("(["))
            text.append(stack[-1])
            pairs -= 1
        else:
            text.append(CLOSING[stack.pop()])
    return text


def damaged(rng, text):
    text = list(text)
    kind = rng.randrange(4)
    at = rng.randrange(len(text))
    if kind == 0:
        text[at] = rng.choice("()[]")
    elif kind == 1:
        del text[at]
    elif kind == 2:
        text.insert(at, rng.choice("()[]"))
    else:
        text = text[: at + 1]
    return text or ["("]


def valid(rng):
    kind = rng.randrange(4)
    if kind == 0:
        text = [rng.choice("()[]") for _ in range(rng.randint(1, 8))]
    else:
        text = right(rng, rng.randint(1, 9), rng.choice([0.4, 0.7]))
        if kind > 1:
            text = damaged(rng, text)
    return "".join(text) + "\n"


def secret():
    rng = Random(17)
    half = 25000
    late = right(rng, 10000)
    late[-1] = "(" if late[-1] != "(" else "["
    tests = {
        "01-one-opening": "(\n",
        "02-one-closing": "]\n",
        "03-deep": "(" * half + ")" * half + "\n",
        "04-deep-mixed": "([" * 9000 + "])" * 9000 + "\n",
        "05-deep-wrong": "[" * half + "]" * (half - 1) + ")\n",
        "06-one-too-many": "()" * 9999 + ")\n",
        "07-one-too-few": "[" + "()" * 9999 + "\n",
        "08-crossed": "[(])\n",
        "09-wrong-kind": "(]\n",
        "10-fault-then-open": "())((\n",
        "11-closed-first": "][\n",
        "12-right": "".join(right(rng, 12000)) + "\n",
        "13-late-open": "".join(late) + "\n",
        "14-late-fault": "".join(right(rng, 9000)) + "([)\n",
        "15-balance-by-kind": "([)]()\n",
        "16-open-in-the-middle": "()[[]()\n",
    }
    for i in range(17, 45):
        tests[f"{i}-small"] = valid(rng)
    return tests
