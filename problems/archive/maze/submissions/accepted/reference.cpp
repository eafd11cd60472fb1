#include <iostream>
#include <queue>
#include <string>
#include <utility>
#include <vector>

int main() {
    int r, c;
    std::cin >> r >> c;
    std::vector<std::string> maze(r);
    std::vector<std::vector<int>> steps(r, std::vector<int>(c, -1));
    std::queue<std::pair<int, int>> queue;
    for (int i = 0; i < r; i++) {
        std::cin >> maze[i];
        size_t start = maze[i].find('S');
        if (start != std::string::npos) {
            steps[i][start] = 0;
            queue.push({i, (int)start});
        }
    }
    const int di[] = {0, 0, 1, -1}, dj[] = {1, -1, 0, 0};
    while (!queue.empty()) {
        auto [i, j] = queue.front();
        queue.pop();
        if (maze[i][j] == 'E') {
            std::cout << steps[i][j] << '\n';
            return 0;
        }
        for (int d = 0; d < 4; d++) {
            int ni = (i + di[d] + r) % r, nj = (j + dj[d] + c) % c;
            if (maze[ni][nj] != '#' && steps[ni][nj] < 0) {
                steps[ni][nj] = steps[i][j] + 1;
                queue.push({ni, nj});
            }
        }
    }
    std::cout << -1 << '\n';
}
