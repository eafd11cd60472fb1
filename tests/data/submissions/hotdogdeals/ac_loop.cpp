#include <algorithm>
#include <iostream>

int main() {
    int n, m, best = 1 << 30;
    std::cin >> n >> m;
    for (int one = 0; one <= std::min(n, m); one++)
        for (int two = 0; 2 * two + one <= n && one + two <= m; two++) {
            int dogs = n - one - 2 * two, sodas = m - one - two;
            best = std::min(best, 299 * dogs + 249 * sodas + 499 * one + 549 * two);
        }
    std::cout << best << "\n";
}
