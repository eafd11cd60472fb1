# Puts blocks of the same letter together.
n, k = map(int, input().split())
counts = {}
for _ in range(n):
    letter, count = input().split()
    counts[letter] = counts.get(letter, 0) + int(count)
for letter, count in counts.items():
    if k <= count:
        print(letter)
        break
    k -= count
else:
    print("-")
