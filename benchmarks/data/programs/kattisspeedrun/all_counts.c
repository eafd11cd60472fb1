#include <stdio.h>

int main(void) {
    long long s, p, a, b, best = -1;
    scanf("%lld %lld %lld %lld", &s, &p, &a, &b);
    for (long long made = 0; made <= p + 1; made++) {
        long long solved = 0;
        if (2 * (s + made) <= p + made) solved = (p - made - 2 * s) / 2 + 1;
        long long cost = a * solved + b * made;
        if (best < 0 || cost < best) best = cost;
    }
    printf("%lld\n", best);
    return 0;
}
