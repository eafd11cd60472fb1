n, wanted = map(int, input().split())
prices = list(map(int, input().split()))
order = sorted(range(n), key=prices.__getitem__)
low, high = 0, n - 1
while low < high:
    total = prices[order[low]] + prices[order[high]]
    if total == wanted:
        print(order[high] + 1, order[low] + 1)
        break
    if total < wanted:
        low += 1
    else:
        high -= 1
else:
    print("impossible")
