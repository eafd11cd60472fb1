#include <iostream>

int main() {
    int n, k, remainder = 0, count = 0, power = 10;
    std::cin >> n >> k;
    for (int i = 1; i <= n; i++) {
        if (i == power) power *= 10;
        remainder = (int)((unsigned)remainder * power + i) % k;
        count += remainder == 0;
    }
    std::cout << count << "\n";
}
