# May take the same item twice.
n, wanted = map(int, input().split())
prices = list(map(int, input().split()))
where = {price: i for i, price in enumerate(prices, 1)}
for i, price in enumerate(prices, 1):
    if wanted - price in where:
        print(i, where[wanted - price])
        break
else:
    print("impossible")
