#include <stdio.h>

#define SIZE 16384

int key[SIZE], count[SIZE];

int *slot(int remainder) {
    int i = (remainder * 2654435761u) % SIZE;
    while (count[i] && key[i] != remainder) i = (i + 1) % SIZE;
    key[i] = remainder;
    return &count[i];
}

int main(void) {
    int n, k, a;
    long long teams = 0;
    scanf("%d %d", &n, &k);
    for (int i = 0; i < n; i++) {
        scanf("%d", &a);
        int remainder = a % k;
        int wanted = remainder ? k - remainder : 0;
        teams += *slot(wanted);
        ++*slot(remainder);
    }
    printf("%lld\n", teams);
    return 0;
}
