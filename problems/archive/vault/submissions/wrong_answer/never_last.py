# Never looks at the upper end of the range.
low, high = 1, 1000
while low < high:
    guess = (low + high) // 2
    print(guess, flush=True)
    answer = input()
    if answer == "open":
        break
    if answer == "higher":
        low = guess + 1
    else:
        high = guess
