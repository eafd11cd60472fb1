(sun, year), (moon, month) = (map(int, input().split()) for _ in range(2))
print(next(t for t in range(1, 5001) if (t + sun) % year == 0 and (t + moon) % month == 0))
