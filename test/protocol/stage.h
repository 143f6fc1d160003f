#ifndef LEASH_TEST_PROTOCOL_STAGE_H
#define LEASH_TEST_PROTOCOL_STAGE_H

#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "build.h"
#include "fake_conversation.h"

/* One conversation at a time, and the rows it gave. */
static struct fake_conversation fake;
static struct kept_facts kept;

static inline void stage(const struct protocol *p, bool over_tcp, int64_t port)
{
    kept_facts_init(&kept);
    fake_begin(&fake, p, &kept.sink, over_tcp, port);
}

static inline void unstage(void)
{
    fake_done(&fake);
    kept_facts_done(&kept);
}

#define BYTES(literal) ((struct bytes){ .at = (const uint8_t *)(literal), .len = sizeof(literal) - 1 })

static inline void say(enum direction d, struct bytes b, size_t step)
{
    if (fake.c.over_tcp)
        fake_stream(&fake, d, b, step);
    else
        fake_datagram(&fake, d, b);
}

static inline struct bytes bytes_of(const char *s)
{
    return (struct bytes){ .at = (const uint8_t *)s, .len = strlen(s) };
}

static inline const struct fact_request *request_row(size_t nth)
{
    const struct fact_request *r = kept_facts_row(&kept, FACT_REQUEST, nth);

    assert_non_null(r);
    return r;
}

static inline const struct fact_device *device_row(size_t nth)
{
    const struct fact_device *r = kept_facts_row(&kept, FACT_DEVICE, nth);

    assert_non_null(r);
    return r;
}

static inline void assert_identifier(size_t nth, const char *kind, const char *value)
{
    const struct fact_identifier *r = kept_facts_row(&kept, FACT_IDENTIFIER, nth);

    assert_non_null(r);
    assert_text_equal(r->kind, kind);
    assert_text_equal(r->value, value);
}

static inline size_t sweep_one(const struct protocol *p, bool over_tcp, int64_t port, struct bytes b, size_t step)
{
    stage(p, over_tcp, port);
    fake.recognised = over_tcp;
    say(DIRECTION_OUT, b, step);
    fake_end(&fake);
    const size_t rows = kept.count;
    unstage();
    return rows;
}

/* Every length shorter than `whole`, each in a copy of its exact size, and every bit of it flipped.  No cut
 * may give more rows than the whole. */
static inline void sweep(const struct protocol *p, bool over_tcp, int64_t port, struct bytes whole)
{
    const size_t rows = sweep_one(p, over_tcp, port, whole, 0);
    struct buffer copy;

    buffer_init(&copy, whole.len);
    buffer_add(&copy, whole.at, whole.len);
    for (size_t len = 0; len < whole.len; len++)
        assert_true(sweep_one(p, over_tcp, port, bytes_part(whole, 0, len), len % 7) <= rows);
    for (size_t bit = 0; bit < whole.len * 8; bit++) {
        copy.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        (void)sweep_one(p, over_tcp, port, buffer_bytes(&copy), 0);
        copy.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    buffer_done(&copy);
}

#endif
