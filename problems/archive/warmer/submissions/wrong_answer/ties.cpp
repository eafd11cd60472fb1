// Counts a day that only equals the record.
#include <iostream>

int main() {
    int n, best = -1001, records = 0;
    std::cin >> n;
    for (int i = 0, t; i < n; i++) {
        std::cin >> t;
        if (t >= best) {
            best = t;
            records++;
        }
    }
    std::cout << records << '\n';
}
