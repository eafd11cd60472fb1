# Walks from seat to seat.
n, q = map(int, input().split())
a = list(map(int, input().split()))
for _ in range(q):
    l, r = map(int, input().split())
    seat = l - 1
    sweets = a[seat]
    while seat != r - 1:
        seat = (seat + 1) % n
        sweets += a[seat]
    print(sweets)
