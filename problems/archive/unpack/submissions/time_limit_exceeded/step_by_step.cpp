// Walks over the letters one by one.
#include <iostream>

int main() {
    int n;
    long long k;
    std::cin >> n >> k;
    volatile long long at = 0;
    while (n--) {
        char letter;
        long long count;
        std::cin >> letter >> count;
        while (count--) {
            at = at + 1;
            if (at == k) {
                std::cout << letter << '\n';
                return 0;
            }
        }
    }
    std::cout << "-\n";
}
