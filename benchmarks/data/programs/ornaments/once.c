/* Takes trees with both off once only. */
#include <stdio.h>

long long gcd(long long a, long long b) { return b ? gcd(b, a % b) : a; }

int main(void) {
    long long a, b, x, y;
    scanf("%lld %lld %lld %lld", &a, &b, &x, &y);
    long long both = x * y / gcd(x, y);
    long long one = b / x + b / y - b / both;
    long long two = (a - 1) / x + (a - 1) / y - (a - 1) / both;
    printf("%lld\n", one - two);
    return 0;
}
