// promise: folders without permissions and files with odd names are wiped away
// expect: ok
// runs: 2
#include "probe.h"
int main(void) {
  mkdir("locked", 0777);
  close(open("locked/in", O_CREAT | O_WRONLY, 0));
  mkdir("locked/deep", 0777);
  close(open("locked/deep/in", O_CREAT | O_WRONLY, 0));
  close(open("-rf", O_CREAT | O_WRONLY, 0));
  close(open("new\nline", O_CREAT | O_WRONLY, 0));
  close(open("\xff\xfe", O_CREAT | O_WRONLY, 0));
  close(open(".hidden", O_CREAT | O_WRONLY, 0));
  if (symlink("/", "root") < 0 || symlink("loop", "loop") < 0) return 1;
  if (mkfifo("fifo", 0666) < 0) return 1;
  chmod("locked/deep", 0);
  chmod("locked", 0);
  chmod(".", 0);
  return 0;
}
