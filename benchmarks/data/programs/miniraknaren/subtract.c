/* Takes away or divides, whichever goes, one by one. */
#include <stdio.h>

int main(void) {
    int n, m, steps = 0;
    scanf("%d %d", &n, &m);
    while (n) {
        if (n % m == 0)
            n /= m;
        else
            n -= n % m;
        steps += 1;
    }
    printf("%d\n", steps);
    return 0;
}
