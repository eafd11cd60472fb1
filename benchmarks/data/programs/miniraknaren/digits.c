#include <stdio.h>

int main(void) {
    long long n, m, steps = 0;
    scanf("%lld %lld", &n, &m);
    while (n > 0) {
        if (n % m) steps++;
        n /= m;
        if (n > 0) steps++;
    }
    printf("%lld\n", steps);
    return 0;
}
