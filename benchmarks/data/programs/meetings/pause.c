/* Wants a pause between two groups. */
#include <stdio.h>

int s[8000], e[8000];

int main(void) {
    int n, count = 0, last = -1;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d %d", &s[i], &e[i]);
    while (1) {
        int next = -1;
        for (int i = 0; i < n; i++)
            if (s[i] > last && (next == -1 || e[i] < e[next])) next = i;
        if (next == -1) break;
        last = e[next];
        count++;
    }
    printf("%d\n", count);
    return 0;
}
