/*
 * Makes a chosen call to the file system go wrong, in a program that knows nothing of it: a shared library for
 * LD_PRELOAD. Only calls that concern chosen files are counted; all others go through untouched.
 *
 *   KILL_AT_FILES   what the path of a file has to contain for its calls to count; without it nothing is done
 *   KILL_AT_LIST    a file to which each counted call is appended: kind, path, and bytes or second path, with tabs
 *   KILL_AT_KIND    open, write, sync, rename, link or unlink; without it calls of every kind are counted together
 *   KILL_AT_CALL    which of them, from 1
 *   KILL_AT_ACTION  kill: SIGKILL before the call is done
 *                   kill-halfway: SIGKILL when a write has done half of its bytes, any other call before it is done
 *                   short: the write does half of its bytes and says so
 *                   errno N: the call fails with this error, and is not done
 *                   errno-from N: so do all that follow it, as on a disk that stays full
 *
 * Each process counts for itself, over all of its threads. The lock of a run's folder does not count when it is opened,
 * written or synced: its heartbeat comes by the clock, not by the work.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum action { NOTHING, KILL, KILL_HALFWAY, SHORT, FAIL, FAIL_FROM };

/* Set once, before main; calls that other libraries make still earlier find no files chosen. */
static const char *files;
static const char *list;
static const char *kind;
static long call;
static enum action action;
static int error_number;

static atomic_long counted;

__attribute__((constructor)) static void configure(void) {
  const char *number = getenv("KILL_AT_CALL");
  const char *what = getenv("KILL_AT_ACTION");
  list = getenv("KILL_AT_LIST");
  kind = getenv("KILL_AT_KIND");
  if (number != NULL) call = atol(number);
  if (what != NULL) {
    if (strcmp(what, "kill") == 0) action = KILL;
    if (strcmp(what, "kill-halfway") == 0) action = KILL_HALFWAY;
    if (strcmp(what, "short") == 0) action = SHORT;
    if (sscanf(what, "errno %d", &error_number) == 1) action = FAIL;
    if (sscanf(what, "errno-from %d", &error_number) == 1) action = FAIL_FROM;
  }
  files = getenv("KILL_AT_FILES");
}

/* By system calls of its own, so that what this library writes is not counted. */
static void append_to_list(const char *name, const char *path, const char *detail) {
  char line[2 * PATH_MAX + 64];
  int length = snprintf(line, sizeof line, "%s\t%s\t%s\n", name, path, detail);
  long descriptor = syscall(SYS_openat, AT_FDCWD, list, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) return;
  if (syscall(SYS_write, descriptor, line, length) != length) abort(); /* a list with holes would mislead */
  syscall(SYS_close, descriptor);
}

static void kill_process(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause(); /* the signal may reach another thread first */
}

static int is_heartbeat(const char *name, const char *path) {
  const char *end = strrchr(path, '/');
  int kept = strcmp(name, "rename") != 0 && strcmp(name, "link") != 0 && strcmp(name, "unlink") != 0;
  return kept && end != NULL && strcmp(end, "/.lock") == 0;
}

/* Counts a call that concerns a chosen file; tells what is to happen to it, unless it is the end of the process. */
static enum action count(const char *name, const char *path, const char *detail) {
  if (is_heartbeat(name, path)) return NOTHING;
  int saved = errno;
  if (list != NULL) append_to_list(name, path, detail);
  errno = saved;
  if (kind != NULL && strcmp(kind, name) != 0) return NOTHING;
  long number = atomic_fetch_add(&counted, 1) + 1;
  if (action == FAIL_FROM ? number < call : number != call) return NOTHING;
  if (action == KILL || (action == KILL_HALFWAY && strcmp(name, "write") != 0)) kill_process();
  return action;
}

static enum action count_paths(const char *name, const char *path, const char *other) {
  int chosen = files != NULL && (strstr(path, files) != NULL || strstr(other, files) != NULL);
  return chosen ? count(name, path, other) : NOTHING;
}

