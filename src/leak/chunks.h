#ifndef LEASH_LEAK_CHUNKS_H
#define LEASH_LEAK_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/* Pieces of files that are cut where the content itself says so, so that the same pieces
 * come out of a part of the file, wherever it begins and in whatever order parts follow. */

/* About a kilobyte of compressed data, or some lines of text, lie between two cuts. */
enum { CHUNK_MIN = 128, CHUNK_MAX = 16 * 1024 };

/* State of cutting one stream; all zero is its beginning, and the state behind a gap. */
struct chunk_cutter {
    uint64_t hash;      /* of the whole words since the last cut */
    uint64_t word;      /* bytes since then that are no whole word yet */
    uint64_t window;    /* the last eight bytes of the stream, the newest on top */
    uint32_t len;       /* since the last cut; stays above CHUNK_MAX */
    bool cut;           /* there was one */
};

/* Goes on with `len` bytes; calls `each` for every piece that ends among them and has
 * CHUNK_MIN to CHUNK_MAX bytes.  `end` counts in `at`, behind the piece's last byte. */
void chunk_cut(struct chunk_cutter *c, const uint8_t *at, size_t len,
               void (*each)(void *user, uint64_t hash, uint32_t chunk_len, size_t end), void *user);

/* The known pieces of all files.  Of large files and cards only a sample is kept, chosen by
 * the pieces' hashes, so that searching knows as well which ones are not worth looking up:
 * at most CHUNKS_PER_FILE of a file (that many and some), CHUNKS_IN_ALL of all, 64 MiB. */
enum { CHUNKS_PER_FILE = 2048, CHUNK_NTH_MAX = 4096, CHUNKS_IN_ALL = 3 << 20, CHUNK_SHARED = -1 };

struct known_chunk {
    uint64_t hash;      /* 0: no entry */
    int32_t file;       /* or CHUNK_SHARED: in two files, so that it tells neither */
    uint16_t nth;       /* of its file, below CHUNK_NTH_MAX */
    bool head;          /* near the file's beginning, where files of one maker are alike */
};

struct chunk_set;

struct chunk_set *chunk_set_new(void);
void chunk_set_free(struct chunk_set *s); /* NULL is fine */
/* All files together will have so many bytes: of more than 8 GiB only every second, third ... megabyte
 * is looked at, so that learning a full card takes seconds.  To be called before the first. */
void chunk_set_expect(struct chunk_set *s, uint64_t total_bytes);
/* `file` counts from 0.  Files whose content is the same must not be added twice. */
void chunk_set_add(struct chunk_set *s, int32_t file, struct bytes content);
const struct known_chunk *chunk_set_find(const struct chunk_set *s, uint64_t hash); /* NULL: not known */
size_t chunk_set_count(const struct chunk_set *s);
/* Adds to `counts`, one for each file, how many of its pieces are known that no other file has. */
void chunk_set_count_by_file(const struct chunk_set *s, uint32_t *counts, size_t files);
/* One in so many of all pieces is kept; of large files fewer. */
uint64_t chunk_set_sampling(const struct chunk_set *s);

#endif
