#ifndef LEASH_MEDIA_PHOTO_PACKED_H
#define LEASH_MEDIA_PHOTO_PACKED_H

#include "media/photo.h"

/* Blocks that were compressed, written in hexadecimal or cut in pieces are read from a copy.  While one is
 * read, all values and damage in it are told to stand in `at`, the bytes of the file that it was made from. */
struct photo_packed {
    struct fact_sink sink;      /* first: a pointer to it is a pointer to this */
    struct photo *photo;
    struct fact_sink *to;
    struct bytes at;
};

void photo_packed_begin(struct photo_packed *u, struct photo *p, struct bytes at);
void photo_packed_end(struct photo_packed *u);

/* zlib's format, into the arena.  What came out before damage or the limit stands, with a damage row.  Empty
 * when nothing did.  `budget_bytes` is what all of a file may unpack to, and is counted down. */
struct bytes photo_inflate(struct photo *p, struct bytes packed, const char *block_name, uint64_t *budget_bytes);

#endif
