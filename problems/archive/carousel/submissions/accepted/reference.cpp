#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, q;
    std::cin >> n >> q;
    std::vector<long long> before(n + 1, 0);  // sweets in the first seats
    for (int i = 1; i <= n; i++) {
        std::cin >> before[i];
        before[i] += before[i - 1];
    }
    while (q--) {
        int l, r;
        std::cin >> l >> r;
        long long sweets = before[r] - before[l - 1];
        if (l > r) sweets += before[n];
        std::cout << sweets << '\n';
    }
}
