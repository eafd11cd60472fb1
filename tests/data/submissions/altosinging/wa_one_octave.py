names = "C C# D D# E F F# G G# A A# B".split()


def number(tone):
    split = 2 if "#" in tone else 1
    return 12 * int(tone[split:]) + names.index(tone[:split])


n = int(input())
low, high = map(number, input().split())
tones = [number(tone) for tone in input().split()]
first, last = low - min(tones), high - max(tones)
found = {}
for shift in range(first, min(last, first + 11) + 1):
    sharps = sum("#" in names[(tone + shift) % 12] for tone in tones)
    found[sharps] = found.get(sharps, 0) + 1
print(min(found), found[min(found)])
