# Tries all codes from 1.
for code in range(1, 1001):
    print(code, flush=True)
    if input() == "open":
        break
