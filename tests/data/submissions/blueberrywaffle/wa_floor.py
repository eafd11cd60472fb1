r, f = map(int, input().split())
print("down" if f // r % 2 else "up")
