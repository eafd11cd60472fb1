// In a strongly connected component the totals of closed walks modulo M are the multiples of
// g = gcd(M, all w + p(u) - p(v)). The tickets add w_e, or w_e - w_f, for edges of the component.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>
#include <vector>
using namespace std;
typedef long long ll;
int main() {
    int n, m, q;
    scanf("%d %d %d", &n, &m, &q);
    vector<int> u(m), v(m);
    vector<ll> w(m);
    vector<vector<int>> out(n), in(n);
    for (int i = 0; i < m; i++) {
        scanf("%d %d %lld", &u[i], &v[i], &w[i]);
        u[i]--, v[i]--;
        out[u[i]].push_back(i);
        in[v[i]].push_back(i);
    }
    vector<int> order, seen(n), comp(n, -1);
    function<void(int)> first = [&](int x) {
        seen[x] = 1;
        for (int e : out[x]) if (!seen[v[e]]) first(v[e]);
        order.push_back(x);
    };
    for (int x = 0; x < n; x++) if (!seen[x]) first(x);
    reverse(order.begin(), order.end());
    // Going back along edges reaches the component; p(x): total of a walk from x to the root.
    vector<ll> p(n);
    int comps = 0;
    for (int root : order) {
        if (comp[root] >= 0) continue;
        vector<int> stack{root};
        comp[root] = comps;
        while (!stack.empty()) {
            int x = stack.back();
            stack.pop_back();
            for (int e : in[x]) if (comp[u[e]] < 0) {
                comp[u[e]] = comps;
                p[u[e]] = p[x] + w[e];
                stack.push_back(u[e]);
            }
        }
        comps++;
    }
    vector<ll> G(comps, 0);
    vector<vector<ll>> weights(comps);
    for (int e = 0; e < m; e++) if (comp[u[e]] == comp[v[e]]) {
        int k = comp[u[e]];
        ll d = w[e] + p[v[e]] - p[u[e]];
        G[k] = __gcd(G[k], d < 0 ? -d : d);
        weights[k].push_back(w[e]);
    }
    while (q--) {
        int x;
        ll c, M;
        scanf("%d %lld %lld", &x, &c, &M);
        int k = comp[x - 1];
        ll g = __gcd(G[k], M);
        vector<ll> s;
        for (ll y : weights[k]) s.push_back((y % g + g) % g);
        sort(s.begin(), s.end());
        s.erase(unique(s.begin(), s.end()), s.end());
        c %= g;
        ll best = c;
        for (ll y : s) {
            ll now = (c + y) % g;
            best = min(best, now);
            auto it = upper_bound(s.begin(), s.end(), now);
            if (it != s.begin()) best = min(best, now - *--it);
        }
        printf("%lld\n", best);
    }
}
