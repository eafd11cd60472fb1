// Swaps l and r where l > r.
#include <iostream>
#include <utility>
#include <vector>

int main() {
    int n, q;
    std::cin >> n >> q;
    std::vector<long long> before(n + 1, 0);
    for (int i = 1; i <= n; i++) {
        std::cin >> before[i];
        before[i] += before[i - 1];
    }
    while (q--) {
        int l, r;
        std::cin >> l >> r;
        if (l > r) std::swap(l, r);
        std::cout << before[r] - before[l - 1] << '\n';
    }
}
