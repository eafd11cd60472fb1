// Looks at every tree.
#include <iostream>

int main() {
    long long a, b, x, y, count = 0;
    std::cin >> a >> b >> x >> y;
    for (long long tree = a; tree <= b; tree++) {
        if ((tree % x == 0) != (tree % y == 0)) count++;
    }
    std::cout << count << '\n';
}
