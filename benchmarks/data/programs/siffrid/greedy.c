#include <stdio.h>
#include <string.h>

int main(void) {
    char n[20], low[20], high[20];
    int sum = 0;
    scanf("%19s", n);
    int length = strlen(n);
    for (int i = 0; i < length; i++) sum += n[i] - '0';
    int left = sum;
    for (int i = 0; i < length; i++) {
        int digit = left < 9 ? left : 9;
        high[i] = '0' + digit;
        left -= digit;
    }
    left = sum - 1;
    for (int i = length - 1; i >= 0; i--) {
        int most = i ? 9 : 8;
        int digit = left < most ? left : most;
        low[i] = '0' + digit;
        left -= digit;
    }
    low[0]++;
    low[length] = high[length] = 0;
    printf("%s %s\n", low, high);
    return 0;
}
