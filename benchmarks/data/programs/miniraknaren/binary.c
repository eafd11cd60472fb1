/* For M = 2. */
#include <stdio.h>

int main(void) {
    int n, m, steps = -1;
    scanf("%d %d", &n, &m);
    for (; n; n >>= 1) steps += 1 + (n & 1);
    printf("%d\n", steps);
    return 0;
}
