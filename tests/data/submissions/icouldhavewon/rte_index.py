points = input()
print(points[len(points)])
