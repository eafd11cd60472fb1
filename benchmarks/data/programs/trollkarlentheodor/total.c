/* Shares the explosions evenly. */
#include <stdio.h>

int main(void) {
    int n;
    long long s, a, sum = 0, h, most = 0;
    scanf("%d %lld %lld", &n, &s, &a);
    for (int i = 0; i < n; i++) {
        scanf("%lld", &h);
        sum += h;
        if (h > most) most = h;
    }
    long long each = n * a + s;
    long long shots = (sum + each - 1) / each;
    while (shots * (a + s) < most) shots++;
    printf("%lld\n", shots);
    return 0;
}
