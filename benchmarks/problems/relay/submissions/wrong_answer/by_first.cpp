// Wrong: order by a + l.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <vector>
using namespace std;
typedef long long ll;
struct Job { int a, l, b; ll v; };
int T;
ll best[202][202];  // [x][y]
ll solve(vector<Job> jobs) {
    sort(jobs.begin(), jobs.end(), [](const Job& i, const Job& j) {
        return i.a + i.l < j.a + j.l;
    });
    memset(best, -1, sizeof best);
    best[0][0] = 0;
    for (const Job& job : jobs)
        for (int x = T - job.a; x >= 0; x--)
            for (int y = T - job.b; y >= x; y--) {
                if (best[x][y] < 0) continue;
                int nx = x + job.a, ny = max(y, nx + job.l) + job.b;
                if (ny <= T) best[nx][ny] = max(best[nx][ny], best[x][y] + job.v);
            }
    ll result = 0;
    for (int x = 0; x <= T; x++) for (int y = 0; y <= T; y++) result = max(result, best[x][y]);
    return result;
}
int main() {
    int n;
    scanf("%d %d", &n, &T);
    vector<Job> jobs(n);
    for (Job& job : jobs) scanf("%d %d %d %lld", &job.a, &job.l, &job.b, &job.v);
    ll result = 0;
    for (int e = 0; e < n; e++) {
        vector<Job> now = jobs;
        now[e].l = 0;
        result = max(result, solve(now));
    }
    printf("%lld\n", result);
}
