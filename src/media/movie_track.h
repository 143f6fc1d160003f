#ifndef LEASH_MEDIA_MOVIE_TRACK_H
#define LEASH_MEDIA_MOVIE_TRACK_H

#include <stdbool.h>

#include "base/cursor.h"
#include "media/box_walk.h"
#include "media/movie_fragments.h"

/* One track of a movie (the `trak` box, ISO/IEC 14496-12, sections 8.3 to 8.8): what kind it is, and where in the
 * file each of its samples lies.  Only tables are read, never samples; all counts come from the
 * evidence and are bounded by the tables' true sizes. */
struct movie_track {
    struct bytes trak;          /* the box, for its place */
    uint32_t id;                /* tkhd; 0 = unknown */
    uint32_t handler;           /* 'vide', 'soun', 'meta', 'text' ...; 0 = unknown */
    struct bytes handler_name;  /* as it stands, Pascal or C string taken off */
    uint32_t entry_type;        /* of the first sample description: 'avc1', 'gpmd', 'camm', 'djmd' ...; 0 = none */
    struct bytes entry;         /* the body of that description */
    uint32_t entry_count;
    uint32_t timescale;         /* ticks a second; 0 = unknown */
    uint64_t duration;          /* ticks */
    uint64_t created_s;         /* mdhd, seconds since 1904-01-01 UTC by the format, often the device's clock; 0 = none */
    struct bytes data_reference; /* the children of dinf/dref, which may name other files */
    struct bytes udta;          /* of the track; empty = none */
    struct bytes stbl;          /* sample tables; empty = none */
    /* The tables' entries, without their heads. */
    struct bytes time_to_sample;      /* 8 bytes each: count, delta */
    struct bytes sample_to_chunk;     /* 12 bytes each: first chunk, samples in each, description */
    struct bytes sample_sizes;        /* 4 bytes each (or `size_bits`); empty when all are alike */
    struct bytes chunk_offsets;       /* 4 or 8 bytes each */
    uint32_t same_size;               /* of every sample; 0 = see the table */
    uint8_t size_bits;                /* 4, 8, 16 (stz2) or 32 (stsz) */
    bool long_offsets;                /* co64 */
    uint32_t sample_count;            /* as the table of sizes says */
    uint64_t entries_lost;            /* that the tables promise and have not: the tables are cut off */
    uint32_t boxes_wrong;             /* boxes of false size among its own */
    uint64_t first_wrong;             /* where the first one stands */
    const struct movie_context *context; /* NULL: no fragments are known */
    bool has_samples;                 /* in tables or fragments */
    int64_t edit_ticks;               /* what its edit list adds to the time of its samples, to give that of the movie */
    bool edits_left;                  /* the list does more than to begin earlier or later: times hold for its first part */
};

/* Reads the children of a `trak` box.  `context`, which may be NULL, must outlive the track.  OK: it has a handler or
 * samples.
 * INVALID: neither. */
__attribute__((warn_unused_result))
enum parse_status movie_track_open(struct bytes trak_body, const struct movie_context *context,
                                   struct movie_track *ret);

struct movie_sample {
    uint32_t number;            /* from 0 */
    uint64_t offset;            /* in the file */
    uint64_t size;
    struct bytes data;          /* what of it lies in the file */
    uint64_t time, duration;    /* ticks; time is the decoding time, without edit lists */
};

struct movie_samples {
    const struct movie_track *track;
    struct bytes file;
    uint32_t number;            /* of the next sample */
    uint32_t chunk, in_chunk;   /* the next sample's place */
    uint32_t stsc_entry;
    uint32_t per_chunk;
    uint64_t next_offset;
    uint32_t stts_entry, stts_left, delta;
    uint64_t time;
    bool in_fragments;          /* the samples of the tables are through */
    struct movie_fragment_walk fragments; /* behind the samples of the tables */
    uint64_t budget_bytes;
    bool overlapping;           /* samples share bytes without end: the walk stopped */
    bool tables_disagree;       /* the chunks hold fewer samples than there are sizes, or the other way */
};

/* The track must outlive the walk.  `file` is the whole file, whose first byte is what offsets count from. */
void movie_samples_init(struct movie_samples *s, const struct movie_track *track, struct bytes file);

/* In the order of the tables, then of the fragments.  False at the end.  A sample that lies (partly) outside has
 * data.len < size. */
bool movie_samples_next(struct movie_samples *s, struct movie_sample *ret);

/* For those who need only what parts of the file a track covers: the same samples, those of a chunk in one
 * run.  Not to be mixed with the above.  Uncompressed sound of QuickTime says 1 for the size of a sample
 * whatever it is (QuickTime File Format, "Sample Size Atoms"), so there a run may be too short. */
struct movie_run {
    uint64_t offset, size;
};
bool movie_samples_next_run(struct movie_samples *s, struct movie_run *ret);

#endif
