// Walks over the letters one by one.
#include <cctype>
#include <iostream>
#include <string>

int main() {
    std::string packed;
    long long k;
    std::cin >> packed >> k;
    volatile long long at = 0;
    for (size_t i = 0; i < packed.size();) {
        char letter = packed[i++];
        long long count = 0;
        while (i < packed.size() && std::isdigit(packed[i])) count = 10 * count + packed[i++] - '0';
        if (count == 0) count = 1;
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
