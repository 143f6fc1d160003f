#ifndef LEASH_SCRUB_EDIT_H
#define LEASH_SCRUB_EDIT_H

#include "scrub/request.h"

/* A plan is a list of edits, each a range of the original's bytes and what stands there in the copy.  A
 * planner knows one format; it runs in a reader process and puts each edit as a row (FACT_EDIT).  It writes
 * nothing: scrub/apply.h makes the copy, and never looks at what the bytes mean.
 *
 *   replace   the range keeps its length, or (`bytes` alone, without `fill`) gets another
 *   remove    the range is left out
 *   left      nothing changes; the range is something that leash does not understand
 *
 * Order: an edit that changes a length lies behind all edits before it.  One that keeps it may lie
 * anywhere, also on top of others: the last one counts; after the first change of length anywhere behind that one, and
 * after a second one only behind all. */
struct plan {
    struct reading *r;
    const struct scrub_request *request;
    unsigned depth;        /* of pictures in pictures */
    bool note_needed;      /* the picture is developed with the help of its maker's note */
    bool fixed_length;     /* texts must not change theirs: they lie inside something that counts offsets */
};

/* More bytes than these are put by several edits. */
enum { EDIT_PIECE_BYTES = 64 * 1024 };

struct plan plan_begin(struct reading *r);

static inline bool plan_drops(const struct plan *p, enum scrub_kind kind)
{
    return p->request->drop >> kind & 1;
}

/* All of these do nothing when the kind is kept, or when the copy's bytes would be the same. */

void plan_fill(struct plan *p, struct bytes range, uint8_t byte, enum scrub_kind kind, const char *what);
/* `n` <= range.len: the rest keeps what it is. */
void plan_overwrite(struct plan *p, struct bytes range, const void *with, size_t n, enum scrub_kind kind,
                    const char *what);
/* The same, and the rest of the range becomes `byte`. */
void plan_overwrite_and_fill(struct plan *p, struct bytes range, const void *with, size_t n, uint8_t byte,
                             enum scrub_kind kind,
                             const char *what);
/* The range gets the length of `with`. */
void plan_exchange(struct plan *p, struct bytes range, struct text with, enum scrub_kind kind, const char *what);
void plan_remove(struct plan *p, struct bytes range, enum scrub_kind kind, const char *what);

/* Something that is not understood: filled when unknown things are to be stripped, else plan_left.  True: filled. */
bool plan_unknown(struct plan *p, struct bytes range, uint8_t byte, const char *what);
/* The same for what goes with a kind, though nobody knows what it says. */
bool plan_unknown_of_kind(struct plan *p, struct bytes range, enum scrub_kind kind, const char *what);
/* Told as left, whatever is asked for: there is no way to take it out.  Known values that stand in it become zeros. */
void plan_left(struct plan *p, struct bytes range, const char *what);
/* Pixels hang on the range, so it stays as it is: a known value in it, by whatever chance or trick, stays too.  Then
 * that is told, for whoever wonders why the copy fails. */
void plan_bound(struct plan *p, struct bytes range, const char *what);
/* The known values that stand in the range, in any of their forms (leak/forms.h): for places where anything may be
 * said. */
void plan_known_values(struct plan *p, struct bytes range, uint8_t byte, const char *what);
/* The same in bytes that are none of the file's, such as what something in it unpacks to.  Gives the kind of one that
 * was there; SCRUB_KIND_COUNT: none was. */
enum scrub_kind plan_blank_known(const struct plan *p, uint8_t *at, size_t len, uint8_t byte);
/* A text that a person or a program wrote: known values likewise, and what is written as serial numbers are, and is
 * none of them, is not understood. */
void plan_free_text(struct plan *p, struct bytes range, uint8_t byte, const char *what);

#endif
