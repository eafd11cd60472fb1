// Takes lines to run from a to b only.
#include <algorithm>
#include <iostream>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

int main() {
    int n, m;
    std::cin >> n >> m;
    std::vector<std::vector<std::pair<int, long long>>> near(n + 1);
    while (m--) {
        int a, b;
        long long w;
        std::cin >> a >> b >> w;
        near[a].push_back({b, w});
    }
    std::vector<std::vector<long long>> coins(n + 1, std::vector<long long>(2, -1));
    std::priority_queue<std::tuple<long long, int, int>> queue;
    queue.push({0, 1, 0});
    while (!queue.empty()) {
        auto [paid, town, used] = queue.top();
        queue.pop();
        if (coins[town][used] >= 0) continue;
        coins[town][used] = -paid;
        for (auto [other, price] : near[town]) {
            queue.push({paid - price, other, used});
            if (!used) queue.push({paid, other, 1});
        }
    }
    std::cout << coins[n][1] << '\n';
}
