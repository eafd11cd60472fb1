/* Tries every number of as many digits, and gives up on long ones. */
#include <stdio.h>

static int digit_sum(int n) {
    int sum = 0;
    for (; n; n /= 10) sum += n % 10;
    return sum;
}

int main(void) {
    int n, low = 1, smallest = 0, largest = 0;
    if (scanf("%d", &n) != 1 || n > 100000) return 1;
    while (low * 10 <= n) low *= 10;
    for (int i = low; i < 10 * low; i++)
        if (digit_sum(i) == digit_sum(n)) {
            if (!smallest) smallest = i;
            largest = i;
        }
    printf("%d %d\n", smallest, largest);
    return 0;
}
