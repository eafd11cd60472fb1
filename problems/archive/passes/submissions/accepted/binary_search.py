from bisect import bisect_left

n, p, q, r = map(int, input().split())
days = list(map(int, input().split()))
least = [0]
for day in days:
    least.append(
        min(
            least[-1] + p,
            least[bisect_left(days, day - 6)] + q,
            least[bisect_left(days, day - 29)] + r,
        )
    )
print(least[n])
