/* Preloaded before the C library: counts the calls that change files below one folder, and strikes at one of them.

   Whatever writes through the C library is caught, SQLite and Python alike. Nothing is struck before `strike_arm`. Not
   thread-safe: what is tortured has one thread. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COUNT, FAIL, FAIL_ON, KILL, TEAR, CUT };         /* what to do at the call */
enum { WRITE = 1, SYNC = 2, SIZE = 4, MAKE = 8, NAME = 16 }; /* sorts of call */

static char folder[PATH_MAX];
static size_t length;
static long calls, at, of_sort[32];
static int armed, action, code, sorts;
static unsigned long chance;

/* What a power cut takes back: writes that no sync has confirmed, file by file, and names in folders. */
struct change { off_t offset, size; char *before, *after; size_t had, count; struct change *older, *newer; };
struct file { dev_t device; ino_t inode; int handle; struct change *last, *first; struct file *next; };
struct name { char path[PATH_MAX]; struct name *next; };
static struct file *files;
static struct name *names;

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int below(const char *path) {
    char whole[PATH_MAX];
    if (path[0] != '/') {
        if (!getcwd(whole, sizeof whole)) return 0;
        size_t end = strlen(whole);
        snprintf(whole + end, sizeof whole - end, "/%s", path);
        path = whole;
    }
    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

static int ours(int handle) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size <= 0) return 0;
    path[size] = 0;
    return path[0] == '/' && (below(path) || strcmp(path, folder) == 0); /* not a pipe */
}

static ssize_t put(int handle, const void *bytes, size_t count, off_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off_t);
    return real(handle, bytes, count, offset);
}

