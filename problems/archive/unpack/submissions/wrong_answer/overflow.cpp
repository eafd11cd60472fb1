// Adds the counts in 32 bits.
#include <iostream>

int main() {
    int n;
    unsigned long long k;
    std::cin >> n >> k;
    unsigned end = 0;
    while (n--) {
        char letter;
        unsigned count;
        std::cin >> letter >> count;
        end += count;
        if (k <= end) {
            std::cout << letter << '\n';
            return 0;
        }
    }
    std::cout << "-\n";
}
