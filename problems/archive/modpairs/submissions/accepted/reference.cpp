#include <iostream>
#include <map>

int main() {
    int n, k;
    std::cin >> n >> k;
    std::map<int, int> seen;  // remainder -> players so far
    long long teams = 0;
    for (int i = 0; i < n; i++) {
        int coins;
        std::cin >> coins;
        int remainder = coins % k;
        auto partner = seen.find((k - remainder) % k);
        if (partner != seen.end()) teams += partner->second;
        seen[remainder]++;
    }
    std::cout << teams << '\n';
}
