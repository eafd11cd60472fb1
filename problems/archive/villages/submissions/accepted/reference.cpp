#include <iostream>
#include <numeric>
#include <vector>

std::vector<int> parent;

int root(int house) {
    while (parent[house] != house) house = parent[house] = parent[parent[house]];
    return house;
}

int main() {
    int n, m;
    std::cin >> n >> m;
    parent.resize(n + 1);
    std::iota(parent.begin(), parent.end(), 0);
    int villages = n;
    while (m--) {
        int a, b;
        std::cin >> a >> b;
        a = root(a);
        b = root(b);
        if (a == b) continue;
        parent[b] = a;
        villages--;
    }
    std::cout << villages << '\n';
}
