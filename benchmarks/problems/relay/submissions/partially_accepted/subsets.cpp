// Slow: all sets, in the order of Johnson.
#include <algorithm>
#include <cstdio>
#include <vector>
using namespace std;
typedef long long ll;
struct Job { int a, l, b; ll v; };
int T;
ll solve(vector<Job> jobs) {
    sort(jobs.begin(), jobs.end(), [](const Job& i, const Job& j) {
        bool up = i.a < i.b, other = j.a < j.b;
        if (up != other) return up;
        return up ? i.a + i.l < j.a + j.l : i.b + i.l > j.b + j.l;
    });
    ll result = 0;
    for (int set = 0; set < 1 << jobs.size(); set++) {
        int x = 0, y = 0;
        ll sum = 0;
        for (size_t i = 0; i < jobs.size(); i++) if (set >> i & 1) {
            x += jobs[i].a;
            y = max(y, x + jobs[i].l) + jobs[i].b;
            sum += jobs[i].v;
        }
        if (y <= T) result = max(result, sum);
    }
    return result;
}
int main() {
    int n;
    scanf("%d %d", &n, &T);
    vector<Job> jobs(n);
    for (Job& job : jobs) scanf("%d %d %d %lld", &job.a, &job.l, &job.b, &job.v);
    if (n > 15) return 0;
    ll result = 0;
    for (int e = 0; e < n; e++) {
        vector<Job> now = jobs;
        now[e].l = 0;
        result = max(result, solve(now));
    }
    printf("%lld\n", result);
}
