/* Has room for two hundred players. */
#include <stdio.h>

int main(void) {
    int n, k, teams = 0;
    long long coins[200];
    scanf("%d %d", &n, &k);
    if (n > 200) n = 200;
    for (int i = 0; i < n; i++) scanf("%lld", &coins[i]);
    for (int i = 1; i < n; i++)
        for (int j = 0; j < i; j++) teams += (coins[i] + coins[j]) % k == 0;
    printf("%d\n", teams);
    return 0;
}
