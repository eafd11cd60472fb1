#include <stdio.h>

int main(void) {
    long long n, low = 1, high = 0, place = 1;
    int sum = 0, length = 0;
    scanf("%lld", &n);
    for (long long rest = n; rest > 0; rest /= 10) {
        sum += rest % 10;
        length++;
    }
    for (int i = 1; i < length; i++) low *= 10;
    int left = sum - 1;
    for (int i = 0; left > 0; i++) {
        int most = i == length - 1 ? 8 : 9;
        int digit = left > most ? most : left;
        low += digit * place;
        left -= digit;
        place *= 10;
    }
    left = sum;
    for (int i = 0; i < length; i++) {
        int digit = left > 9 ? 9 : left;
        high = high * 10 + digit;
        left -= digit;
    }
    printf("%lld %lld\n", low, high);
    return 0;
}
