#ifndef LEASH_TEST_BROADCAST_BUILD_H
#define LEASH_TEST_BROADCAST_BUILD_H

#include <string.h>

#include "support/support.h"

/* Bytes put one behind the other. */
struct made {
    uint8_t at[2048];
    size_t len;
};

static inline void put(struct made *m, const void *at, size_t len)
{
    assert_true(m->len + len <= sizeof m->at);
    memcpy(m->at + m->len, at, len);
    m->len += len;
}

#define PUT(m, ...) put(m, (const uint8_t[]){ __VA_ARGS__ }, sizeof (const uint8_t[]){ __VA_ARGS__ })
#define PUT_TEXT(m, literal) put(m, literal, sizeof (literal) - 1)

static inline void put_zeros(struct made *m, size_t n)
{
    while (n-- > 0)
        PUT(m, 0);
}

static inline void put_text_padded(struct made *m, const char *text, size_t width)
{
    put(m, text, strlen(text));
    put_zeros(m, width - strlen(text));
}

static inline void put_le(struct made *m, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++)
        PUT(m, (uint8_t)(value >> 8 * i));
}

static inline struct bytes made_bytes(const struct made *m)
{
    return (struct bytes){ .at = m->at, .len = m->len };
}

/* Messages of ASTM F3411, 25 bytes each. */
static inline void put_basic_id(struct made *m, unsigned version, unsigned id_type, const char *id)
{
    PUT(m, (uint8_t)version, (uint8_t)(id_type << 4 | 2));
    put_text_padded(m, id, 20);
    put_zeros(m, 3);
}

static inline void put_location(struct made *m, unsigned version, int32_t latitude, int32_t longitude)
{
    PUT(m, (uint8_t)(0x10 | version), 0x22, 90, 40, 0xfc); /* airborne, east: 270 degrees, 10 m/s, -2 m/s */
    put_le(m, (uint32_t)latitude, 4);
    put_le(m, (uint32_t)longitude, 4);
    put_le(m, 2200, 2);         /* 100 m */
    put_le(m, 2241, 2);         /* 120.5 m */
    put_le(m, 2060, 2);         /* 30 m */
    PUT(m, 0x4a, 0x63);
    put_le(m, 12345, 2);
    PUT(m, 0x05, 0);
}

static inline void put_system(struct made *m, unsigned version, int32_t latitude, int32_t longitude, uint32_t timestamp)
{
    PUT(m, (uint8_t)(0x40 | version), 0x05);
    put_le(m, (uint32_t)latitude, 4);
    put_le(m, (uint32_t)longitude, 4);
    put_le(m, 1, 2);
    PUT(m, 3);
    put_le(m, 2400, 2), put_le(m, 2200, 2);
    PUT(m, 0x12);
    put_le(m, 2100, 2);
    put_le(m, timestamp, 4);
    PUT(m, 0);
}

static inline void put_operator_id(struct made *m, unsigned version, const char *id)
{
    PUT(m, (uint8_t)(0x50 | version), 0);
    put_text_padded(m, id, 20);
    put_zeros(m, 3);
}

/* Frames as records of a capture. */
struct heard {
    struct kept_facts facts;
    struct reading reading;
};

void heard_init(struct heard *h);
void heard_init_with(struct heard *h, const struct reading_options *options);
void heard_done(struct heard *h);
/* One frame, one second after the one before. */
void hear(struct heard *h, uint32_t link_type, struct bytes frame);
/* The end of the capture. */
void heard_end(struct heard *h);
const struct fact_broadcast *heard_broadcast(const struct heard *h, size_t nth);
bool is_odd(const struct fact_broadcast *b, const char *anomaly);

#endif
