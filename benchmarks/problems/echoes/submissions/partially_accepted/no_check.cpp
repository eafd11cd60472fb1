// Does not look whether a found index is right.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <utility>
#include <vector>

using Int = long long;
using Wide = __int128;

struct Map {  // x -> a x + b mod m
    Int a, b, m;
    Int operator()(Int x) const { return Int(((Wide)a * x + b) % m); }
    Map after(const Map &f) const {  // this(f(x))
        return {Int((Wide)a * f.a % m), (*this)(f.b), m};
    }
};

Map power(Map f, Int n) {
    Map r{1 % f.m, 0, f.m};
    for (; n; n >>= 1) {
        if (n & 1) r = r.after(f);
        f = f.after(f);
    }
    return r;
}

// The least n >= 1 with f^n(c) = t, for c on a cycle; -1 if there is none.
Int steps(const Map &f, Int c, Int t) {
    Int size = (Int)std::sqrt((double)f.m) + 2;
    std::vector<std::pair<Int, Int>> baby;
    Int x = t;
    for (Int i = 0; i < size; i++, x = f(x)) baby.push_back({x, i});
    std::sort(baby.begin(), baby.end());
    Map giant = power(f, size);
    Int z = c;
    for (Int j = 1; j <= size; j++) {
        z = giant(z);
        auto it = std::upper_bound(baby.begin(), baby.end(), std::make_pair(z, size));
        if (it == baby.begin() || (--it)->first != z) continue;
        Int n = j * size - it->second;
        return n;
    }
    return -1;
}

struct Hits {  // first, first + period, ...; period 0: only first; first -1: none
    Int first, period;
};

Hits find(const Map &f, Int s, Int t) {
    const int TAIL = 40;
    Int x = s, first = -1;
    for (int i = 0; i < TAIL; i++, x = f(x))
        if (first < 0 && x == t) first = i;
    Int period = steps(f, x, x);
    if (first < 0) {
        if (x == t) return {TAIL, period};
        Int n = steps(f, x, t);
        if (n < 0) return {-1, 0};
        return {TAIL + n, period};
    }
    if (power(f, period)(t) != t) period = 0;
    return {first, period};
}

Int inverse(Int a, Int m) {  // a and m coprime
    Int r0 = m, r1 = a % m, u0 = 0, u1 = 1;
    while (r1) {
        Int q = r0 / r1;
        std::swap(r0 -= q * r1, r1);
        std::swap(u0 -= q * u1, u1);
    }
    return (u0 % m + m) % m;
}

Int count(Hits p, Hits q, Int n) {
    if (p.first < 0 || q.first < 0) return 0;
    if (!p.period) std::swap(p, q);
    if (!q.period) {
        Int i = q.first;
        if (i > n || i < p.first) return 0;
        return p.period ? (i - p.first) % p.period == 0 : i == p.first;
    }
    Int g = std::gcd(p.period, q.period), d = q.first - p.first;
    if (d % g) return 0;
    Int m = q.period / g;
    Int k = Int((Wide)((d / g % m + m) % m) * inverse(p.period / g, m) % m);
    Wide x = p.first + (Wide)k * p.period, step = (Wide)p.period * m;
    if (x < q.first) x += (q.first - x + step - 1) / step * step;
    return x > n ? 0 : Int((n - x) / step + 1);
}

int main() {
    int cases;
    std::cin >> cases;
    while (cases--) {
        Int n;
        std::cin >> n;
        Hits hits[2];
        for (auto &h : hits) {
            Int m, a, b, s, t;
            std::cin >> m >> a >> b >> s >> t;
            h = find({a, b, m}, s, t);
        }
        std::cout << count(hits[0], hits[1], n) << '\n';
    }
}
