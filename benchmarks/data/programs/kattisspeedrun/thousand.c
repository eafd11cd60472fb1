/* Tries all pairs of numbers, up to a thousand of each. */
#include <stdio.h>

int main(void) {
    long long s, p, a, b, best = 1LL << 60;
    scanf("%lld %lld %lld %lld", &s, &p, &a, &b);
    for (int solved = 0; solved <= 1000; solved++) {
        for (int made = 0; made <= 1002; made++) {
            if (2 * (s + solved + made) > p + made) {
                if (solved * a + made * b < best) best = solved * a + made * b;
            }
        }
    }
    printf("%lld\n", best);
    return 0;
}
