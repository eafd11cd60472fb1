// Moves people one at a time.
#include <iostream>
#include <string>

int main() {
    long long capacity, home = 0;
    volatile long long inside = 0;
    int m;
    std::cin >> capacity >> m;
    while (m--) {
        std::string kind;
        long long k;
        std::cin >> kind >> k;
        if (kind == "enter" && inside + k > capacity) {
            home += k;
            continue;
        }
        for (long long i = 0; i < k; i++) {
            if (kind == "enter") inside = inside + 1;
            else if (inside > 0) inside = inside - 1;
        }
    }
    std::cout << inside << ' ' << home << '\n';
}
