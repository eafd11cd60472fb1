#include <stdio.h>

long long before[30001];

int main(void) {
    int n, q, l, r;
    scanf("%d %d", &n, &q);
    for (int i = 1; i <= n; i++) scanf("%lld", &before[i]);
    for (int i = 1; i <= n; i++) before[n + i] = before[i];
    for (int i = 1; i <= 2 * n; i++) before[i] += before[i - 1];
    while (q--) {
        scanf("%d %d", &l, &r);
        if (l > r) r += n;
        printf("%lld\n", before[r] - before[l - 1]);
    }
    return 0;
}
