/* Counts in 32 bits. */
#include <stdio.h>

int gcd(int a, int b) { return b ? gcd(b, a % b) : a; }

int main(void) {
    int a, b, x, y;
    scanf("%d %d %d %d", &a, &b, &x, &y);
    int both = x / gcd(x, y) * y;
    int before = (a - 1) / x + (a - 1) / y - 2 * ((a - 1) / both);
    printf("%d\n", b / x + b / y - 2 * (b / both) - before);
    return 0;
}
