input()
for i in range(5):
    word = input()
    if i % 2 == 0:
        print(word)
