#include <algorithm>
#include <iostream>

long long best(int n, int m) {
    if (n == 0 && m == 0) return 0;
    long long cost = 1LL << 60;
    if (n >= 1) cost = std::min(cost, 299 + best(n - 1, m));
    if (m >= 1) cost = std::min(cost, 249 + best(n, m - 1));
    if (n >= 1 && m >= 1) cost = std::min(cost, 499 + best(n - 1, m - 1));
    if (n >= 2 && m >= 1) cost = std::min(cost, 549 + best(n - 2, m - 1));
    return cost;
}

int main() {
    int n, m;
    std::cin >> n >> m;
    std::cout << best(n, m) << "\n";
}
