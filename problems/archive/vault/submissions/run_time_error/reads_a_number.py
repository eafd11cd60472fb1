# Expects a number as the vault's answer.
low, high = 1, 1000
while True:
    guess = (low + high) // 2
    print(guess, flush=True)
    if int(input()) == 0:
        break
    high = guess - 1
