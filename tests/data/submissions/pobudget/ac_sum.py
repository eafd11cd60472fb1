total = 0
for _ in range(int(input())):
    input()
    total += int(input())
print("Usch, vinst" if total > 0 else "Nekad" if total < 0 else "Lagom")
