/* Looks at all pairs. */
#include <stdio.h>

int a[6000];

int main(void) {
    int n, k, teams = 0;
    scanf("%d %d", &n, &k);
    for (int i = 0; i < n; i++) scanf("%d", &a[i]);
    for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
            if (((long long)a[i] + a[j]) % k == 0) teams++;
        }
    }
    printf("%d\n", teams);
    return 0;
}
