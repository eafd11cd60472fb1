// Counts letters from 0.
#include <iostream>

int main() {
    int n;
    long long k;
    std::cin >> n >> k;
    while (n--) {
        char letter;
        long long count;
        std::cin >> letter >> count;
        if (k < count) {
            std::cout << letter << '\n';
            return 0;
        }
        k -= count;
    }
    std::cout << "-\n";
}
