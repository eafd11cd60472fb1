#include <iostream>
#include <vector>

int main() {
    int n, m;
    std::cin >> n >> m;
    std::vector<std::vector<long long>> tables;
    for (int i = 0; i < 100000; i++) tables.emplace_back(1 << 20, i);
    std::cout << tables[n][m] << "\n";
}
