n = int(input())
corners = [complex(*map(int, input().split())) for _ in range(n)]
pairs = list(zip(corners, corners[1:] + corners[:1]))
length = sum(abs(b - a) for a, b in pairs)
area = abs(sum((a.conjugate() * b).imag for a, b in pairs)) / 2
print(length, area)
