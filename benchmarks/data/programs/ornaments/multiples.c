/* The least common multiple by stepping through the multiples of y. */
#include <stdio.h>

long long divisible(long long a, long long b, long long d) {
    long long first = (a + d - 1) / d, last = b / d;
    return last >= first ? last - first + 1 : 0;
}

int main(void) {
    long long a, b, x, y, both;
    scanf("%lld %lld %lld %lld", &a, &b, &x, &y);
    both = y;
    while (both % x != 0) both += y;
    printf("%lld\n", divisible(a, b, x) + divisible(a, b, y) - 2 * divisible(a, b, both));
    return 0;
}
