// Counts letters from 0.
#include <cctype>
#include <iostream>
#include <string>

int main() {
    std::string packed;
    long long k;
    std::cin >> packed >> k;
    for (size_t i = 0; i < packed.size();) {
        char letter = packed[i++];
        long long count = 0;
        while (i < packed.size() && std::isdigit(packed[i])) count = 10 * count + packed[i++] - '0';
        if (count == 0) count = 1;
        if (k < count) {
            std::cout << letter << '\n';
            return 0;
        }
        k -= count;
    }
    std::cout << "-\n";
}
