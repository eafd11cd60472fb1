first = int(input())
print("Ratvinklig" if first == 90 else "Trubbig" if first > 90 else "Spetsig", "Triangel")
