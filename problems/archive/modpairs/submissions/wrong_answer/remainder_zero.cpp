// Looks for the partner of remainder 0 at k.
#include <iostream>
#include <map>

int main() {
    int n, k;
    std::cin >> n >> k;
    std::map<int, int> seen;
    long long teams = 0;
    for (int i = 0, coins; i < n; i++) {
        std::cin >> coins;
        teams += seen[k - coins % k];
        seen[coins % k]++;
    }
    std::cout << teams << '\n';
}
