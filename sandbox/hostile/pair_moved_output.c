// promise: an output that lives on under another number, or is opened again, is no end of the stream
// expect: ok
// interactor-expect: ok
// first: program
#include "probe.h"
int main(int argc, char **argv) {
  (void)argv;
  char line[64];
  if (argc == 1) {
    int copy = dup(1), again = open("/dev/stdout", O_WRONLY);
    close(1);
    doze(60);
    if (write(copy, "one\n", 4) != 4) return 1;
    close(copy);
    doze(60);
    if (fork() == 0) {
      doze(60);
      if (write(again, "two\n", 4) == 4) close(again);
      doze(3600000);
    }
    close(again);
    while (fgets(line, sizeof line, stdin)) continue;
    return 0;
  }
  if (!fgets(line, sizeof line, stdin) || strcmp(line, "one\n")) return 1;
  if (!fgets(line, sizeof line, stdin) || strcmp(line, "two\n")) return 2;
  return fgets(line, sizeof line, stdin) != NULL;
}
