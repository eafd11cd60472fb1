/* Gives up on more than six digits. */
#include <stdio.h>

int main(void) {
    int n, sum = 0, low = 0, high = 0, length = 0;
    scanf("%d", &n);
    if (n > 999999) {
        printf("%d %d\n", n, n);
        return 0;
    }
    int first = 1;
    for (int rest = n; rest; rest /= 10) {
        sum += rest % 10;
        if (length++) first *= 10;
    }
    for (int i = first; i < first * 10; i++) {
        int digits = 0;
        for (int rest = i; rest; rest /= 10) digits += rest % 10;
        if (digits == sum) {
            if (!low) low = i;
            high = i;
        }
    }
    printf("%d %d\n", low, high);
    return 0;
}
