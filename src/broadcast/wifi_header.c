#include "broadcast/wifi_header.h"

#include <zlib.h>

#include "broadcast/wifi_frame.h"

enum { CHECK_BYTES = 4 };
enum check { CHECK_UNKNOWN, CHECK_THERE, CHECK_GONE };

/* A beacon or probe response whose last element ends with it: no check sequence stands behind.  One that did would be
 * taken for an element of its own length at most.  Most frames without a word about it are such, and this is cheaper
 * than the sum. */
static bool ends_with_an_element(struct bytes f)
{
    enum { HEADER = 24, FIXED = 8 + 2 + 2, TYPE = 0x0c, PROTECTED_OR_LONGER = 0xc0 };
    struct cursor c = cursor_over(bytes_part(f, HEADER + FIXED, UINT64_MAX));
    struct wifi_element e;

    if (f.len <= HEADER + FIXED || (f.at[0] & TYPE) || (f.at[1] & PROTECTED_OR_LONGER) ||
        (f.at[0] >> 4 != WIFI_BEACON && f.at[0] >> 4 != WIFI_PROBE_RESPONSE))
        return false;
    while (wifi_element_next(&c, &e))
        if (c.rest.len == 0)
            return 2 + e.body.len > CHECK_BYTES;
    return false;
}

/* The frame ends where the check sequence begins, in the part that was captured. */
static void drop_check(struct wifi_header *h, uint64_t frame_len, enum check check)
{
    const struct bytes f = h->frame;

    if (frame_len < CHECK_BYTES || check == CHECK_GONE)
        return;
    if (check == CHECK_UNKNOWN) {
        if (f.len < frame_len)
            return; /* the end was not captured, and nothing can be said about it */
        if (ends_with_an_element(f))
            return;
        struct cursor last = cursor_over(bytes_part(f, f.len - CHECK_BYTES, CHECK_BYTES));
        if (crc32(0, f.at, (uInt)(f.len - CHECK_BYTES)) != cursor_u32le(&last))
            return;
    }
    h->frame = bytes_part(f, 0, frame_len - CHECK_BYTES);
}

enum {
    RADIOTAP_TSFT = 0, RADIOTAP_FLAGS = 1, RADIOTAP_RATE = 2, RADIOTAP_CHANNEL = 3, RADIOTAP_FHSS = 4,
    RADIOTAP_SIGNAL = 5, RADIOTAP_EXT = 31, RADIOTAP_WORDS_MAX = 32,
    FLAG_CHECK_THERE = 0x10, FLAG_PADDED = 0x20, FLAG_BAD_CHECK = 0x40,
};

/* Fields stand in the order of their bits, each aligned to its own size from the start of
 * the header; those behind the signal are not needed. */
static void radiotap_fields(struct bytes header, uint32_t present, size_t at, struct wifi_header *h, enum check *check)
{
    static const struct { uint8_t align, size; } shape[] = {
        [RADIOTAP_TSFT] = { 8, 8 }, [RADIOTAP_FLAGS] = { 1, 1 }, [RADIOTAP_RATE] = { 1, 1 },
        [RADIOTAP_CHANNEL] = { 2, 4 }, [RADIOTAP_FHSS] = { 1, 2 }, [RADIOTAP_SIGNAL] = { 1, 1 },
    };

    for (unsigned bit = 0; bit < sizeof shape / sizeof *shape; bit++) {
        if (!(present >> bit & 1))
            continue;
        at = (at + shape[bit].align - 1) & ~(size_t)(shape[bit].align - 1);
        struct cursor c = cursor_over(bytes_part(header, at, shape[bit].size));
        at += shape[bit].size;
        if (c.rest.len < shape[bit].size)
            return;
        if (bit == RADIOTAP_FLAGS) {
            const uint8_t flags = cursor_u8(&c);
            *check = flags & FLAG_CHECK_THERE ? CHECK_THERE : CHECK_GONE;
            h->bad_check = flags & FLAG_BAD_CHECK;
            h->padded = flags & FLAG_PADDED;
        } else if (bit == RADIOTAP_CHANNEL) {
            h->frequency_mhz = cursor_u16le(&c);
        } else if (bit == RADIOTAP_SIGNAL) {
            h->signal_dbm = (int8_t)cursor_u8(&c);
        }
    }
}

static enum parse_status radiotap(struct bytes record, struct wifi_header *h, enum check *check)
{
    struct cursor c = cursor_over(record);
    const uint8_t version = cursor_u8(&c);
    uint32_t present, more;

    cursor_skip(&c, 1);
    const uint16_t len = cursor_u16le(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (version != 0)
        return PARSE_UNSUPPORTED;
    if (len < 8)
        return PARSE_INVALID;
    if (len > record.len)
        return PARSE_TRUNCATED;
    const struct bytes header = bytes_part(record, 0, len);
    c = cursor_over(header);
    cursor_skip(&c, 4);
    present = more = cursor_u32le(&c);
    for (int words = 1; more >> RADIOTAP_EXT & 1; words++) {
        more = cursor_u32le(&c);
        if (c.failed || words == RADIOTAP_WORDS_MAX)
            return PARSE_INVALID;
    }
    radiotap_fields(header, present, (size_t)(c.rest.at - header.at), h, check);
    h->frame = bytes_part(record, len, UINT64_MAX);
    return PARSE_OK;
}

enum { AVS_LEN_MIN = 28, PRISM_LEN = 144, PRISM_MESSAGE = 0x44, PRISM_MESSAGE_OLD = 0x41, RECORD_MAX = 4096 };
#define AVS_MAGIC      0x80211000u
#define AVS_MAGIC_MASK 0xfffff000u

static enum parse_status avs(struct bytes record, struct wifi_header *h)
{
    struct cursor c = cursor_over(record);
    const uint32_t magic = cursor_u32be(&c), len = cursor_u32be(&c);

