/* Has room for a hundred seats only. */
#include <stdio.h>

int main(void) {
    long long a[101], sum;
    int n, q, l, r;
    scanf("%d %d", &n, &q);
    if (n > 100 || q > 100) return 0;
    for (int i = 1; i <= n; i++) scanf("%lld", &a[i]);
    while (q--) {
        scanf("%d %d", &l, &r);
        sum = 0;
        if (l <= r) {
            for (int i = l; i <= r; i++) sum += a[i];
        } else {
            for (int i = l; i <= n; i++) sum += a[i];
            for (int i = 1; i <= r; i++) sum += a[i];
        }
        printf("%lld\n", sum);
    }
    return 0;
}