static enum action count_descriptor(const char *name, int descriptor, const char *detail) {
  char self[64], path[PATH_MAX];
  if (files == NULL) return NOTHING;
  int saved = errno;
  snprintf(self, sizeof self, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(self, path, sizeof path - 1);
  errno = saved;
  if (length < 0) return NOTHING;
  path[length] = '\0';
  return strstr(path, files) != NULL ? count(name, path, detail) : NOTHING;
}

static int fails(enum action what) {
  if (what != FAIL && what != FAIL_FROM) return 0;
  errno = error_number;
  return 1;
}

/* The function that this library stands in front of. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Whether a mode follows the flags; where none does, none may be read. */
static int has_mode(int flags) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

#define OPEN(name, parameters, ...)                              \
  int name parameters {                                          \
    va_list others;                                              \
    va_start(others, flags);                                     \
    mode_t mode = has_mode(flags) ? va_arg(others, mode_t) : 0;  \
    va_end(others);                                              \
    if (fails(count_paths("open", path, ""))) return -1;         \
    return NEXT(name)(__VA_ARGS__, flags, mode);                 \
  }
OPEN(open, (const char *path, int flags, ...), path)
OPEN(open64, (const char *path, int flags, ...), path)
OPEN(openat, (int folder, const char *path, int flags, ...), folder, path)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder, path)

/* How many bytes a write is to do: all, or half of them, but at least one. */
static size_t shortened(enum action what, size_t size) {
  return (what == SHORT || what == KILL_HALFWAY) && size > 1 ? size / 2 : size;
}

static enum action count_write(int descriptor, size_t size) {
  char bytes[32];
  snprintf(bytes, sizeof bytes, "%zu", size);
  return count_descriptor("write", descriptor, bytes);
}

ssize_t write(int descriptor, const void *data, size_t size) {
  enum action what = count_write(descriptor, size);
  if (fails(what)) return -1;
  ssize_t done = NEXT(write)(descriptor, data, shortened(what, size));
  if (what == KILL_HALFWAY) kill_process();
  return done;
}

#define PWRITE(name, offset_type)                                                             \
  ssize_t name(int descriptor, const void *data, size_t size, offset_type offset) {           \
    enum action what = count_write(descriptor, size);                                         \
    if (fails(what)) return -1;                                                               \
    ssize_t done = NEXT(name)(descriptor, data, shortened(what, size), offset);               \
    if (what == KILL_HALFWAY) kill_process();                                                 \
    return done;                                                                              \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

static size_t total(const struct iovec *pieces, int number) {
  size_t size = 0;
  for (int i = 0; i < number; i++) size += pieces[i].iov_len;
  return size;
}

/* Takes the first pieces, the last of them cut, that make so many bytes; returns how many pieces. */
static int begin(struct iovec *result, const struct iovec *pieces, int number, size_t size) {
  int taken = 0;
  for (; taken < number && taken < IOV_MAX && size > 0; taken++) {
    struct iovec piece = pieces[taken];
    if (piece.iov_len > size) piece.iov_len = size;
    size -= piece.iov_len;
    result[taken] = piece;
  }
  return taken;
}

#define WRITE_PIECES(name, parameters, ...)                                    \
  ssize_t name parameters {                                                    \
    size_t size = total(pieces, number);                                       \
    enum action what = count_write(descriptor, size);                          \
    struct iovec part[IOV_MAX];                                                \
    if (fails(what)) return -1;                                                \
    if (what == NOTHING) return NEXT(name)(descriptor, pieces, __VA_ARGS__);   \
    number = begin(part, pieces, number, shortened(what, size));               \
    ssize_t done = NEXT(name)(descriptor, part, __VA_ARGS__);                  \
    if (what == KILL_HALFWAY) kill_process();                                  \
    return done;                                                               \
  }
WRITE_PIECES(writev, (int descriptor, const struct iovec *pieces, int number), number)
WRITE_PIECES(pwritev, (int descriptor, const struct iovec *pieces, int number, off_t offset), number, offset)
WRITE_PIECES(pwritev64, (int descriptor, const struct iovec *pieces, int number, off64_t offset), number, offset)

int fsync(int descriptor) {
  return fails(count_descriptor("sync", descriptor, "")) ? -1 : NEXT(fsync)(descriptor);
}

int fdatasync(int descriptor) {
  return fails(count_descriptor("sync", descriptor, "")) ? -1 : NEXT(fdatasync)(descriptor);
}

int rename(const char *from, const char *to) {
  return fails(count_paths("rename", from, to)) ? -1 : NEXT(rename)(from, to);
}

int link(const char *from, const char *to) {
  return fails(count_paths("link", from, to)) ? -1 : NEXT(link)(from, to);
}

/* Node removes a file by unlink or, from version 23 on, by remove. */
int unlink(const char *path) {
  return fails(count_paths("unlink", path, "")) ? -1 : NEXT(unlink)(path);
}

int remove(const char *path) {
  return fails(count_paths("unlink", path, "")) ? -1 : NEXT(remove)(path);
}
