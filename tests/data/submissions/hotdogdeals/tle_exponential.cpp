#include <algorithm>
#include <iostream>

long long best(int n, int m) {
    n = std::max(n, 0);
    m = std::max(m, 0);
    if (n == 0 && m == 0) return 0;
    long long cost = std::min(499 + best(n - 1, m - 1), 549 + best(n - 2, m - 1));
    if (n >= 1) cost = std::min(cost, 299 + best(n - 1, m));
    if (m >= 1) cost = std::min(cost, 249 + best(n, m - 1));
    return cost;
}

int main() {
    int n, m;
    std::cin >> n >> m;
    std::cout << best(n, m) << "\n";
}