    cursor_skip(&c, 8 + 8 + 4); /* two clocks, kind of radio */
    const uint32_t channel = cursor_u32be(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    if ((magic & AVS_MAGIC_MASK) != AVS_MAGIC)
        return PARSE_INVALID;
    if (len < AVS_LEN_MIN || len > RECORD_MAX)
        return PARSE_INVALID;
    if (len > record.len)
        return PARSE_TRUNCATED;
    if (channel > 2000 && channel < 8000) /* drivers put a channel number or a frequency here */
        h->frequency_mhz = (int)channel;
    h->frame = bytes_part(record, len, UINT64_MAX);
    return PARSE_OK;
}

/* In the byte order of the machine that captured. */
static enum parse_status prism(struct bytes record, struct wifi_header *h)
{
    struct cursor c = cursor_over(record);
    const uint32_t first = cursor_u32be(&c);
    uint32_t len = cursor_u32be(&c);

    if (c.failed)
        return PARSE_TRUNCATED;
    if ((first & AVS_MAGIC_MASK) == AVS_MAGIC)
        return avs(record, h);
    const bool big = first == PRISM_MESSAGE || first == PRISM_MESSAGE_OLD;
    const uint32_t swapped = __builtin_bswap32(first);
    if (!big && swapped != PRISM_MESSAGE && swapped != PRISM_MESSAGE_OLD)
        return PARSE_INVALID;
    if (!big)
        len = __builtin_bswap32(len);
    if (len < 8 || len > RECORD_MAX)
        return PARSE_INVALID;
    if (len > record.len)
        return PARSE_TRUNCATED;
    h->frame = bytes_part(record, len, UINT64_MAX);
    return PARSE_OK;
}

enum { PPI_HEADER = 8, PPI_COMMON = 2, PPI_CHECK_THERE = 1, PPI_BAD_CHECK = 4 };

static void ppi_common(struct cursor c, struct wifi_header *h, enum check *check)
{
    cursor_skip(&c, 8); /* clock */
    const uint16_t flags = cursor_u16le(&c);
    cursor_skip(&c, 2); /* rate */
    const uint16_t frequency = cursor_u16le(&c);
    cursor_skip(&c, 2 + 2); /* channel flags, hopping */
    const int8_t signal = (int8_t)cursor_u8(&c);
    if (c.failed)
        return;
    *check = flags & PPI_CHECK_THERE ? CHECK_THERE : CHECK_GONE;
    h->bad_check = flags & PPI_BAD_CHECK;
    h->frequency_mhz = frequency;
    h->signal_dbm = signal == -128 ? 0 : signal;
}

static enum parse_status ppi(struct bytes record, struct wifi_header *h, enum check *check)
{
    struct cursor c = cursor_over(record);
    const uint8_t version = cursor_u8(&c);

    cursor_skip(&c, 1);
    const uint16_t len = cursor_u16le(&c);
    const uint32_t inside = cursor_u32le(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (version != 0 || inside != LINKTYPE_IEEE802_11)
        return PARSE_UNSUPPORTED;
    if (len < PPI_HEADER)
        return PARSE_INVALID;
    if (len > record.len)
        return PARSE_TRUNCATED;
    for (c = cursor_over(bytes_part(record, PPI_HEADER, len - PPI_HEADER)); c.rest.len >= 4; ) {
        const uint16_t type = cursor_u16le(&c), size = cursor_u16le(&c);
        const struct bytes field = cursor_take(&c, size);
        if (!c.failed && type == PPI_COMMON)
            ppi_common(cursor_over(field), h, check);
    }
    h->frame = bytes_part(record, len, UINT64_MAX);
    return PARSE_OK;
}

enum parse_status wifi_header_parse(uint32_t link_type, struct bytes record, uint64_t original_len,
                                    struct wifi_header *ret)
{
    struct wifi_header h = { .frame = record };
    enum check check = CHECK_UNKNOWN;
    enum parse_status status = PARSE_OK;

    switch (link_type) {
    case LINKTYPE_RADIOTAP: status = radiotap(record, &h, &check); break;
    case LINKTYPE_PRISM:    status = prism(record, &h); break;
    case LINKTYPE_AVS:      status = avs(record, &h); break;
    case LINKTYPE_PPI:      status = ppi(record, &h, &check); break;
    case LINKTYPE_IEEE802_11: break;
    default: return PARSE_UNSUPPORTED;
    }
    if (status != PARSE_OK)
        return status;
    const uint64_t header_len = h.frame.origin - record.origin;
    drop_check(&h, original_len > record.len ? original_len - header_len : h.frame.len, check);
    *ret = h;
    return PARSE_OK;
}
