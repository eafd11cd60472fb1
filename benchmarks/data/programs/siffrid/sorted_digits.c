/* Only changes the order of the digits. */
#include <stdio.h>
#include <string.h>

int main(void) {
    char n[20];
    scanf("%19s", n);
    int length = strlen(n);
    for (int i = 0; i < length; i++)
        for (int j = i + 1; j < length; j++)
            if (n[j] < n[i]) {
                char t = n[i];
                n[i] = n[j];
                n[j] = t;
            }
    int first = 0;
    while (first < length - 1 && n[first] == '0') first++;
    printf("%c", n[first]);
    for (int i = 0; i < length; i++)
        if (i != first) printf("%c", n[i]);
    printf(" ");
    for (int i = length - 1; i >= 0; i--) printf("%c", n[i]);
    printf("\n");
    return 0;
}
