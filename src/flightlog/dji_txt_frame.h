#ifndef LEASH_FLIGHTLOG_DJI_TXT_FRAME_H
#define LEASH_FLIGHTLOG_DJI_TXT_FRAME_H

#include "base/cursor.h"

/* Where the parts of a DJI text log lie, how its records are framed, and how their
 * bodies are masked.  Used by dji_txt.c alone; the table of the layout is in the .c. */

enum { DJI_TXT_VERSION_MAX = 14, DJI_TXT_CONTENT_MAX = 65535 };

/* The masking keys.  CRC-64 is linear, so the key for (seed, type) is the sum of a part
 * that hangs on seed + type and one that hangs on the seed: two small tables. */
struct dji_txt_keys {
    uint64_t of_start[256], of_seed[256];
};

void dji_txt_keys_init(struct dji_txt_keys *k);

/* The content of a masked body (seed byte, content, one trailing byte), written to
 * `into`, which has room for DJI_TXT_CONTENT_MAX bytes rounded up to eights.  The view's
 * origin is that of the masked bytes.  Empty for bodies of two bytes or less. */
struct bytes dji_txt_unmask(const struct dji_txt_keys *k, uint8_t type, const struct bytes *body, uint8_t *into);

struct dji_txt_layout {
    uint8_t version;
    bool wide;                /* record lengths are 16 bits wide */
    bool masked;              /* record bodies are XORed */
    bool cut;                 /* the prefix points past the end of the file */
    bool unclosed;            /* the prefix was never completed: the app did not end the log */
    struct bytes records;     /* the area to walk; pictures may be at its end */
    struct bytes details;     /* masked when details_masked; empty when there are none */
    uint16_t details_length;  /* as the prefix says */
    bool moved;               /* the summary and the end of the records are not where the prefix says */
    bool details_masked;      /* inside the first auxiliary block, see dji_txt_details_of_block */
    bool pictures_at_file_end;
    uint8_t department;       /* versions 13 and 14; 0 = unknown */
};

/* False when the prefix is not that of a DJI text log. */
__attribute__((warn_unused_result))
bool dji_txt_layout_read(struct bytes whole, struct dji_txt_layout *ret);

/* The details inside an unmasked first auxiliary block; empty when it is damaged. */
struct bytes dji_txt_details_of_block(struct bytes block);

/* Walks the records. */
struct dji_txt_walk {
    struct bytes area;
    size_t at;
    bool wide;
    bool stop_at_pictures;    /* end where a JPEG begins: nothing better is known */
    bool stopped_at_picture, cut;
    bool has_trailer;         /* version 13 and later close their records with a number */
    uint64_t pictures_from;   /* in the evidence item, when stopped there */
    uint64_t gaps, lost_bytes;
    uint64_t looks_left;      /* bytes that may still be looked through for swallowed records */
    uint32_t usual_length[256], last_length[256]; /* frame lengths by record type */
};

struct dji_txt_record {
    uint8_t type;
    struct bytes body;        /* as stored */
    uint64_t offset, length;  /* the whole frame, in the evidence item */
    uint64_t lost_before;     /* bytes that were skipped to find it */
};

/* Looks at the first records to learn how long each kind is. */
void dji_txt_walk_init(struct dji_txt_walk *w, struct bytes area, bool wide);

/* False at the end; then `ret` only says in lost_before what was skipped there. */
__attribute__((warn_unused_result))
bool dji_txt_walk_next(struct dji_txt_walk *w, struct dji_txt_record *ret);

/* Whether within the first bytes enough records of several kinds stand in a row that
 * this is no accident.  Cheap; for recognising logs without a readable summary. */
__attribute__((warn_unused_result))
bool dji_txt_walk_probe(struct bytes area, bool wide);

#endif
