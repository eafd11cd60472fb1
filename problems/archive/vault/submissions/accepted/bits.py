# Finds the code bit by bit, from the highest.
code = 0
for bit in (512, 256, 128, 64, 32, 16, 8, 4, 2, 1):
    if code + bit > 1000:
        continue
    print(code + bit, flush=True)
    answer = input()
    if answer == "open":
        break
    if answer == "higher":
        code += bit
