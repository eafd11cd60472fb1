// Believes that each footpath joins two villages.
#include <algorithm>
#include <iostream>
#include <numeric>
#include <vector>

std::vector<int> parent;

int root(int house) { return parent[house] == house ? house : parent[house] = root(parent[house]); }

int main() {
    int n, m;
    std::cin >> n >> m;
    parent.resize(n + 1);
    std::iota(parent.begin(), parent.end(), 0);
    std::vector<int> size(n + 1, 0);
    int villages = n;
    while (m--) {
        int a, b;
        std::cin >> a >> b;
        parent[root(a)] = root(b);
        villages--;
    }
    for (int house = 1; house <= n; house++) size[root(house)]++;
    std::cout << villages << ' ' << *std::max_element(size.begin(), size.end()) << '\n';
}
