#include <iostream>

int main() {
    int a, b, c, d;
    std::cin >> a >> b >> c >> d;
    std::cout << (b - a) * (d - c) << "\n";
}
