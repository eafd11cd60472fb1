# Recurses as deep as the text is long.
import functools

text = input().strip()


@functools.cache
def ways(at):
    if at == len(text):
        return 1
    if text[at] == "0":
        return 0
    count = ways(at + 1)
    if at + 1 < len(text) and int(text[at : at + 2]) <= 26:
        count += ways(at + 2)
    return count % 1000000007


print(ways(0))
