// Forgets tree a.
#include <iostream>
#include <numeric>

int main() {
    long long a, b, x, y;
    std::cin >> a >> b >> x >> y;
    long long both = std::lcm(x, y);
    std::cout << (b / x - a / x) + (b / y - a / y) - 2 * (b / both - a / both) << '\n';
}
