/* DJI mobile flight record: prefix, framing, masking.  Nobody published it; little-endian.
 * "measured" was checked on real logs of versions 4, 7, 8 and 14; "read" is taken from
 * lvauvillier/dji-log-parser (lib.rs, layout/prefix.rs, layout/auxiliary.rs, decoder.rs).
 *
 *   offset  size  field
 *        0     8  offset D of the details (v <= 11) or of the records (v >= 13)      measured
 *        8     2  length of the details: 400, or 436 from v12                        measured
 *       10     1  version                                                            measured
 *       11     1  0, or 1 and 2 in v14: meaning unknown
 *       12    88  v >= 6 only; zero in what we saw                                   measured
 *
 *   version  records from  records to   length  body
 *   1-5      12            D            u8      plain                                v4 measured
 *   6        100           D            u8      plain                                read
 *   7-11     100           D            u8      masked                               v7, v8 measured
 *   12       536           end of file  u8      masked; details plain at 100         read
 *   13, 14   D             end of file  u16     masked, most then AES                v14 measured
 *
 *   record   type u8, length, body, 0xFF                                             measured
 *   masked   seed u8, content, one byte without a known meaning                      measured
 *   v >= 13  at 100 two blocks: kind u8, length u16, body                            measured
 *            kind 0, masked with type 0: version u8, details length u16, details,
 *            signature length u16, signature;  kind 1: version u16, department u8, u8
 *
 * Pictures end the record area of versions before 12 and the file of later ones.  A log
 * that the app never closed has D = 0. */
#include "flightlog/dji_txt_frame.h"

#include <endian.h>

enum {
    PREFIX_SHORT = 12, PREFIX_LONG = 100, DETAILS_V12 = 436,
    SMALLEST_LOG = 16,
    CHAIN_MIN = 3,          /* records in a row that end a search: chance hits are one in 10^9 a byte */
    TRAILER_LENGTH = 4,     /* 39 30 00 00 closes the records of v14 */
    /* Dark RGBA pictures look like rows of one kind of record: several kinds are asked for. */
    PROBE_RECORDS = 8, PROBE_KINDS = 3, PROBE_SPAN = 4096,
    LOOKS_PER_BYTE = 16,    /* real logs need less than one; an evil one must not stand still */
    LEARNING_SPAN = 16384,  /* some ten seconds of flight */
};

#define CRC64_POLYNOMIAL_REFLECTED UINT64_C(0x95AC9329AC4BC9B5)
#define SEED_FACTOR UINT64_C(0x123456789ABCDEF0)

static const uint8_t trailer[TRAILER_LENGTH] = { 0x39, 0x30, 0, 0 };

static uint64_t crc64_of_eight(const uint64_t table[256], uint64_t crc, uint64_t eight)
{
    for (int i = 0; i < 8; i++, eight >>= 8)
        crc = crc >> 8 ^ table[(crc ^ eight) & 0xff];
    return crc;
}

void dji_txt_keys_init(struct dji_txt_keys *k)
{
    uint64_t table[256];

    for (unsigned i = 0; i < 256; i++) {
        uint64_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? CRC64_POLYNOMIAL_REFLECTED : 0);
        table[i] = crc;
    }
    for (unsigned i = 0; i < 256; i++) {
        k->of_start[i] = crc64_of_eight(table, i, 0);
        k->of_seed[i] = crc64_of_eight(table, 0, SEED_FACTOR * i);
    }
}

