/* Answers only questions that do not lead over seat n. */
#include <stdio.h>

long long upto[15001];

int main(void) {
    int n, q, l, r;
    scanf("%d %d", &n, &q);
    for (int i = 1; i <= n; i++) {
        scanf("%lld", upto + i);
        upto[i] += upto[i - 1];
    }
    while (q-- > 0) {
        scanf("%d %d", &l, &r);
        if (l <= r)
            printf("%lld\n", upto[r] - upto[l - 1]);
        else
            printf("0\n");
    }
    return 0;
}
