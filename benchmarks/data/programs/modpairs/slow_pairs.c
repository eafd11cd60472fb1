/* Looks at all pairs, many times over. */
#include <stdio.h>

int a[6000];

int even(int x, int y, int k) {
    long long sum = x;
    volatile int step = 0;
    while (step < 30) step++;
    sum += y;
    return sum % k == 0;
}

int main(void) {
    int n, k, teams = 0;
    scanf("%d %d", &n, &k);
    for (int i = 0; i < n; i++) scanf("%d", &a[i]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (i < j && even(a[i], a[j], k)) teams++;
    printf("%d\n", teams);
    return 0;
}
