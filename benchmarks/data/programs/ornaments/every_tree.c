/* Looks at every tree. */
#include <stdio.h>

int main(void) {
    long long a, b, x, y, count = 0;
    scanf("%lld %lld %lld %lld", &a, &b, &x, &y);
    for (long long tree = a; tree <= b; tree++) {
        int star = tree % x == 0;
        int bell = tree % y == 0;
        if (star + bell == 1) count++;
    }
    printf("%lld\n", count);
    return 0;
}
