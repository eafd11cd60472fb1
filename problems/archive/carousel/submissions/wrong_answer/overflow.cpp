// Sums in 32 bits.
#include <iostream>
#include <vector>

int main() {
    int n, q;
    std::cin >> n >> q;
    std::vector<unsigned> before(n + 1, 0);
    for (int i = 1; i <= n; i++) {
        std::cin >> before[i];
        before[i] += before[i - 1];
    }
    while (q--) {
        int l, r;
        std::cin >> l >> r;
        std::cout << before[r] - before[l - 1] + (l > r ? before[n] : 0) << '\n';
    }
}
