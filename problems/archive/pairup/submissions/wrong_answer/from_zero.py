# Counts items from 0.
n, wanted = map(int, input().split())
where = {}
for i, price in enumerate(map(int, input().split())):
    if wanted - price in where:
        print(where[wanted - price], i)
        break
    where[price] = i
else:
    print("impossible")
