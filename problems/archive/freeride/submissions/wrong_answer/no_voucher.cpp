// Pays for every ride.
#include <iostream>
#include <queue>
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
        near[b].push_back({a, w});
    }
    std::vector<long long> coins(n + 1, -1);
    std::priority_queue<std::pair<long long, int>> queue;
    queue.push({0, 1});
    while (!queue.empty()) {
        auto [paid, town] = queue.top();
        queue.pop();
        if (coins[town] >= 0) continue;
        coins[town] = -paid;
        for (auto [other, price] : near[town]) queue.push({paid - price, other});
    }
    std::cout << coins[n] << '\n';
}
