/* Forms teams of a player with himself, too. */
#include <stdio.h>

int a[6000];

int main(void) {
    int n, k;
    long long teams = 0;
    scanf("%d %d", &n, &k);
    for (int i = 0; i < n; i++) {
        scanf("%d", &a[i]);
        for (int j = 0; j <= i; j++)
            if ((a[i] + (long long)a[j]) % k == 0) teams++;
    }
    printf("%lld\n", teams);
    return 0;
}
