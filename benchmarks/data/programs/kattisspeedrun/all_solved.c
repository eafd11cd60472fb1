#include <stdio.h>

int main(void) {
    long long s, p, a, b, best = 1LL << 60;
    scanf("%lld%lld%lld%lld", &s, &p, &a, &b);
    for (long long solved = 0; solved <= p; solved++) {
        long long made = p - 2 * (s + solved) + 1;
        if (made < 0) made = 0;
        if (a * solved + b * made < best) best = a * solved + b * made;
    }
    printf("%lld\n", best);
    return 0;
}
