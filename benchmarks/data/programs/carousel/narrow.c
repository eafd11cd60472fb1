/* Sums in 32 bits. */
#include <stdio.h>

int before[15001];

int main(void) {
    int n, q, l, r, a;
    scanf("%d %d", &n, &q);
    for (int i = 1; i <= n; i++) {
        scanf("%d", &a);
        before[i] = before[i - 1] + a;
    }
    while (q--) {
        scanf("%d %d", &l, &r);
        int sum = before[r] - before[l - 1];
        if (l > r) sum += before[n];
        printf("%d\n", sum);
    }
    return 0;
}
