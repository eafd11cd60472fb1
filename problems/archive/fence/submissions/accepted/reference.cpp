#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    std::vector<long long> x(n), y(n);
    for (int i = 0; i < n; i++) {
        if (std::scanf("%lld %lld", &x[i], &y[i]) != 2) return 1;
    }
    double length = 0;
    long long twice = 0;
    for (int i = 0; i < n; i++) {
        int j = (i + 1) % n;
        length += std::hypot(x[j] - x[i], y[j] - y[i]);
        twice += x[i] * y[j] - x[j] * y[i];
    }
    std::printf("%.9f %.9f\n", length, std::llabs(twice) / 2.0);
}
