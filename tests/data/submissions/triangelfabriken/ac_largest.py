largest = max(int(input()) for _ in range(3))
kinds = {True: "Trubbig", False: "Spetsig"}
print("Ratvinklig" if largest == 90 else kinds[largest > 90], "Triangel")