static int resize(int handle, off_t size) {
    REAL(int, "ftruncate64", int, off_t);
    return real(handle, size);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* --- a power cut --- */

static struct file *file_of(int handle, int make) {
    struct stat state;
    if (fstat(handle, &state) || !S_ISREG(state.st_mode)) return NULL;
    for (struct file *file = files; file; file = file->next)
        if (file->device == state.st_dev && file->inode == state.st_ino) return file;
    if (!make) return NULL;
    struct file *file = calloc(1, sizeof *file);
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    *file = (struct file){state.st_dev, state.st_ino, open(link, O_RDWR), NULL, NULL, files};
    return files = file;
}

/* Note what a write, or a truncation where `bytes` is NULL, is about to change. */
static void note(int handle, const void *bytes, size_t count, off_t offset) {
    if (action != CUT) return;
    struct stat state;
    struct file *file = file_of(handle, 1);
    if (!file || fstat(handle, &state)) return;
    struct change *change = calloc(1, sizeof *change);
    change->offset = offset;
    change->size = state.st_size;
    change->count = count;
    size_t range = bytes ? count : offset < state.st_size ? (size_t)(state.st_size - offset) : 0;
    if (range) {
        change->before = malloc(range);
        ssize_t had = pread(file->handle, change->before, range, offset);
        change->had = had > 0 ? (size_t)had : 0;
    }
    if (bytes) change->after = memcpy(malloc(count ? count : 1), bytes, count);
    change->older = file->last;
    if (file->last) file->last->newer = change; else file->first = change;
    file->last = change;
}

static void confirmed(int handle) {
    struct file *file = file_of(handle, 0);
    if (file) file->first = file->last = NULL;
    else names = NULL; /* a folder */
}

static int drawn(void) {
    chance = chance * 6364136223846793005UL + 1442695040888963407UL;
    return chance >> 63;
}

/* Nothing that was not confirmed is sure to be there: each change is lost or kept by chance, in any order. */
static void cut(void) {
    for (struct file *file = files; file; file = file->next) {
        for (struct change *change = file->last; change; change = change->older) {
            if (change->had) put(file->handle, change->before, change->had, change->offset);
            resize(file->handle, change->size);
        }
        for (struct change *change = file->first; change; change = change->newer)
            if (drawn()) {
                if (change->after) put(file->handle, change->after, change->count, change->offset);
                else resize(file->handle, change->offset);
            }
    }
    REAL(int, "unlink", const char *);
    for (struct name *name = names; name; name = name->next)
        if (drawn()) real(name->path);
    die();
}

/* --- counting and striking --- */

/* Whether this call fails, with errno set. Kills, where that is asked for. */
static int struck(int sort) {
    if (!armed) return 0;
    of_sort[sort]++;
    if (!(sort & sorts)) return 0;
    calls++;
    if (calls < at || (calls > at && action != FAIL_ON)) return 0;
    if (action == KILL || (action == TEAR && sort != WRITE)) die();
    if (action == CUT) cut();
    if (action != FAIL && action != FAIL_ON) return 0;
    errno = code;
    return 1;
}

static int torn(void) { return armed && action == TEAR && calls == at; }

void strike_arm(const char *where, long call, int what, int error, int which, unsigned long seed) {
    strncpy(folder, where, sizeof folder - 1);
    length = strlen(folder);
    calls = 0, at = call, action = what, code = error, sorts = which, chance = seed * 2 + 1;
    for (int turn = 0; turn < 8; turn++) drawn();
    armed = 1;
}

long strike_calls(int sort) { return of_sort[sort]; }

/* --- the calls --- */

#define PWRITE(symbol)                                                                                     \
    ssize_t symbol(int handle, const void *bytes, size_t count, off_t offset) {                            \
        if (!armed || !ours(handle)) return put(handle, bytes, count, offset);                     \
        if (struck(WRITE)) return -1;                                                                      \
        if (torn()) { put(handle, bytes, count / 2, offset); die(); }                                      \
        note(handle, bytes, count, offset);                                                                \
        return put(handle, bytes, count, offset);                                                          \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

ssize_t write(int handle, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!armed || !ours(handle)) return real(handle, bytes, count);
    if (struck(WRITE)) return -1;
    if (torn()) { real(handle, bytes, count / 2); die(); }
    note(handle, bytes, count, lseek(handle, 0, SEEK_CUR));
    return real(handle, bytes, count);
}

#define FTRUNCATE(symbol)                                                                                  \
    int symbol(int handle, off_t size) {                                                                   \
        if (armed && ours(handle)) {                                                                       \
            if (struck(SIZE)) return -1;                                                                   \
            note(handle, NULL, 0, size);                                                                   \
        }                                                                                                  \
        return resize(handle, size);                                                                       \
    }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

#define FSYNC(symbol)                                                                                      \
    int symbol(int handle) {                                                                               \
        REAL(int, #symbol, int);                                                                           \
        if (!armed || !ours(handle)) return real(handle);                                                  \
        if (struck(SYNC)) return -1;                                                                       \
        int done = real(handle);                                                                           \
        if (!done) confirmed(handle);                                                                      \
        return done;                                                                                       \
    }
FSYNC(fsync)
FSYNC(fdatasync)

#define REFUSED(flags, path) (armed && ((flags) & O_CREAT) && below(path) && access(path, F_OK) && struck(MAKE))
#define MODE(mode, flags)                                                                                  \
    mode_t mode = 0;                                                                                       \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                                 \
        va_list more;                                                                                      \
        va_start(more, flags);                                                                             \
        mode = va_arg(more, mode_t);                                                                       \
        va_end(more);                                                                                      \
    }
#define OPEN(symbol)                                                                                       \
    int symbol(const char *path, int flags, ...) {                                                         \
        MODE(mode, flags)                                                                                  \
        REAL(int, #symbol, const char *, int, ...);                                                        \
        return REFUSED(flags, path) ? -1 : real(path, flags, mode);                                        \
    }
OPEN(open)
OPEN(open64)
#define OPENAT(symbol)                                                                                     \
    int symbol(int at_folder, const char *path, int flags, ...) {                                          \
        MODE(mode, flags)                                                                                  \
        REAL(int, #symbol, int, const char *, int, ...);                                                   \
        return REFUSED(flags, path) ? -1 : real(at_folder, path, flags, mode);                             \
    }
OPENAT(openat)
OPENAT(openat64)

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    if (armed && below(path) && !access(path, F_OK) && struck(NAME)) return -1;
    return real(path);
}

int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    if (armed && below(to)) {
        if (struck(NAME)) return -1;
        struct name *name = calloc(1, sizeof *name);
        if (realpath(from, name->path)) {
            strncpy(strrchr(name->path, '/') + 1, strrchr(to, '/') ? strrchr(to, '/') + 1 : to, NAME_MAX);
            name->next = names;
            names = name;
        }
    }
    return real(from, to);
}
