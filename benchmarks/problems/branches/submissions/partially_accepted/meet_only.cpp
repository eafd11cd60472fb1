// Takes off equal ends only where two paths meet.
#include <algorithm>
#include <iostream>
#include <unordered_map>
#include <utility>
#include <vector>

using Int = long long;
const Int P = 998244353, NONE = -4000000000000000000LL;

struct Best {
    Int value = NONE, ways = 0;
};

Best operator+(const Best &x, const Best &y) {  // either
    if (x.value != y.value) return x.value > y.value ? x : y;
    return {x.value, (x.ways + y.ways) % P};
}

Best operator*(const Best &x, const Best &y) {  // both
    if (x.value == NONE || y.value == NONE) return {};
    return {x.value + y.value, x.ways * y.ways % P};
}

Best plus(Best x, Int d) {
    if (x.value != NONE) x.value += d;
    return x;
}

struct Hash {
    size_t operator()(Int x) const {
        unsigned long long z = (unsigned long long)x * 0x9e3779b97f4a7c15ULL + 12345;
        return z ^ (z >> 31);
    }
};

Int power(Int a, Int n) {
    Int r = 1;
    for (; n; n >>= 1, a = a * a % P)
        if (n & 1) r = r * a % P;
    return r;
}

// Open paths by the weight of their lower end, without a value for their ends.
struct Open {
    std::unordered_map<Int, Best, Hash> map;
    Best all{0, 1};  // to be multiplied to each entry
    Int inverse = 1;
    void times(const Best &x) {
        if (x.ways == 0) {  // all counts are 0 from now on, so nothing is to be taken off
            map.clear();
            all = {0, 1};
            inverse = 1;
            return;
        }
        if (map.empty()) return;
        all = all * x;
        inverse = x.ways == 1 ? inverse : inverse * power(x.ways, P - 2) % P;
    }
    Best get(Int w) const {
        auto it = map.find(w);
        return it == map.end() ? Best{} : it->second * all;
    }
    void add(Int w, Best x) {
        x.value -= all.value;
        x.ways = x.ways * inverse % P;
        Best &old = map[w];
        old = old + x;
    }
};

int main() {
    int q;
    Int c, w1;
    std::cin >> q >> c >> w1;
    std::vector<Int> weight{w1};
    std::vector<int> parent{-1};
    while (q--) {
        Int p, len, a, b, m;
        std::cin >> p >> len >> a >> b >> m;
        for (Int j = 1; j <= len; j++) {
            parent.push_back(j == 1 ? int(p - 1) : int(weight.size()) - 1);
            weight.push_back((a + b * j) % m);
        }
    }
    int n = (int)weight.size();
    // of each vertex, over the children so far: no edge to a child, one edge (the lower end with
    // either sign, and by weight), two edges
    std::vector<Best> none(n, Best{0, 1}), high(n), low(n), two(n);
    std::vector<Open> open(n);
    Best closed;
    for (int v = n - 1; v >= 0; v--) {
        Int w = weight[v];
        // the path from below ends here
        Best end = plus(high[v], -w) + plus(low[v], w);
        closed = two[v] + end + plus(none[v], c);
        // the path goes on to the parent
        Best up_high = high[v] + plus(none[v], w), up_low = low[v] + plus(none[v], -w);
        open[v].add(w, none[v]);
        int p = parent[v];
        if (p < 0) break;
        Best pair = high[p] * up_low + low[p] * up_high;
        two[p] = two[p] * closed;
        high[p] = high[p] * closed + none[p] * up_high;
        low[p] = low[p] * closed + none[p] * up_low;
        Open &x = open[p], &y = open[v];
        if (x.map.size() < y.map.size()) {
            for (auto &[key, e] : x.map) {
                Best other = y.get(key) * (e * x.all);
                if (other.value != NONE && other.value == pair.value) pair.ways = (pair.ways - other.ways + P) % P;
            }
            x.times(closed);
            y.times(none[p]);
            for (auto &[key, e] : x.map) y.add(key, e * x.all);
            std::swap(x, y);
        } else {
            for (auto &[key, e] : y.map) {
                Best other = x.get(key) * (e * y.all);
                if (other.value != NONE && other.value == pair.value) pair.ways = (pair.ways - other.ways + P) % P;
            }
            x.times(closed);
            y.times(none[p]);
            for (auto &[key, e] : y.map) x.add(key, e * y.all);
        }
        y = Open{};
        two[p] = two[p] + pair;
        none[p] = none[p] * closed;
    }
    std::cout << closed.value << ' ' << closed.ways << '\n';
}
