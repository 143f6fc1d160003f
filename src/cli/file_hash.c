#include "cli/file_hash.h"

#include <errno.h>
#include <stdio.h>

int file_hash(const char *path, char hex[SHA256_HEX])
{
    static uint8_t piece[1 << 18];
    uint8_t digest[SHA256_BYTES];
    FILE *f = fopen(path, "rbe");
    size_t n;

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
