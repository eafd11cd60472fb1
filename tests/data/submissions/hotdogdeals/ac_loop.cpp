#include <algorithm>
#include <iostream>

int main() {
    int n, m, best = 1 << 30;
    std::cin >> n >> m;
    for (int one = 0; one <= std::max(n, m); one++)
        for (int two = 0; two <= std::max(n, m); two++) {
            int dogs = std::max(0, n - one - 2 * two), sodas = std::max(0, m - one - two);
            best = std::min(best, 299 * dogs + 249 * sodas + 499 * one + 549 * two);
        }
    std::cout << best << "\n";
}
