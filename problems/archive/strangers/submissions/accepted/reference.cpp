#include <iostream>

int main() {
    int n;
    std::cin >> n;
    if (n == 2 || n == 3) {
        std::cout << "-1\n";
        return 0;
    }
    for (int house = 2; house <= n; house += 2) std::cout << house << ' ';
    for (int house = 1; house <= n; house += 2) std::cout << house << ' ';
    std::cout << '\n';
}
