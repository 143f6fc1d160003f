#ifndef LEASH_FACT_WIRE_H
#define LEASH_FACT_WIRE_H

#include "base/buffer.h"
#include "base/cursor.h"
#include "fact/fact.h"

/* Rows as bytes, between a reader and its parent.  Both are the same program, but the
 * parent decodes as if the reader were hostile, because a reader that was taken over
 * by its input is. */

enum { WIRE_ROW_MAX = 1024 * 1024 };

/* Appends the row to `to`.  False, and `to` as it was, when it does not fit there or
 * is larger than WIRE_ROW_MAX. */
__attribute__((warn_unused_result))
bool wire_encode(struct buffer *to, enum fact_kind kind, const void *row, int64_t number);

/* A log has a position every tenth of a second, and from one to the next only numbers change, as they do from one edit
 * of its scrubbed copy to the next: such rows travel together, as one.  What else they have is of a few forms, as the
 * aircraft, its home and its operator take turns.  All rows of `to` are put by wire_put; whoever takes bytes out of it
 * calls wire_run_end. */
enum { WIRE_FORMS_MAX = 8, WIRE_FORM_NUMBERS = 2, WIRE_FORM_TEXTS = 4 };

struct wire_form {
    int64_t numbers[WIRE_FORM_NUMBERS];    /* of a position flight, media; of an edit fill */
    struct text texts[WIRE_FORM_TEXTS];    /* subject, time_basis, alt_ref, the only step of the origin or unknown;
                                            * action, kind, what */
};

struct wire_run {
    struct buffer *to;
    size_t at;             /* where the row begins that can be gone on with, or SIZE_MAX */
    enum fact_kind kind;   /* of that */
    unsigned count, newest;
    struct wire_run_form {
        struct wire_form form;
        char texts[256];   /* what its texts are */
    } forms[WIRE_FORMS_MAX];
};

void wire_run_init(struct wire_run *run, struct buffer *to);
void wire_run_end(struct wire_run *run);
/* As wire_encode. */
__attribute__((warn_unused_result))
bool wire_put(struct wire_run *run, enum fact_kind kind, const void *row, int64_t number);

/* Rows that travelled with one of their kind, and of which forms they are. */
struct wire_more {
    struct cursor rest;
    enum fact_kind kind;
    unsigned count, newest;
    struct wire_form forms[WIRE_FORMS_MAX];
};

static inline bool wire_has_more(const struct wire_more *more)
{
    return more->rest.rest.len > 0;
}

/* Takes one row.  Texts are views into the input, lists and the row itself are in `arena`.
 * The row has no head.id and no head.evidence.  `ret_more` are those that travelled with it, for wire_more. */
__attribute__((warn_unused_result))
enum parse_status wire_decode(struct cursor *c, struct arena *arena, enum fact_kind *ret_kind, void **ret_row,
                              struct wire_more *ret_more);
/* Makes the row, as wire_decode gave it, the next one of those that travelled with it; asked while wire_has_more.  The
 * row's steps may then be in `more`. */
__attribute__((warn_unused_result))
enum parse_status wire_more(struct wire_more *more, void *row);

#endif
