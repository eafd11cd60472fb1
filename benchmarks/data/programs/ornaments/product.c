/* Takes the product for the least common multiple. */
#include <stdio.h>

long long upto(long long last, long long x, long long y) {
    return last / x + last / y - 2 * (last / (x * y));
}

int main(void) {
    long long a, b, x, y;
    scanf("%lld %lld %lld %lld", &a, &b, &x, &y);
    printf("%lld\n", upto(b, x, y) - upto(a - 1, x, y));
    return 0;
}
