#include <algorithm>
#include <functional>
#include <iostream>
#include <queue>
#include <utility>
#include <vector>

int main() {
    int n, m;
    std::cin >> n >> m;
    // State 2 * town + 1: the voucher is used up.
    std::vector<std::vector<std::pair<int, long long>>> rides(2 * n);
    while (m--) {
        int a, b;
        long long w;
        std::cin >> a >> b >> w;
        a--;
        b--;
        for (int turn = 0; turn < 2; turn++) {
            rides[2 * a].push_back({2 * b, w});
            rides[2 * a].push_back({2 * b + 1, 0});
            rides[2 * a + 1].push_back({2 * b + 1, w});
            std::swap(a, b);
        }
    }
    std::vector<long long> coins(2 * n, -1);
    using Entry = std::pair<long long, int>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> queue;
    queue.push({0, 0});
    while (!queue.empty()) {
        auto [paid, state] = queue.top();
        queue.pop();
        if (coins[state] >= 0) continue;
        coins[state] = paid;
        for (auto [next, price] : rides[state]) {
            if (coins[next] < 0) queue.push({paid + price, next});
        }
    }
    std::cout << coins[2 * n - 1] << '\n';
}
