#ifndef LEASH_REPORT_PMTILES_H
#define LEASH_REPORT_PMTILES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/cursor.h"

/* Map tiles in one file, PMTiles version 3 (github.com/protomaps/PMTiles, spec/v3/spec.md): a header of 127 bytes,
 * directories of tiles, metadata in JSON, and the tiles.  All integers are little-endian; directories are columns of
 * varints, compressed.
 *
 * The file is untrusted: of a directory, of metadata and of a tile no more is read and unpacked than the limits
 * below. */
enum {
    PMTILES_HEADER_BYTES = 127,
    PMTILES_DIRECTORY_MAX = 4 << 20,   /* packed; unpacked four times that */
    PMTILES_ENTRIES_MAX = 1 << 20,     /* of one directory */
    PMTILES_DEPTH_MAX = 4,             /* directories in directories: writers make two */
    PMTILES_METADATA_MAX = 1 << 20,
    PMTILES_TILE_MAX = 2 << 20,        /* packed; unpacked four times that */
    PMTILES_ZOOM_MAX = 24,
};

enum pmtiles_kind { PMTILES_UNKNOWN, PMTILES_VECTOR, PMTILES_PNG, PMTILES_JPEG, PMTILES_WEBP, PMTILES_AVIF };

struct pmtiles_part {
    uint64_t offset, length;
};

struct pmtiles {
    struct pmtiles_part root, metadata, leaves, tiles;
    uint8_t packed_inside, packed_tiles;  /* 1 none, 2 gzip, 3 brotli, 4 zstd */
    enum pmtiles_kind kind;
    uint8_t min_zoom, max_zoom;
    /* Where the file's bytes come from: false when there are not so many. */
    bool (*read)(void *user, uint64_t offset, void *into, size_t len);
    void *user;
    /* The directory that was looked into last: neighbours lie in the same one. */
    struct buffer last;
    uint64_t last_at;
};

/* INVALID: no PMTiles; UNSUPPORTED: another version, or packed in a way that is not read (gzip, zstd and plain are).
 * `ret` has nothing to read from yet: set `read` and `user`, and end with pmtiles_done. */
__attribute__((warn_unused_result))
enum parse_status pmtiles_header(struct bytes head, struct pmtiles *ret);
void pmtiles_done(struct pmtiles *p);

/* The number of a tile along the Hilbert curve, all zooms one after the other.  x and y are below 2^zoom, zoom at most
 * PMTILES_ZOOM_MAX. */
uint64_t pmtiles_id(unsigned zoom, uint32_t x, uint32_t y);

/* The tile, unpacked, added to `into`.  OK: it is there; TRUNCATED: the file has no such tile; INVALID: a directory or
 * the tile is damaged or goes beyond a limit. */
__attribute__((warn_unused_result))
enum parse_status pmtiles_tile(struct pmtiles *p, uint64_t id, struct buffer *into);
/* The JSON of the metadata, unpacked. */
__attribute__((warn_unused_result))
enum parse_status pmtiles_metadata(struct pmtiles *p, struct buffer *into);

/* Where a tile is, in a directory that is unpacked.  OK, a tile or (run of 0) a further directory; TRUNCATED: it is not
 * there; INVALID. */
struct pmtiles_entry {
    uint64_t id, offset, length, run;
};
__attribute__((warn_unused_result))
enum parse_status pmtiles_find(struct bytes directory, uint64_t id, struct pmtiles_entry *ret);

#endif
