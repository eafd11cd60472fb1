// Compares each stone with the one before it, not with the best.
#include <iostream>

int main() {
    int n, best = 1;
    std::cin >> n;
    for (int stone = 2; stone <= n; stone++) {
        std::cout << "? " << stone - 1 << ' ' << stone << std::endl;
        int heavier;
        std::cin >> heavier;
        if (heavier == stone) best = stone;
    }
    std::cout << "! " << best << std::endl;
}
