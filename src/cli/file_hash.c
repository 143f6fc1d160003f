#include "cli/file_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int file_hash(const char *path, char hex[SHA256_HEX])
{
    static uint8_t piece[1 << 18];
    uint8_t digest[SHA256_BYTES];
    struct stat st;
    size_t n;

    /* Where a file was, a pipe may be now: do not wait for it. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode))) {
        close(fd);
        return -EINVAL;
    }
    FILE *f = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (!f)
        return -errno;
    struct sha256 *h = sha256_new();
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        sha256_add(h, (struct bytes){ .at = piece, .len = n });
    const int error = ferror(f) ? -EIO : 0;
    fclose(f);
    sha256_finish(h, digest);
    sha256_free(h);
    if (!error)
        hash_hex(digest, sizeof digest, hex);
    return error;
}
