// Believes that each footpath joins two villages.
#include <iostream>

int main() {
    int n, m;
    std::cin >> n >> m;
    std::cout << n - m << '\n';
}
