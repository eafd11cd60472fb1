// Forgets the side from the last corner to the first.
#include <cmath>
#include <cstdio>
#include <vector>

int main() {
    int n;
    if (std::scanf("%d", &n) != 1) return 1;
    std::vector<double> x(n), y(n);
    for (int i = 0; i < n; i++) {
        if (std::scanf("%lf %lf", &x[i], &y[i]) != 2) return 1;
    }
    double length = 0, twice = 0;
    for (int i = 0; i + 1 < n; i++) {
        length += std::hypot(x[i + 1] - x[i], y[i + 1] - y[i]);
        twice += x[i] * y[i + 1] - x[i + 1] * y[i];
    }
    std::printf("%.9f %.9f\n", length, std::fabs(twice) / 2);
}
