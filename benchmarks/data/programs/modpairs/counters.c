/* A counter for each remainder, up to a thousand. */
#include <stdio.h>

int main(void) {
    int n, k, a, count[1001] = {0};
    long long teams = 0;
    scanf("%d %d", &n, &k);
    if (k > 1000) k = 1000;
    for (int i = 0; i < n; i++) {
        scanf("%d", &a);
        teams += count[(k - a % k) % k];
        count[a % k]++;
    }
    printf("%lld\n", teams);
    return 0;
}
