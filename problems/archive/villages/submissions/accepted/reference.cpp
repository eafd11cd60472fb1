#include <algorithm>
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
    std::vector<int> size(n + 1, 1);
    int villages = n, largest = 1;
    while (m--) {
        int a, b;
        std::cin >> a >> b;
        a = root(a);
        b = root(b);
        if (a == b) continue;
        if (size[a] < size[b]) std::swap(a, b);
        parent[b] = a;
        size[a] += size[b];
        largest = std::max(largest, size[a]);
        villages--;
    }
    std::cout << villages << ' ' << largest << '\n';
}
