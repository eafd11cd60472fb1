#include <iostream>
#include <string>
#include <vector>

int main() {
    std::string points;
    std::cin >> points;
    std::vector<int> wins;
    for (int k = 1; k <= (int)points.size(); k++) {
        int alice = 0, bob = 0, ahead = 0;
        for (char c : points) {
            (c == 'A' ? alice : bob)++;
            if (alice == k || bob == k) {
                ahead += alice == k ? 1 : -1;
                alice = bob = 0;
            }
        }
        if (ahead > 0) wins.push_back(k);
    }
    std::cout << wins.size() << "\n";
    for (int k : wins) std::cout << k << " ";
    std::cout << "\n";
}
