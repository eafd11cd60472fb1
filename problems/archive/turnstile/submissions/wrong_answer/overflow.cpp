// Counts the people sent home in 32 bits.
#include <algorithm>
#include <iostream>
#include <string>

int main() {
    long long capacity, inside = 0;
    unsigned home = 0;
    int m;
    std::cin >> capacity >> m;
    while (m--) {
        std::string kind;
        long long k;
        std::cin >> kind >> k;
        if (kind == "leave") inside -= std::min(inside, k);
        else if (inside + k <= capacity) inside += k;
        else home += k;
    }
    std::cout << inside << ' ' << home << '\n';
}
