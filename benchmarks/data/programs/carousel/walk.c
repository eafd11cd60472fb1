/* Walks from seat to seat. */
#include <stdio.h>

int sweets[15000];

int main(void) {
    int n, q, l, r;
    scanf("%d %d", &n, &q);
    for (int i = 0; i < n; i++) scanf("%d", &sweets[i]);
    while (q--) {
        scanf("%d %d", &l, &r);
        long long sum = sweets[l - 1];
        for (int seat = l - 1; seat != r - 1;) {
            seat = (seat + 1) % n;
            sum += sweets[seat];
        }
        printf("%lld\n", sum);
    }
    return 0;
}
