/* Tries every number of explosions. */
#include <stdio.h>

int main(void) {
    int n;
    long long s, a, h[10];
    scanf("%d %lld %lld", &n, &s, &a);
    for (int i = 0; i < n; i++) scanf("%lld", &h[i]);
    for (long long shots = 1;; shots++) {
        long long needed = 0;
        for (int i = 0; i < n; i++) {
            long long rest = h[i] - shots * a;
            if (rest > 0) needed += (rest + s - 1) / s;
        }
        if (needed <= shots) {
            printf("%lld\n", shots);
            return 0;
        }
    }
}
