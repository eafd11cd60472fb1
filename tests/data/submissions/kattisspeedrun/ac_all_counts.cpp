#include <algorithm>
#include <iostream>

int main() {
    long long s, p, a, b, best = 1LL << 62;
    std::cin >> s >> p >> a >> b;
    for (long long made = 0; made <= p + 1; made++) {
        // 2 (s + made + solved) > p + made
        long long solved = std::max(0LL, (p - made - 2 * s) / 2 + 1);
        if (2 * (s + made) > p + made) solved = 0;
        best = std::min(best, a * solved + b * made);
    }
    std::cout << best << "\n";
}
