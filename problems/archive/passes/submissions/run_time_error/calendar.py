# A table with an entry for each day of one year only.
n, p, q, r = map(int, input().split())
days = list(map(int, input().split()))
travel = [False] * 366
for day in days:
    travel[day] = True
least = [0] * 366
for day in range(1, 366):
    if travel[day]:
        week, month = least[max(0, day - 7)], least[max(0, day - 30)]
        least[day] = min(least[day - 1] + p, week + q, month + r)
    else:
        least[day] = least[day - 1]
print(least[365])
