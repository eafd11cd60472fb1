/* All numbers up to n. */
#include <stdio.h>

int best[1000001];

int main(void) {
    int n, m;
    scanf("%d %d", &n, &m);
    if (n > 1000000) {
        printf("0\n");
        return 0;
    }
    for (int i = 1; i <= n; i++) {
        best[i] = 1000;
        for (int k = 1; k < m && k <= i; k++)
            if (best[i - k] + 1 < best[i]) best[i] = best[i - k] + 1;
        if (i % m == 0 && best[i / m] + 1 < best[i]) best[i] = best[i / m] + 1;
    }
    printf("%d\n", best[n]);
    return 0;
}
