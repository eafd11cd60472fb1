// Takes the first way it finds.
#include <iostream>
#include <string>
#include <vector>

int r, c;
std::vector<std::string> maze;
std::vector<std::vector<bool>> seen;

int walk(int i, int j, int steps) {
    i = (i + r) % r;
    j = (j + c) % c;
    if (maze[i][j] == 'E') return steps;
    if (maze[i][j] == '#' || seen[i][j]) return -1;
    seen[i][j] = true;
    const int di[] = {0, 1, 0, -1}, dj[] = {1, 0, -1, 0};
    for (int d = 0; d < 4; d++) {
        int found = walk(i + di[d], j + dj[d], steps + 1);
        if (found >= 0) return found;
    }
    return -1;
}

int main() {
    std::cin >> r >> c;
    maze.resize(r);
    for (auto &row : maze) std::cin >> row;
    seen.assign(r, std::vector<bool>(c, false));
    for (int i = 0; i < r; i++) {
        for (int j = 0; j < c; j++) {
            if (maze[i][j] == 'S') std::cout << walk(i, j, 0) << '\n';
        }
    }
}
