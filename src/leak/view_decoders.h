#ifndef LEASH_LEAK_VIEW_DECODERS_H
#define LEASH_LEAK_VIEW_DECODERS_H

#include "leak/decode.h"
#include "leak/polyline.h"
#include "leak/structure.h"
#include "leak/unpack.h"
#include "leak/view_child.h"

/* Inside of the decoding of views; for view_decode.c, view_unpack.c, view_runs.c and view_polyline.c only. */

enum {
    POLYLINE_STARTS = 4,      /* bytes before a polyline may look like one of it: a length does, and one in four of any */
    ENTRIES_MAX = 16,         /* of a zip file whose headers stand in one piece */
};

enum run_kind { RUN_ALPHABET, RUN_WIDE, RUN_PERCENT, RUN_BACKSLASH, RUN_CBOR, RUN_KINDS };

struct run; /* view_runs.c */

struct view_decoders {
    struct text_state *text;
    struct unpack *unpack;
    struct view *unpacked;
    struct run *runs[RUN_KINDS];
    uint64_t unpack_next, run_next[RUN_KINDS]; /* offsets before which nothing new may begin */
    uint64_t pending[ENTRIES_MAX];             /* offsets at which the data of entries of a zip file begin */
    uint8_t pending_count;
    uint64_t item_next;                        /* of the structure */
    uint64_t polyline_next;
    struct polyline polylines[POLYLINE_STARTS];
    enum unpack_kind unpack_kind;
    enum structure_kind structure;
    bool unpack_guessed;                       /* nothing but that it unpacks says that it is packed */
    bool unpack_refused;                       /* the budget is used up: what follows is not decoded */
    bool run_refused[RUN_KINDS];
    uint8_t polylines_open;                    /* as bits */
    struct view_xor *xored;
};

/* Of the view, made when first needed. */
struct view_decoders *decoders_of(struct view *v);

/* `at` are the bytes of the view from `offset` on. */
void unpack_begin(struct view *v, enum unpack_kind kind, const uint8_t *at, size_t len, uint64_t offset);
/* A stream without a sign of its own at at[0]: `seen` bytes of it are at hand, and they are
 * all there are if `whole`.  at[seen, len) may go on with it. */
bool unpack_begin_unsigned(struct view *v, const uint8_t *at, size_t seen, size_t len, bool whole, uint64_t offset);
/* The header of an entry of a zip file at at[0]; and what was announced so and begins in these bytes. */
void unpack_zip_entry(struct view *v, const uint8_t *at, size_t len, uint64_t offset);
void unpack_begin_pending(struct view *v, const uint8_t *at, size_t len, uint64_t base);
void unpack_more(struct view *v, const uint8_t *at, size_t len, uint64_t offset);
void unpack_close(struct view *v);

/* New runs that begin in [from, limit) of at[0, len), whose first byte has offset `base`. */
void runs_find(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, size_t from, size_t limit,
               uint64_t base);
/* Text with an escape at `mark`: from its beginning, as far as that can be seen, to its end. */
void runs_find_escaped(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, size_t mark, uint64_t base);
/* An open run takes what belongs to it of the next bytes, from `offset` on. */
void run_continue(struct view *v, enum run_kind kind, const uint8_t *at, size_t len, uint64_t offset);
void run_close(struct view *v, enum run_kind kind);

void polyline_begin(struct view *v, const uint8_t *at, size_t len, uint64_t offset);
void polyline_more(struct view *v, const uint8_t *at, size_t len, uint64_t offset);

#endif
