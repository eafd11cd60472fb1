#include <stdio.h>

long long upto[15001];

long long between(int l, int r) { return upto[r] - upto[l - 1]; }

int main(void) {
    int n, q, l, r, sweets;
    scanf("%d %d", &n, &q);
    for (int i = 1; i <= n; i++) {
        scanf("%d", &sweets);
        upto[i] = upto[i - 1] + sweets;
    }
    for (int i = 0; i < q; i++) {
        scanf("%d %d", &l, &r);
        if (l <= r) {
            printf("%lld\n", between(l, r));
        } else {
            long long rest = l - r > 1 ? between(r + 1, l - 1) : 0;
            printf("%lld\n", upto[n] - rest);
        }
    }
    return 0;
}
