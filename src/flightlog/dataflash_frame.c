#include "flightlog/dataflash_frame.h"

#include <string.h>

void dataflash_walk_init(struct dataflash_walk *w, struct bytes area)
{
    *w = (struct dataflash_walk){ .area = area };
    w->bytes[DATAFLASH_FMT] = DATAFLASH_FMT_BYTES;
}

/* Bytes of the record of a known type that begins there, 0 when none does. */
static size_t head_at(const struct dataflash_walk *w, size_t at)
{
    if (w->area.len - at < DATAFLASH_HEAD)
        return 0;
    const uint8_t *p = w->area.at + at;
    return p[0] == 0xa3 && p[1] == 0x95 ? w->bytes[p[2]] : 0;
}

/* A whole record, with another one or the end behind it. */
static bool surely(const struct dataflash_walk *w, size_t at)
{
    const size_t len = head_at(w, at);

    if (len == 0 || len > w->area.len - at)
        return false;
    return at + len == w->area.len || head_at(w, at + len) > 0 ||
           (w->area.len - at - len < DATAFLASH_HEAD && w->area.at[at + len] == 0xa3);
}

/* The mark of a record with up to two wrong bits in it, or a whole one before a type that is not defined. */
static bool was_head(const struct dataflash_walk *w, size_t at)
{
    enum { WRONG_MAX = 2 };

    if (w->area.len - at < DATAFLASH_HEAD)
        return true;
    return __builtin_popcount((unsigned)(w->area.at[at] ^ 0xa3)) +
        __builtin_popcount((unsigned)(w->area.at[at + 1] ^ 0x95)) <= WRONG_MAX;
}

static size_t next_sure(const struct dataflash_walk *w, size_t at, size_t until)
{
    while (at < until) {
        const uint8_t *mark = memchr(w->area.at + at, 0xa3, until - at);
        if (!mark)
            return until;
        at = (size_t)(mark - w->area.at);
        if (surely(w, at))
            return at;
        at++;
    }
    return until;
}

static void give(struct dataflash_walk *w, size_t len, struct dataflash_frame *ret)
{
    ret->whole = bytes_part(w->area, w->at, len);
    ret->type = ret->whole.at[2];
    w->at += len;
}

bool dataflash_walk_search(struct dataflash_walk *w, struct dataflash_frame *ret)
{
    const size_t from = w->at, left = w->area.len - from;
    size_t len = left > 0 ? head_at(w, from) : 0;

    ret->lost_bytes = 0;
    ret->lost_to_cut = false;
    if (left == 0)
        return false;
    /* Where no record follows it, either that is damaged, and then it still looks like one; or this one's
     * type is wrong, and with it its length. */
    if (len > 0 && len <= left &&
        (surely(w, from) || (was_head(w, from + len) && next_sure(w, from + 1, from + len) == from + len))) {
        give(w, len, ret);
        return true;
    }
    ret->lost_to_cut = len > left || (len == 0 && left < DATAFLASH_HEAD);
    w->at = next_sure(w, from + 1, w->area.len);
    ret->lost_at = w->area.origin + from;
    ret->lost_bytes = w->at - from;
    if (w->at == w->area.len)
        return false;
    ret->lost_to_cut = false;
    len = head_at(w, w->at);
    give(w, len, ret);
    return true;
}
