// First, last, second, last but one, ...: the middle ones are neighbours.
#include <iostream>

int main() {
    int n;
    std::cin >> n;
    if (n == 2 || n == 3) {
        std::cout << "-1\n";
        return 0;
    }
    for (int low = 1, high = n; low <= high; low++, high--) {
        std::cout << low << ' ';
        if (low < high) std::cout << high << ' ';
    }
    std::cout << '\n';
}
