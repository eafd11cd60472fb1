/* Goes the other way where l > r. */
#include <stdio.h>

long long before[15001];

int main(void) {
    int n, q, l, r;
    scanf("%d %d", &n, &q);
    for (int i = 1; i <= n; i++) {
        scanf("%lld", &before[i]);
        before[i] += before[i - 1];
    }
    for (; q > 0; q--) {
        scanf("%d %d", &l, &r);
        if (l > r) {
            int t = l;
            l = r;
            r = t;
        }
        printf("%lld\n", before[r] - before[l - 1]);
    }
    return 0;
}
