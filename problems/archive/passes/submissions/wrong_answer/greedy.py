# Takes the pass that is cheapest a day, from the first day on.
n, *prices = map(int, input().split())
days = list(map(int, input().split()))
i = total = 0
while i < n:
    choices = []
    for price, length in zip(prices, (1, 7, 30)):
        covered = sum(days[i] <= day < days[i] + length for day in days[i : i + 30])
        choices.append((price / covered, price, covered))
    _, price, covered = min(choices)
    total += price
    i += covered
print(total)
