// Wrong: one sweep with an express flag; a job can be taken twice, as normal and as express job.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <vector>
using namespace std;
typedef long long ll;
struct Job { int a, l, b, f; ll v; };
ll best[2][202][202];
int main() {
    int n, T;
    scanf("%d %d", &n, &T);
    vector<Job> jobs;
    while (n--) {
        Job j;
        scanf("%d %d %d %lld", &j.a, &j.l, &j.b, &j.v);
        j.f = 0;
        jobs.push_back(j);
        j.f = 1, j.l = 0;
        jobs.push_back(j);
    }
    sort(jobs.begin(), jobs.end(), [](const Job& i, const Job& j) {
        bool up = i.a < i.b, other = j.a < j.b;
        if (up != other) return up;
        return up ? i.a + i.l < j.a + j.l : i.b + i.l > j.b + j.l;
    });
    memset(best, -1, sizeof best);
    best[0][0][0] = 0;
    ll result = 0;
    for (const Job& job : jobs)
        for (int x = T - job.a; x >= 0; x--)
            for (int y = T - job.b; y >= x; y--)
                for (int f = 1 - job.f; f >= 0; f--) {
                    if (best[f][x][y] < 0) continue;
                    int nx = x + job.a, ny = max(y, nx + job.l) + job.b;
                    if (ny > T) continue;
                    ll& to = best[f + job.f][nx][ny];
                    to = max(to, best[f][x][y] + job.v);
                    result = max(result, to);
                }
    printf("%lld\n", result);
}
