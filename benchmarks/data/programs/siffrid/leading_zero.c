/* Lets the smallest begin with a zero. */
#include <stdio.h>
#include <string.h>

int main(void) {
    char n[20], low[20], high[20];
    int sum = 0;
    scanf("%19s", n);
    int length = strlen(n);
    for (int i = 0; i < length; i++) sum += n[i] - '0';
    int left = sum, right = sum;
    for (int i = 0; i < length; i++) {
        int digit = left < 9 ? left : 9;
        high[i] = '0' + digit;
        left -= digit;
        digit = right < 9 ? right : 9;
        low[length - 1 - i] = '0' + digit;
        right -= digit;
    }
    low[length] = high[length] = 0;
    printf("%s %s\n", low, high);
    return 0;
}
