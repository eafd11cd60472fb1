#include <stdio.h>

int main(void) {
    long long s, p, a, b;
    scanf("%lld %lld %lld %lld", &s, &p, &a, &b);
    long long lack = p - 2 * s + 1; /* a solved problem counts two, a new one one */
    long long twos = lack / 2, best = twos * a;
    if (lack % 2) best += a < b ? a : b;
    if (lack * b < best) best = lack * b;
    printf("%lld\n", best);
    return 0;
}
