/* The number by powers of two, from the largest. */
#include <stdio.h>

int n;
long long s, a, h[10];

int main(void) {
    scanf("%d %lld %lld", &n, &s, &a);
    for (int i = 0; i < n; i++) scanf("%lld", &h[i]);
    long long too_few = 0;
    for (long long step = 1LL << 33; step > 0; step /= 2) {
        long long shots = too_few + step, needed = 0;
        for (int i = 0; i < n; i++) {
            if (a > 0 && shots >= 1000000000LL / a + 1) continue;
            long long rest = h[i] - shots * a;
            if (rest > 0) needed += (rest - 1) / s + 1;
        }
        if (needed > shots) too_few = shots;
    }
    printf("%lld\n", too_few + 1);
    return 0;
}
