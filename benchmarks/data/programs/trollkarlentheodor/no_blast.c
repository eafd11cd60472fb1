/* Does not know of A. */
#include <stdio.h>

int main(void) {
    int n;
    long long s, a, h, shots = 0;
    scanf("%d %lld %lld", &n, &s, &a);
    while (n--) {
        scanf("%lld", &h);
        shots += (h + s - 1) / s;
    }
    printf("%lld\n", shots);
    return 0;
}
