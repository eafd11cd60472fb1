#include <iostream>
#include <numeric>

long long x, y;

// Trees from 1 to last with exactly one ornament.
long long upto(long long last) {
    return last / x + last / y - 2 * (last / std::lcm(x, y));
}

int main() {
    long long a, b;
    std::cin >> a >> b >> x >> y;
    std::cout << upto(b) - upto(a - 1) << '\n';
}
