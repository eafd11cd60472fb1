/* Only solves, or only writes. */
#include <stdio.h>

int main(void) {
    long long s, p, a, b;
    scanf("%lld %lld %lld %lld", &s, &p, &a, &b);
    long long solve = (p / 2 + 1 - s) * a;
    long long write = (p - 2 * s + 1) * b;
    printf("%lld\n", solve < write ? solve : write);
    return 0;
}
