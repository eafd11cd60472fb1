// Prints the prices instead of the item numbers.
#include <iostream>
#include <set>

int main() {
    int n, wanted;
    std::cin >> n >> wanted;
    std::set<int> seen;
    for (int i = 0; i < n; i++) {
        int price;
        std::cin >> price;
        if (seen.count(wanted - price)) {
            std::cout << wanted - price << ' ' << price << '\n';
            return 0;
        }
        seen.insert(price);
    }
    std::cout << "impossible\n";
}
