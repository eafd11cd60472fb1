# Tries all strings.
from itertools import product

n = int(input())
print(sum("RR" not in "".join(s) for s in product("RGB", repeat=n)) % 1000000007)
