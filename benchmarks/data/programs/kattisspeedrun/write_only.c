/* Never solves a problem. */
#include <stdio.h>

int main(void) {
    long long s, p, a, b;
    scanf("%lld %lld %lld %lld", &s, &p, &a, &b);
    printf("%lld\n", (p - 2 * s + 1) * b);
    return 0;
}
