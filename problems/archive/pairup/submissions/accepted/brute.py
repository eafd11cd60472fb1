# Tries all pairs.
n, wanted = map(int, input().split())
prices = list(map(int, input().split()))


def find():
    for i in range(n):
        for j in range(i):
            if prices[i] + prices[j] == wanted:
                return f"{i + 1} {j + 1}"
    return "impossible"


print(find())