static inline uint64_t word_at(const uint8_t *at)
{
    uint64_t word;

    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

static inline void put_word(uint8_t *to, uint64_t word)
{
    word = htole64(word);
    memcpy(to, &word, sizeof word);
}

/* Of each record: the body is a pointer, because a copy of one that was just made waits for the making. */
struct bytes dji_txt_unmask(const struct dji_txt_keys *k, uint8_t type, const struct bytes *body, uint8_t *into)
{
    enum { SEED = 1, TRAILING = 1, WORD = 8 };

    if (body->len < SEED + TRAILING)
        return (struct bytes){ .at = into, .origin = body->origin + body->len };
    const uint8_t *masked = body->at + SEED, seed = *body->at;
    const uint64_t key = k->of_start[(uint8_t)(seed + type)] ^ k->of_seed[seed];
    const size_t length = body->len - SEED - TRAILING;
    size_t i = 0;

    for (; length - i >= WORD; i += WORD)
        put_word(into + i, word_at(masked + i) ^ key);
    if (i == length) {
        ;
    } else if (length >= WORD) { /* the last word once more, which the key begins elsewhere in */
        const unsigned turned = 8 * (length % WORD);
        put_word(into + length - WORD, word_at(masked + length - WORD) ^ (key >> turned | key << (64 - turned)));
    } else {
        for (; i < length; i++)
            into[i] = masked[i] ^ (uint8_t)(key >> 8 * i);
    }
    return (struct bytes){ .at = into, .len = length, .origin = body->origin + SEED };
}

/* The two blocks before the records of versions 13 and 14. */
static bool read_blocks(struct bytes whole, struct dji_txt_layout *layout, uint64_t *records_from)
{
    struct cursor c = cursor_over(bytes_part(whole, PREFIX_LONG, UINT64_MAX));
    const uint8_t details_kind = cursor_u8(&c);
    const struct bytes details = cursor_take(&c, cursor_u16le(&c));

    if (c.failed || details_kind != 0)
        return false;
    layout->details = details;
    layout->details_masked = true;

    const uint8_t version_kind = cursor_u8(&c);
    struct cursor version = cursor_over(cursor_take(&c, cursor_u16le(&c)));
    if (c.failed || version_kind != 1)
        return false;
    cursor_skip(&version, 2);
    layout->department = cursor_u8(&version);
    *records_from = c.rest.origin - whole.origin;
    return true;
}

static bool layout_of_13(struct bytes whole, uint64_t offset, struct dji_txt_layout *layout)
{
    uint64_t after_blocks = 0;
    const bool blocks = read_blocks(whole, layout, &after_blocks);

    layout->unclosed = offset == 0;
    layout->cut = offset > whole.len;
    if (offset >= PREFIX_LONG && offset <= whole.len)
        layout->records = bytes_part(whole, offset, UINT64_MAX);
    else if (blocks)
        layout->records = bytes_part(whole, after_blocks, UINT64_MAX);
    else
        return false;
    return true;
}

bool dji_txt_layout_read(struct bytes whole, struct dji_txt_layout *ret)
{
    struct cursor c = cursor_over(whole);
    const uint64_t offset = cursor_u64le(&c);
    const uint16_t details_length = cursor_u16le(&c);
    const uint8_t version = cursor_u8(&c);
    struct dji_txt_layout layout = { .version = version, .details_length = details_length, .wide = version >= 13,
                                     .masked = version >= 7,
                                     .pictures_at_file_end = version >= 12 };

    if (c.failed || whole.len < SMALLEST_LOG || version == 0 || version > 2 * DJI_TXT_VERSION_MAX)
        return false;
    if (version >= 13) {
        if (!layout_of_13(whole, offset, &layout))
            return false;
    } else if (version == 12) {
        layout.details = bytes_part(whole, PREFIX_LONG, DETAILS_V12);
        layout.records = bytes_part(whole, PREFIX_LONG + DETAILS_V12, UINT64_MAX);
    } else {
        const uint64_t from = version < 6 ? PREFIX_SHORT : PREFIX_LONG;
        layout.unclosed = offset == 0;
        layout.cut = offset > whole.len;
        layout.records = bytes_part(whole, from, UINT64_MAX);
        if (offset >= from && offset <= whole.len) {
            layout.records = bytes_part(whole, from, offset - from);
            layout.details = bytes_part(whole, offset, details_length);
            layout.cut = layout.details.len < details_length;
        }
    }
    *ret = layout;
    return true;
}

struct bytes dji_txt_details_of_block(struct bytes block)
{
    struct cursor c = cursor_over(block);

    cursor_skip(&c, 1);
    return cursor_take(&c, cursor_u16le(&c));
}

/* The length of the frame at `at`, 0 when none fits there. */
static inline size_t frame_length(struct bytes area, size_t at, bool wide)
{
    const size_t left = area.len - at, head = wide ? 3 : 2;

    if (left < head + 1)
        return 0;
    const uint8_t *b = area.at + at;
    const size_t body = wide ? (size_t)(b[1] | b[2] << 8) : b[1];
    if (body >= left - head || b[head + body] != 0xff)
        return 0;
    return head + body + 1;
}

/* Types that any version of the format is known to use: only asked while searching. */
static bool type_is_known(uint8_t type)
{
    return (type >= 1 && type <= 63) || type == 253 || type == 254;
}

static inline bool at_end(const struct bytes area, size_t at)
{
    return at == area.len || (area.len - at == sizeof trailer && memcmp(area.at + at, trailer, sizeof trailer) == 0);
}

/* Whether records go on from `at`: CHAIN_MIN in a row, or fewer that end exactly with the area. */
static bool chain_holds(struct bytes area, size_t at, bool wide)
{
    for (int n = 0; n < CHAIN_MIN; n++) {
        if (n > 0 && at_end(area, at))
            return true;
        const size_t length = frame_length(area, at, wide);
        if (length == 0 || !type_is_known(area.at[at]))
            return false;
        at += length;
    }
    return true;
}

static bool picture_begins(struct bytes area, size_t at)
{
    struct bytes rest = bytes_part(area, at, TRAILER_LENGTH + 3);

    if (bytes_start_with(rest, trailer, sizeof trailer))
        rest = bytes_part(rest, sizeof trailer, 3);
    return bytes_start_with(rest, "\xff\xd8\xff", 3);
}

/* A frame as long as the last ones of its type: hardly ever an accident, whereas any byte
 * may be a "length" that meets some 0xFF, very often the one that ends a true record. */
static bool is_usual(const struct dji_txt_walk *w, size_t at)
{
    const size_t usual = w->usual_length[w->area.at[at]];

    return usual > 0 && frame_length(w->area, at, w->wide) == usual && chain_holds(w->area, at, w->wide);
}

static bool holds_records(struct dji_txt_walk *w, size_t at, size_t length)
{
    if (w->looks_left < length)
        return false;
    w->looks_left -= length;
    for (size_t inside = at + 1; inside < at + length; inside++)
        if (is_usual(w, inside))
            return true;
    return false;
}

/* Whether a frame of an unusual length has true records inside: then the length is
 * damaged, or it is none at all. */
static inline bool swallows_records(struct dji_txt_walk *w, size_t at, size_t length)
{
    return length != w->usual_length[w->area.at[at]] && holds_records(w, at, length);
}

/* Two of the same length in a row make it usual. */
static void learn_length(struct dji_txt_walk *w, uint8_t type, size_t length)
{
    if (w->last_length[type] == length)
        w->usual_length[type] = (uint32_t)length;
    w->last_length[type] = (uint32_t)length;
}

/* The length of the record at `at`, 0 when there is none. */
static size_t record_length(struct dji_txt_walk *w)
{
    const size_t length = frame_length(w->area, w->at, w->wide);

    if (length == 0 || swallows_records(w, w->at, length))
        return 0;
    learn_length(w, w->area.at[w->at], length);
    return length;
}

/* Moves to where records go on, or to the end. */
static void resynchronise(struct dji_txt_walk *w)
{
    while (++w->at < w->area.len && !at_end(w->area, w->at)) {
        if (w->stop_at_pictures && picture_begins(w->area, w->at))
            return;
        if (type_is_known(w->area.at[w->at]) && chain_holds(w->area, w->at, w->wide) &&
            !swallows_records(w, w->at, frame_length(w->area, w->at, w->wide)))
            return;
    }
}

void dji_txt_walk_init(struct dji_txt_walk *w, struct bytes area, bool wide)
{
    *w = (struct dji_txt_walk){ .area = area, .wide = wide, .looks_left = LOOKS_PER_BYTE * (uint64_t)area.len };
    for (size_t at = 0, length; at < area.len && at < LEARNING_SPAN; at += length) {
        length = frame_length(area, at, wide);
        if (length > 0)
            learn_length(w, area.at[at], length);
        else
            length = 1;
    }
}

/* Nearly every record: as long as the last two of its type, and neither the end nor a picture can be meant.  False where
 * it takes a closer look. */
static inline bool next_is_usual(struct dji_txt_walk *w, struct dji_txt_record *ret)
{
    const size_t at = w->at, left = w->area.len - at, head = w->wide ? 3 : 2;

    if (left <= sizeof trailer)
        return false;
    const uint8_t *b = w->area.at + at, type = b[0];
    const size_t length = w->usual_length[type];
    if (length == 0 || length > left || length != w->last_length[type] || type == 0xff || type == trailer[0])
        return false;
    const size_t body = w->wide ? (size_t)(b[1] | b[2] << 8) : b[1];
    if (head + body + 1 != length || b[length - 1] != 0xff)
        return false;
    ret->type = type;
    ret->body = (struct bytes){ .at = b + head, .len = body, .origin = w->area.origin + at + head };
    ret->offset = w->area.origin + at;
    ret->length = length;
    ret->lost_before = 0;
    w->at = at + length;
    return true;
}

__attribute__((noinline))
static bool next_with_care(struct dji_txt_walk *w, struct dji_txt_record *ret)
{
    *ret = (struct dji_txt_record){ .offset = w->area.origin + w->at };
    while (!at_end(w->area, w->at)) {
        const size_t length = record_length(w);
        if (w->stop_at_pictures && picture_begins(w->area, w->at)) {
            w->stopped_at_picture = true;
            w->pictures_from = w->area.origin + w->at;
            w->has_trailer = w->area.at[w->at] != 0xff;
            if (w->has_trailer)
                w->pictures_from += TRAILER_LENGTH;
            return false;
        }
        if (length > 0) {
            const size_t head = w->wide ? 3 : 2;
            ret->type = w->area.at[w->at];
            ret->body = bytes_part(w->area, w->at + head, length - head - 1);
            ret->offset = w->area.origin + w->at;
            ret->length = length;
            w->at += length;
            return true;
        }
        const size_t from = w->at;
        resynchronise(w);
        w->gaps++;
        ret->lost_before += w->at - from;
        w->lost_bytes += w->at - from;
        w->cut = w->at == w->area.len;
    }
    w->has_trailer = w->at < w->area.len;
    return false;
}

bool dji_txt_walk_next(struct dji_txt_walk *w, struct dji_txt_record *ret)
{
    return next_is_usual(w, ret) || next_with_care(w, ret);
}

static bool probe_at(struct bytes area, size_t at, bool wide)
{
    uint64_t kinds = 0;

    for (int n = 0; n < PROBE_RECORDS; n++) {
        const size_t length = frame_length(area, at, wide);
        if (length == 0 || !type_is_known(area.at[at]))
            return false;
        kinds |= UINT64_C(1) << (area.at[at] & 63);
        at += length;
    }
    return __builtin_popcountll(kinds) >= PROBE_KINDS;
}

bool dji_txt_walk_probe(struct bytes area, bool wide)
{
    for (size_t at = 0; at < area.len && at < PROBE_SPAN; at++)
        if (probe_at(area, at, wide))
            return true;
    return false;
}
