// All open paths one by one: quadratic.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <vector>

using Int = long long;
const Int P = 998244353, NONE = -4000000000000000000LL;

struct Best {
    Int value = NONE, ways = 0;
    void add(Int v, Int w) {
        if (v > value) value = v, ways = 0;
        if (v == value) ways = (ways + w) % P;
    }
};

struct Path {
    Int weight, value, ways;
};

int main() {
    int q;
    Int c, w1;
    std::cin >> q >> c >> w1;
    std::vector<Int> weight{w1};
    std::vector<std::vector<int>> children(1);
    while (q--) {
        Int p, len, a, b, m;
        std::cin >> p >> len >> a >> b >> m;
        for (Int j = 1; j <= len; j++) {
            children[j == 1 ? p - 1 : (Int)weight.size() - 1].push_back((int)weight.size());
            children.emplace_back();
            weight.push_back((a + b * j) % m);
        }
    }
    int n = (int)weight.size();
    if (n > 5000) {
        std::cout << "-1 -1\n";
        return 0;
    }
    std::vector<Best> best(n);
    std::vector<std::vector<Path>> open(n);
    for (int v = n - 1; v >= 0; v--) {
        Int none = 0, none_ways = 1;
        std::vector<Path> one;
        Best two;
        for (int u : children[v]) {
            Best next;
            if (two.ways) next.add(two.value + best[u].value, two.ways * best[u].ways % P);
            for (auto &x : one)
                for (auto &y : open[u])
                    next.add(x.value + y.value + std::abs(x.weight - y.weight), x.ways * y.ways % P);
            two = next;
            for (auto &x : one) {
                x.value += best[u].value;
                x.ways = x.ways * best[u].ways % P;
            }
            for (auto &y : open[u]) one.push_back({y.weight, y.value + none, y.ways * none_ways % P});
            none += best[u].value;
            none_ways = none_ways * best[u].ways % P;
            open[u] = {};
        }
        Best &all = best[v];
        all = two;
        all.add(none + c, none_ways);
        for (auto &x : one) all.add(x.value + std::abs(x.weight - weight[v]), x.ways);
        one.push_back({weight[v], none, none_ways});
        open[v] = one;
    }
    std::cout << best[0].value << ' ' << best[0].ways << '\n';
}
