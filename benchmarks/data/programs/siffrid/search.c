/* Tries all numbers of as many digits. */
#include <stdio.h>

int digit_sum(int n) {
    int sum = 0;
    while (n) {
        sum += n % 10;
        n /= 10;
    }
    return sum;
}

int main(void) {
    int n, first = 1;
    scanf("%d", &n);
    while (n / first >= 10) first *= 10;
    int low = n, high = n, wanted = digit_sum(n);
    while (low > first && digit_sum(low) != wanted) low--;
    for (int i = n; i >= first; i--)
        if (digit_sum(i) == wanted) low = i;
    for (int i = n; i < 10LL * first; i++)
        if (digit_sum(i) == wanted) high = i;
    printf("%d %d\n", low, high);
    return 0;
}
