# Stops at the border.
import sys
from collections import deque

r, c = map(int, sys.stdin.readline().split())
maze = sys.stdin.read().split()
queue = deque((i, j) for i in range(r) for j in range(c) if maze[i][j] == "S")
steps = {queue[0]: 0}
answer = -1
while queue:
    i, j = queue.popleft()
    if maze[i][j] == "E":
        answer = steps[i, j]
        break
    for ni, nj in ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1)):
        if 0 <= ni < r and 0 <= nj < c and maze[ni][nj] != "#" and (ni, nj) not in steps:
            steps[ni, nj] = steps[i, j] + 1
            queue.append((ni, nj))
print(answer)
