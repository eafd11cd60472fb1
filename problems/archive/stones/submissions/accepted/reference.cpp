#include <iostream>

int main() {
    int n, best = 1;
    std::cin >> n;
    for (int stone = 2; stone <= n; stone++) {
        std::cout << "? " << best << ' ' << stone << std::endl;
        std::cin >> best;
    }
    std::cout << "! " << best << std::endl;
}
