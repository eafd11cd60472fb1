#include <iostream>

int main() {
    const long long mod = 1000000007;
    int n;
    std::cin >> n;
    // Strings that end in red, and those that do not.
    long long red = 1, other = 2;
    for (int i = 1; i < n; i++) {
        long long next = 2 * (red + other) % mod;
        red = other;
        other = next;
    }
    std::cout << (red + other) % mod << '\n';
}
