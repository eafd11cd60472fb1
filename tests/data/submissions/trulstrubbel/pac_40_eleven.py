t = h = 0
for c in input():
    t += c == "T"
    h += c == "H"
    if max(t, h) == 11:
        t = h = 0
print(f"{t}-{h}")
