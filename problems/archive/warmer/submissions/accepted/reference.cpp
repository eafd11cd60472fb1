#include <iostream>

int main() {
    int n;
    std::cin >> n;
    int best = -1001, records = 0;
    for (int i = 0; i < n; i++) {
        int temperature;
        std::cin >> temperature;
        if (temperature > best) {
            best = temperature;
            records++;
        }
    }
    std::cout << records << '\n';
}
