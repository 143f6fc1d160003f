#ifndef LEASH_BASE_DECOMPRESS_H
#define LEASH_BASE_DECOMPRESS_H

#include "base/inflate.h"

/* Single files that are compressed: gzip (RFC 1952), zstd (RFC 8878), xz (the .xz file format,
 * version 1.1) and bzip2, each also several one behind the other.  They are unpacked piece by piece, so that what
 * came before damage or a cut comes out.  Memory: gzip 50 KiB; bzip2 4 MiB; zstd and xz what the file
 * asks for, up to DECOMPRESS_MEMORY_MAX, beyond which it counts as damaged. */
enum decompress_kind { DECOMPRESS_NONE, DECOMPRESS_GZIP, DECOMPRESS_ZSTD, DECOMPRESS_XZ, DECOMPRESS_BZIP2 };

enum { DECOMPRESS_HEAD_BYTES = 18, DECOMPRESS_MEMORY_MAX = 256 << 20 };

/* By the first DECOMPRESS_HEAD_BYTES bytes, or by all where there are less. */
enum decompress_kind decompress_kind_of(struct bytes head);

struct decompress;

/* `kind` is not NONE. */
struct decompress *decompress_new(enum decompress_kind kind, struct inflate_limit limit);
void decompress_free(struct decompress *u); /* NULL is fine */

/* As inflate_feed, with the same promises, but takes all it is given.  END: so far all streams are complete, and
 * another may follow. */
__attribute__((warn_unused_result))
enum inflate_status decompress_feed(struct decompress *u, struct bytes in, inflate_out *out, void *user);

/* So many bytes at the end of what was fed were not unpacked: behind a complete stream, something that
 * is not another; else behind damage or a limit. */
uint64_t decompress_unused(const struct decompress *u);

#endif
