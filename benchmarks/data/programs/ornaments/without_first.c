/* Forgets tree a. */
#include <stdio.h>

long long gcd(long long a, long long b) { return b ? gcd(b, a % b) : a; }

int main(void) {
    long long a, b, x, y, both;
    scanf("%lld %lld %lld %lld", &a, &b, &x, &y);
    both = x / gcd(x, y) * y;
    printf("%lld\n", b / x - a / x + b / y - a / y - 2 * (b / both - a / both));
    return 0;
}
