#include <stdio.h>
#include <stdlib.h>

typedef struct {
    int start, end;
} Group;

Group groups[8000];

int by_end(const void *x, const void *y) {
    const Group *a = x, *b = y;
    if (a->end != b->end) return a->end < b->end ? -1 : 1;
    return a->start < b->start ? -1 : a->start > b->start;
}

int main(void) {
    int n, count = 0, free_from = 0;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d %d", &groups[i].start, &groups[i].end);
    qsort(groups, n, sizeof(Group), by_end);
    for (int i = 0; i < n; i++) {
        if (groups[i].start >= free_from) {
            free_from = groups[i].end;
            count++;
        }
    }
    printf("%d\n", count);
    return 0;
}
