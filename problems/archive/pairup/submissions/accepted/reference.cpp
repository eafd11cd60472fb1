#include <iostream>
#include <unordered_map>

int main() {
    int n, wanted;
    std::cin >> n >> wanted;
    std::unordered_map<int, int> item_of_price;
    for (int i = 1; i <= n; i++) {
        int price;
        std::cin >> price;
        auto partner = item_of_price.find(wanted - price);
        if (partner != item_of_price.end()) {
            std::cout << partner->second << ' ' << i << '\n';
            return 0;
        }
        item_of_price[price] = i;
    }
    std::cout << "impossible\n";
}
