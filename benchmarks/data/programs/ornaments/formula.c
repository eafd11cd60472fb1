#include <stdio.h>

long long gcd(long long a, long long b) {
    while (b) {
        long long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int main(void) {
    long long a, b, x, y;
    scanf("%lld %lld %lld %lld", &a, &b, &x, &y);
    long long both = x / gcd(x, y) * y;
    long long stars = b / x - (a - 1) / x;
    long long bells = b / y - (a - 1) / y;
    long long twice = b / both - (a - 1) / both;
    printf("%lld\n", stars + bells - 2 * twice);
    return 0;
}
