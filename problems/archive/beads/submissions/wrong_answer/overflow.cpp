// Takes the remainder only at the end.
#include <iostream>

int main() {
    int n;
    std::cin >> n;
    unsigned long long red = 1, other = 2;
    for (int i = 1; i < n; i++) {
        unsigned long long next = 2 * (red + other);
        red = other;
        other = next;
    }
    std::cout << (red + other) % 1000000007 << '\n';
}
