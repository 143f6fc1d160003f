#include "flightlog/tlog_frame.h"

#include <string.h>

#include "fact/fact.h"

#define NEAR_US (INT64_C(3) * 24 * 3600 * 1000000)
#define STEP_US INT64_C(10000000)
#define STAMP_MAX_US INT64_C(4102444800000000) /* 2100 */
enum { LINK_BITS = 3 };

void tlog_walk_init(struct tlog_walk *w, struct bytes area)
{
    *w = (struct tlog_walk){ .area = area, .last_us = FACT_UNKNOWN_INT };
}

/* A stamp that can be one and a frame that is not cut off. */
static bool record_at(struct bytes from, struct tlog_record *ret)
{
    struct cursor c = cursor_over(from);
    const uint64_t stamp = cursor_u64be(&c);

    if (c.failed || stamp > (uint64_t)STAMP_MAX_US)
        return false;
    ret->at_us = (int64_t)(stamp & ~(uint64_t)LINK_BITS);
    return mavlink_frame_read(c.rest, &ret->frame);
}

bool tlog_record_at(struct bytes from, struct tlog_record *ret)
{
    return record_at(from, ret) && ret->frame.good;
}

static bool near_each_other(int64_t one_us, int64_t other_us)
{
    return one_us - other_us < NEAR_US && other_us - one_us < NEAR_US;
}

static bool steps(int64_t one_us, int64_t other_us)
{
    return one_us - other_us > STEP_US || other_us - one_us > STEP_US;
}

static bool is_near(const struct tlog_walk *w, int64_t at_us)
{
    return !fact_known_int(w->last_us) || near_each_other(w->last_us, at_us);
}

/* The end, or what can be the head of a record. */
static bool plausible(const struct tlog_walk *w, size_t at)
{
    struct cursor c = cursor_over(bytes_part(w->area, at, TLOG_STAMP + 1));
    const uint64_t stamp = cursor_u64be(&c);
    const uint8_t magic = cursor_u8(&c);

    if (at == w->area.len)
        return true;
    return !c.failed && (magic == 0xfe || magic == 0xfd) && stamp <= (uint64_t)STAMP_MAX_US &&
        is_near(w, (int64_t)stamp);
}

/* A record whose time fits the log's, or that is followed by another one: logs are put together, too. */
static size_t next_good(const struct tlog_walk *w, size_t at)
{
    struct tlog_record r, next;

    for (; at + TLOG_STAMP < w->area.len; at++) {
        const uint8_t magic = w->area.at[at + TLOG_STAMP];
        if ((magic == 0xfe || magic == 0xfd) && tlog_record_at(bytes_part(w->area, at, UINT64_MAX), &r) &&
            (is_near(w, r.at_us) ||
             (tlog_record_at(bytes_part(w->area, at + TLOG_STAMP + r.frame.whole.len, UINT64_MAX), &next) &&
              near_each_other(r.at_us, next.at_us))))
            return at;
    }
    return w->area.len;
}

/* The check does not cover the time: one that leaps is believed when that of the next record agrees. */
static void follow_time(struct tlog_walk *w, struct tlog_record *ret, size_t next)
{
    struct cursor c = cursor_over(bytes_part(w->area, next, TLOG_STAMP));
    const uint64_t after = cursor_u64be(&c);

    ret->doubted_time = !fact_known_int(w->last_us) || steps(w->last_us, ret->at_us);
    if (ret->doubted_time && !c.failed && after <= (uint64_t)STAMP_MAX_US && !steps((int64_t)after, ret->at_us))
        ret->doubted_time = false;
    if (!fact_known_int(w->last_us) && c.failed)
        ret->doubted_time = false; /* the only one there is */
    if (!ret->doubted_time)
        w->last_us = ret->at_us;
}

static bool take(struct tlog_walk *w, struct tlog_record *ret)
{
    if (!record_at(bytes_part(w->area, w->at, UINT64_MAX), ret))
        return false;
    const size_t next = w->at + TLOG_STAMP + ret->frame.whole.len;
    if (!ret->frame.good && (!is_near(w, ret->at_us) || !plausible(w, next)))
        return false;
    ret->bad = !ret->frame.good && ret->frame.message;
    ret->doubted_time = false;
    if (ret->frame.good)
        follow_time(w, ret, next);
    w->at = next;
    return true;
}

bool tlog_walk_next(struct tlog_walk *w, struct tlog_record *ret)
{
    const size_t from = w->at;

    ret->lost_bytes = 0;
    ret->lost_to_cut = false;
    if (from == w->area.len)
        return false;
    if (take(w, ret))
        return true;
    w->at = next_good(w, from + 1);
    ret->lost_at = w->area.origin + from;
    ret->lost_bytes = w->at - from;
    ret->lost_to_cut = w->at == w->area.len && (w->at - from <= TLOG_STAMP || plausible(w, from));
    return w->at < w->area.len && take(w, ret);
}
