#ifndef LEASH_FLIGHTLOG_ULOG_FRAME_H
#define LEASH_FLIGHTLOG_ULOG_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/* Walks the records of a ULog: length u16, type u8, content (docs.px4.io, ULog File Format).
 * Nothing in a record tells that it is whole; so a data record must have the length of its
 * topic's format, every other one must be followed by something that can be a record, and
 * behind damage the walk goes on where records fit to each other again. */

enum { ULOG_HEADER = 16, ULOG_HEAD = 3, ULOG_APPENDED_MAX = 3, ULOG_PART_BEGINS = 0 };

struct ulog_record {
    uint8_t type;             /* 'F', 'D' ...; ULOG_PART_BEGINS, without content: appended data follows */
    bool misfit;              /* 'D': of a topic not subscribed to, or not of its format's length.
                               * A type that is not in the specification is always one. */
    struct bytes content;
    uint64_t offset;          /* of the record in the item */
    uint64_t lost_at, lost_bytes; /* before this record: these belong to none.  0 bytes: nothing lost */
    bool lost_to_cut;         /* they begin like a record that goes on behind the end (of the part) */
};

struct ulog_walk {
    struct bytes area;        /* the whole log */
    size_t at, end;           /* of the part being read: the log itself, or data appended to it */
    size_t parts[ULOG_APPENDED_MAX + 1];
    unsigned part, part_count;
    unsigned parts_moved;     /* that did not begin where the header says */
    uint16_t least[65536], most[65536]; /* bytes of content by data id, its 2 bytes included; most 0: not subscribed */
};

/* `whole` begins with the header. */
void ulog_walk_init(struct ulog_walk *w, struct bytes whole);

/* From here on data records of `id` have so many bytes behind their id; 0, 0: no more. */
void ulog_walk_expect(struct ulog_walk *w, uint16_t id, uint32_t least, uint32_t most);

/* Data was appended at these offsets: reading begins anew there, whatever is before it, if a record begins
 * there; else what was being read goes on.  Offsets that do not lie ahead, in order and inside the log are
 * left out; gives how many were. */
unsigned ulog_walk_appended(struct ulog_walk *w, const uint64_t offsets[ULOG_APPENDED_MAX]);

/* Every way: behind damage, at the end of a part, or for records in doubt. */
bool ulog_walk_search(struct ulog_walk *w, struct ulog_record *ret);

/* Whether data of a topic's length begins at `at`, and ends before the part does; gives its content's length. */
static inline bool ulog_walk_data_at(const struct ulog_walk *w, size_t at, size_t *ret_len)
{
    if (w->end - at <= ULOG_HEAD + 2)
        return false;
    const uint8_t *p = w->area.at + at;
    const size_t len = (size_t)(p[0] | p[1] << 8);
    const unsigned id = (unsigned)(p[3] | p[4] << 8);

    *ret_len = len;
    return p[2] == 'D' && len <= w->most[id] && len >= w->least[id] && len <= w->end - at - ULOG_HEAD;
}

/* False at the end; then lost_bytes tells what is left there.  Data with data behind it, which is nearly all there is,
 * is what it seems; of any other record, what follows it must be looked at. */
static inline bool ulog_walk_next(struct ulog_walk *w, struct ulog_record *ret)
{
    size_t len, next_len;

    if (!ulog_walk_data_at(w, w->at, &len) || !ulog_walk_data_at(w, w->at + ULOG_HEAD + len, &next_len))
        return ulog_walk_search(w, ret);
    ret->type = 'D';
    ret->misfit = false;
    ret->offset = w->area.origin + w->at;
    ret->content = (struct bytes){ .at = w->area.at + w->at + ULOG_HEAD, .len = len, .origin = ret->offset + ULOG_HEAD };
    ret->lost_bytes = 0;
    w->at += ULOG_HEAD + len;
    return true;
}

#endif
