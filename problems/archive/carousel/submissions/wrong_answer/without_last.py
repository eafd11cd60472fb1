# Leaves seat r out.
n, q = map(int, input().split())
a = list(map(int, input().split()))
for _ in range(q):
    l, r = map(int, input().split())
    print(sum(a[l - 1 : r - 1]) if l <= r else sum(a[l - 1 :]) + sum(a[: r - 1]))
