/* Keys that were laid over text, over records and over known values: found by what is left of them. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fact/fact.h"
#include "leak/index.h"
#include "leak/text_scan.h"
#include "leak/xor_key.h"

static const struct geo_box town = { .west = -35.256, .east = -35.244, .south = 45.494, .north = 45.506 };
static struct position_index *positions;
static struct text_index *text;
static struct xor_index *known;
static struct index_track flown; /* what records() and others write lies on it */
static struct secrets none;

static uint32_t random_state = 1;

static uint8_t random_byte(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint8_t)(random_state >> 24);
}

static int make_index(void **state)
{
    (void)state;
    struct track_point points[2000];
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const double at = (double)i / 16;
        points[i] = (struct track_point){ -35.25 + 0.004 * cos(at * 0.21), 45.5 + 0.004 * sin(at * 0.37),
                                          FACT_UNKNOWN_INT };
    }
    track_init(&flown.track, points, sizeof points / sizeof *points, true);
    positions = position_index_new(&town, 1);
    text = text_index_new(positions, &town, 1);
    known = xor_index_new(&none, positions, text, &flown, 1);
    return 0;
}

static int free_index(void **state)
{
    (void)state;
    xor_index_free(known);
    text_index_free(text);
    position_index_free(positions);
    track_done(&flown.track);
    return 0;
}

static void make_key(struct xor_key *key, size_t len)
{
    *key = (struct xor_key){ .len = len };
    for (size_t i = 0; i < len; i++)
        do
            key->bytes[i] = random_byte();
        while (key->bytes[i] == 0 || (i > 0 && key->bytes[i] == key->bytes[0]));
}

static void add_part(struct xor_sample *s, const void *plain, size_t len, const struct xor_key *key)
{
    assert_true(s->part_count < XOR_PARTS_MAX && len <= XOR_SAMPLE_BYTES - (size_t)s->len && len <= XOR_HEAD_BYTES);
    s->parts[s->part_count++] = (struct xor_part){ s->len, (uint16_t)len, 0 };
    for (size_t i = 0; i < len; i++)
        s->bytes[s->len + i] = ((const uint8_t *)plain)[i] ^ key->bytes[i % key->len];
    s->len = (uint16_t)(s->len + len);
}

/* With as many searches along the path as it takes. */
static bool find_key(const struct xor_index *x, const struct xor_sample *s, struct xor_key *key)
{
    size_t searches = SIZE_MAX;

    return xor_find_key(x, s, &searches, key);
}

static void assert_found(const struct xor_sample *s, const struct xor_key *key)
{
    struct xor_key found = { .len = 0 };

    if (!find_key(known, s, &found) || found.len % key->len != 0)
        fail_msg("key of %zu bytes in %u parts: found one of %zu", key->len, s->part_count, found.len);
    for (size_t i = 0; i < found.len; i++)
        if (found.bytes[i] != key->bytes[i % key->len])
            fail_msg("key of %zu bytes: byte %zu is %02x, not %02x", key->len, i, found.bytes[i],
                     key->bytes[i % key->len]);
}

static size_t text_of_points(char *into, size_t room, int first, int count)
{
    size_t n = 0;

    for (int i = first; i < first + count; i++)
        n += (size_t)snprintf(into + n, room - n, "{\"time\": %d, \"latitude\": %.7f, \"longitude\": %.7f, \"mode\": \"manual\"}\n", 1717000000 + i * 3,
                              45.5 + 0.004 * sin(i * 0.37), -35.25 + 0.004 * cos(i * 0.21));
    return n;
}

/* A mark, a counter, two doubles, a height: 21 bytes. */
static size_t records(uint8_t *into, int first, int count)
{
    uint8_t *at = into;

    for (int i = first; i < first + count; i++) {
        const double degrees[2] = { 45.5 + 0.004 * sin(i * 0.37), -35.25 + 0.004 * cos(i * 0.21) };
        *at++ = 0xa7;
        *at++ = (uint8_t)(i >> 8);
        *at++ = (uint8_t)i;
        memcpy(at, degrees, sizeof degrees);
        at += sizeof degrees;
        *at++ = (uint8_t)(88 + i % 5);
        *at++ = 2;
    }
    return (size_t)(at - into);
}

static void text_gives_its_key_away(void **state)
{
    char json[XOR_HEAD_BYTES + 128];

    (void)state;
    for (size_t len = 1; len <= XOR_KEY_MAX; len++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key;
        make_key(&key, len);
        (void)text_of_points(json, sizeof json, 0, 20);
        add_part(&s, json, 1500, &key);
        assert_found(&s, &key);
    }
}

/* Each message begins with the key anew, and none of them alone is long enough. */
static void messages_of_text_give_it_together(void **state)
{
    char json[512];

    (void)state;
    for (size_t len = 2; len <= XOR_KEY_MAX; len *= 2) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key;
        make_key(&key, len);
        for (int i = 0; i < 14; i++)
            add_part(&s, json, text_of_points(json, sizeof json, i * 2, 2), &key);
        assert_found(&s, &key);
    }
}

static void records_of_one_size_give_it(void **state)
{
    static const size_t lengths[] = { 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 15, 16 }; /* that share seven with the record's say too little */
    uint8_t plain[XOR_HEAD_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct xor_sample stream = { .len = 0 }, messages = { .len = 0 };
        struct xor_key key;
        make_key(&key, lengths[i]);
        add_part(&stream, plain, records(plain, 0, 64), &key);
        assert_found(&stream, &key);
        for (int k = 0; k < 12; k++)
            add_part(&messages, plain, records(plain, k * 8, 8), &key);
        assert_found(&messages, &key);
    }
}

/* A mark, a counter, two integers, a height: 13 bytes; nothing tells the key but that the positions go on along the
 * path. */
static void a_few_records_along_a_path_give_it(void **state)
{
    enum { RECORDS = 8, RECORD_BYTES = 13 };
    uint8_t plain[RECORDS * RECORD_BYTES];

    (void)state;
    for (size_t len = 2; len <= 8; len++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key;
        make_key(&key, len);
        for (int i = 0; i < RECORDS; i++) {
            const int32_t degrees[2] = { (int32_t)lround((45.5 + 0.004 * sin(i * 0.3 * 0.37)) * 1e7),
                                         (int32_t)lround((-35.25 + 0.004 * cos(i * 0.3 * 0.21)) * 1e7) };
            uint8_t *at = plain + i * RECORD_BYTES;
            at[0] = 0xa7;
            at[1] = 0x31;
            at[2] = (uint8_t)(i * 3);
            memcpy(at + 3, degrees, sizeof degrees);
            at[11] = (uint8_t)(88 + i % 5);
            at[12] = 2;
        }
        add_part(&s, plain, sizeof plain, &key);
        assert_found(&s, &key);
        assert_true(xor_shows(known, &key, &s));
        for (size_t i = 0; i < len; i++)
            key.bytes[i] ^= 0x5a;
        assert_false(xor_shows(known, &key, &s));
    }
}

/* What is wrong by the same byte throughout makes floats near zero of other floats, which go on as smoothly: with a
 * flight at 0 N 0 E known too, that is no track along it. */
static void small_numbers_are_not_taken_for_it(void **state)
{
    enum { RECORDS = 18, RECORD_BYTES = 17 };
    static const size_t lengths[] = { 3, 8, 12, 16 };
    uint8_t plain[RECORDS * RECORD_BYTES];
    struct track_point points[400];
    struct index_track tracks[2];

    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const double at = (double)i / 16;
        points[i] = (struct track_point){ 0.004 * cos(at * 0.21), 0.004 * sin(at * 0.37), FACT_UNKNOWN_INT };
    }
    tracks[0] = flown;
    tracks[1] = (struct index_track){ .subject = SUBJECT_AIRCRAFT };
    track_init(&tracks[1].track, points, sizeof points / sizeof *points, true);
    const struct geo_box boxes[2] = { town, tracks[1].track.box };
    struct position_index *both = position_index_new(boxes, 2);
    struct xor_index *of_both = xor_index_new(&none, both, NULL, tracks, 2);
    for (int trial = 0; trial < 40; trial++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key, found = { .len = 0 };
        make_key(&key, lengths[trial % 4]);
        for (int i = 0; i < RECORDS; i++) {
            const double at = trial * 2.7 + i * 0.3;
            const float degrees[2] = { (float)(-35.25 + 0.004 * cos(at * 0.21)), (float)(45.5 + 0.004 * sin(at * 0.37)) };
            uint8_t *to = plain + i * RECORD_BYTES;
            uint32_t bits[2];
            memcpy(bits, degrees, sizeof bits);
            memcpy(to, "\xa7\x31", 2);
            to[2] = (uint8_t)(i * 3);
            for (int k = 0; k < 4; k++) {
                to[3 + k] = (uint8_t)(bits[0] >> (24 - 8 * k));
                to[11 + k] = (uint8_t)(bits[1] >> (24 - 8 * k));
            }
            memcpy(to + 7, "\x11\x22\x33\x44", 4);
            to[15] = (uint8_t)(88 + i % 5);
            to[16] = 2;
        }
        add_part(&s, plain, sizeof plain, &key);
        if (find_key(of_both, &s, &found) && (found.len != key.len || memcmp(found.bytes, key.bytes, key.len) != 0))
            fail_msg("trial %d: a wrong key of %zu bytes, not %zu", trial, found.len, key.len);
        if (found.len == 0)
            fail_msg("trial %d: no key of %zu bytes", trial, key.len);
    }
    xor_index_free(of_both);
    position_index_free(both);
    track_done(&tracks[1].track);
}

/* Records of text, so short and so full of digits that only their sizes, and what the area's figures begin with, tell
 * the key. */
static void short_records_of_text_give_it(void **state)
{
    static const size_t lengths[] = { 1, 3, 5, 7, 8, 11, 13, 16 };

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key;
        make_key(&key, lengths[i]);
        for (int message = 0; message < 12; message++) {
            char row[256];
            size_t n = 0;
            for (int k = message * 8; k < message * 8 + 8; k++)
                n += (size_t)snprintf(row + n, sizeof row - n, "[%.7f,%.7f],", 45.5 + 0.004 * sin(k * 0.37),
                                      -35.25 + 0.004 * cos(k * 0.21));
            add_part(&s, row, n, &key);
        }
        assert_found(&s, &key);
    }
}

/* A step of the path: some 15 m. */
static void numbers_at(int i, double scale, int64_t into[2])
{
    into[0] = llround((45.5 + 0.004 * sin(i * 0.037)) * scale);
    into[1] = llround((-35.25 + 0.004 * cos(i * 0.021)) * scale);
}

enum steps { STEPS_POLYLINE, STEPS_VARINT, STEPS_16 };

static size_t put_number(enum steps how, bool first, int64_t v, uint8_t *to)
{
    const unsigned bits = how == STEPS_POLYLINE ? 5 : 7;
    uint64_t z = v < 0 ? ((uint64_t)-v << 1) - 1 : (uint64_t)v << 1;
    size_t n = 0;

    if (how == STEPS_16) {
        for (; n < (first ? 4 : 2); n++)
            to[n] = (uint8_t)((uint64_t)v >> 8 * n);
        return n;
    }
    do {
        const uint8_t digit = (uint8_t)(z & ((1u << bits) - 1));
        z >>= bits;
        to[n++] = (uint8_t)((digit | (z ? 1u << bits : 0)) + (how == STEPS_POLYLINE ? 63 : 0));
    } while (z);
    return n;
}

/* A first position and steps from it. */
static size_t put_steps(enum steps how, double scale, int count, uint8_t *to)
{
    int64_t before[2] = { 0, 0 }, now[2];
    size_t n = 0;

    for (int i = 0; i < count; i++) {
        numbers_at(i, scale, now);
        for (int k = 0; k < 2; k++)
            n += put_number(how, i == 0, now[k] - before[k], to + n);
        memcpy(before, now, sizeof before);
    }
    return n;
}

static void steps_along_a_path_give_it(void **state)
{
    static const struct {
        enum steps how;
        double scale;
        size_t lengths[4];
    } cases[] = {
        { STEPS_POLYLINE, 1e5, { 2, 4, 5, 8 } }, { STEPS_POLYLINE, 1e6, { 2, 3, 5, 7 } },
        { STEPS_VARINT, 1e7, { 2, 3, 4 } }, { STEPS_VARINT, 1e6, { 2, 3, 4 } }, { STEPS_16, 1e7, { 2, 3 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 4 && cases[i].lengths[k]; k++) {
            struct xor_sample s = { .len = 0 };
            struct xor_key key;
            uint8_t plain[XOR_HEAD_BYTES];
            make_key(&key, cases[i].lengths[k]);
            add_part(&s, plain, put_steps(cases[i].how, cases[i].scale, 40, plain), &key);
            assert_found(&s, &key);
        }
}

/* Records of three lengths of the key: all of them meet the same bytes of it.  Of those that stand under the last
 * bits of both coordinates nothing can be told. */
static void records_of_several_keys_give_it(void **state)
{
    enum { RECORD_BYTES = 21, KEY_BYTES = 7, RECORDS = 30 };

    (void)state;
    for (int trial = 0; trial < 8; trial++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key, found;
        uint8_t plain[RECORDS * RECORD_BYTES];
        make_key(&key, KEY_BYTES);
        for (int i = 0; i < RECORDS; i++) {
            uint8_t *to = plain + i * RECORD_BYTES;
            int64_t at[2];
            numbers_at(trial * 40 + i, 1e9, at);
            memcpy(to, (const uint8_t[]){ 0xa7, 0x31, (uint8_t)(i * 3) }, 3);
            memcpy(to + 3, at, sizeof at);
            memcpy(to + 19, (const uint8_t[]){ (uint8_t)(88 + i % 5), 2 }, 2);
        }
        add_part(&s, plain, sizeof plain, &key);
        if (!find_key(known, &s, &found) || found.len != KEY_BYTES)
            fail_msg("trial %d: no key", trial);
        assert_true(xor_shows(known, &found, &s));
        int same = 0;
        for (size_t i = 0; i < KEY_BYTES; i++)
            same += found.bytes[i] == key.bytes[i];
        if (same < KEY_BYTES - 1)
            fail_msg("trial %d: only %d bytes of the key", trial, same);
    }
}

/* A key over text that is wrong so that all stays text, as digits of digits. */
static void what_text_says_mends_its_key(void **state)
{
    static const struct {
        size_t len;
        uint8_t wrong[XOR_KEY_MAX]; /* what the key is XORed with */
    } cases[] = {
        { 4, { 1, 1, 1, 1 } }, { 7, { 3, 3, 3, 3, 3, 3, 3 } }, { 5, { 0, 0, 1, 0, 0 } }, { 12, { 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 } },
    };
    struct xor_index_tracks tracks;
    struct xor_words *words = xor_words_new(positions);

    (void)state;
    xor_index_tracks_init(&tracks, &flown, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key, mended;
        char json[1024];
        make_key(&key, cases[i].len);
        const size_t n = text_of_points(json, sizeof json, 0, 8);
        add_part(&s, json, n, &key);
        mended = key;
        for (size_t k = 0; k < key.len; k++)
            mended.bytes[k] ^= cases[i].wrong[k];
        const struct xor_key wrong = mended;
        xor_mend_key_of_text(&tracks, NULL, words, &s, &mended);
        assert_memory_equal(&mended, &wrong, sizeof wrong);
        xor_mend_key_of_text(&tracks, text, words, &s, &mended);
        if (memcmp(mended.bytes, key.bytes, key.len) != 0)
            fail_msg("case %zu: not mended", i);
        assert_true(mended.chosen_bytes > 0);
        /* What is right stays, and costs nothing. */
        mended = key;
        xor_mend_key_of_text(&tracks, text, words, &s, &mended);
        assert_memory_equal(mended.bytes, key.bytes, key.len);
        assert_int_equal(mended.chosen_bytes, 0);
    }
    free(words);
}

/* Where the flight of flown is when it is `i` points further: latitude, longitude. */
static void flown_at(int i, double into[2])
{
    into[0] = flown.track.points[i].latitude_deg;
    into[1] = flown.track.points[i].longitude_deg;
}

enum row_kind { ROW_DOUBLES, ROW_INTEGERS, ROW_FLOATS_BE, ROW_CLOCK_INTEGERS, ROW_KINDS };

/* A position, its bytes so that keys of one to sixteen bytes have a factor in common with them. */
static size_t row_of(enum row_kind kind, int i, uint8_t *into)
{
    double at[2];

    flown_at(i, at);
    const int32_t whole[4] = { 55000 + i * 40, (int32_t)lround(at[0] * 1e7), (int32_t)lround(at[1] * 1e7), 88200 + i % 7 };
    if (kind == ROW_DOUBLES)
        return memcpy(into, at, sizeof at), sizeof at;
    if (kind == ROW_INTEGERS)
        return memcpy(into, whole + 1, 8), 8;
    if (kind == ROW_CLOCK_INTEGERS)
        return memcpy(into, whole, sizeof whole), sizeof whole;
    for (int k = 0; k < 2; k++) {
        const float number = (float)at[k];
        uint32_t raw;
        memcpy(&raw, &number, sizeof raw);
        raw = __builtin_bswap32(raw);
        memcpy(into + 4 * k, &raw, sizeof raw);
    }
    return 8;
}

/* All records meet the same bytes of the key, and hardly anything is the same in them. */
static void records_that_share_a_factor_with_it_give_it(void **state)
{
    static const size_t lengths[] = { 1, 2, 4, 8, 12, 16 };
    enum { ROWS = 44, APART = 3 };

    (void)state;
    for (enum row_kind kind = 0; kind < ROW_KINDS; kind++)
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            struct xor_sample s = { .len = 0 };
            struct xor_key key;
            uint8_t plain[XOR_HEAD_BYTES];
            size_t len = 0;
            /* Under the clock nothing tells its bytes of the key; and floats of four bytes, all of whose bytes are
             * under others of the key, tell too little. */
            if ((kind == ROW_CLOCK_INTEGERS && lengths[i] == 16) || (kind == ROW_FLOATS_BE && lengths[i] > 4))
                continue;
            make_key(&key, lengths[i]);
            for (int n = 0; n < ROWS; n++)
                len += row_of(kind, 100 + n * APART, plain + len);
            add_part(&s, plain, len, &key);
            assert_found(&s, &key);
        }
}

static void messages_of_one_record_give_it(void **state)
{
    enum { ROWS = 30, APART = 4 };

    (void)state;
    for (size_t len = 2; len <= 8; len *= 2) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key;
        make_key(&key, len);
        for (int n = 0; n < ROWS; n++) {
            uint8_t plain[16];
            add_part(&s, plain, row_of(ROW_CLOCK_INTEGERS, 200 + n * APART, plain), &key);
        }
        assert_found(&s, &key);
    }
}

/* Numbers that count up, sway and wander as positions do, but go where nobody flew. */
static void numbers_that_go_elsewhere_give_none(void **state)
{
    enum { ROWS = 44, TRIALS = 120 };
    const struct xor_index_tracks tracks = { .of = &flown, .count = 1 };
    const struct xor_known path = { positions, &tracks };

    (void)state;
    for (int trial = 0; trial < TRIALS; trial++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key, found;
        int32_t plain[ROWS][2];
        const double first = random_byte() * 1e5, second = random_byte() * 1e5, often = 0.02 + random_byte() / 800.0,
            far = 200.0 * (1 + random_byte());
        make_key(&key, (size_t)1 << trial % 4);
        for (int n = 0; n < ROWS; n++) {
            plain[n][0] = (int32_t)(first + far * (trial % 3 ? sin(n * often) * 12 : n));
            plain[n][1] = (int32_t)(second + far * (trial % 2 ? cos(n * often * 1.7) * 9 : n * 0.6) + random_byte());
        }
        add_part(&s, plain, sizeof plain, &key);
        size_t searches = SIZE_MAX;
        bool exact;
        if (xor_key_by_rows(&path, &s, &searches, &found, &exact))
            fail_msg("trial %d: a key of %zu bytes", trial, found.len);
    }
}

/* Each try along the path is paid, and without any no path is looked along. */
static void tries_along_the_path_are_counted(void **state)
{
    struct xor_sample s = { .len = 0 };
    struct xor_key key, found;
    uint8_t plain[XOR_HEAD_BYTES];
    size_t len = 0, searches = 0;

    (void)state;
    make_key(&key, 8);
    for (int n = 0; n < 44; n++)
        len += row_of(ROW_INTEGERS, 100 + n * 3, plain + len);
    add_part(&s, plain, len, &key);
    assert_false(xor_find_key(known, &s, &searches, &found));
    assert_int_equal(searches, 0);
    searches = 3;
    assert_true(xor_find_key(known, &s, &searches, &found));
    assert_true(searches < 3);
}

static void nothing_is_found_in_noise(void **state)
{
    (void)state;
    for (int trial = 0; trial < 200; trial++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key, one = { .len = 1 };
        uint8_t noise[XOR_HEAD_BYTES];
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = random_byte();
        add_part(&s, noise, trial % 2 ? sizeof noise : 100, &one);
        if (trial % 2 == 0)
            add_part(&s, noise + 100, 300, &one);
        assert_false(find_key(known, &s, &key));
    }
}

/* What repeats as records do, and has no positions: a mark, two constants, a counter, and whatever else. */
static void nothing_is_found_in_other_records(void **state)
{
    (void)state;
    for (int trial = 0; trial < 60; trial++) {
        struct xor_sample s = { .len = 0 };
        struct xor_key key, laid;
        uint8_t plain[XOR_HEAD_BYTES];
        const size_t record = 18 + (size_t)trial % 20;
        make_key(&laid, 1 + (size_t)trial % XOR_KEY_MAX);
        for (size_t i = 0; i < sizeof plain; i++)
            plain[i] = i % record < 8 ? (uint8_t)(17 * (i % record) + 3) : i % record == 8
                ? (uint8_t)(i / record) : random_byte();
        add_part(&s, plain, sizeof plain, &laid);
        if (find_key(known, &s, &key))
            fail_msg("trial %d: a key of %zu bytes", trial, key.len);
    }
}

static void what_is_plain(void **state)
{
#define BYTES(literal) literal, sizeof literal - 1
    static const struct {
        const char *bytes;
        size_t len;
        bool plain;
    } cases[] = {
        { BYTES("{\"device\":\"phone\",\"latitude\":45.5012345,\"longitude\":-35.2512345,\"mode\":\"manual\"}"), true },
        { BYTES("device=phone&session=41&payload=none&v=2"), true },
        { BYTES("\x01\0\0\0\x20\0\0\0\x07\0\0\0\x01\0\0\0"), true },
        { BYTES("\x8f\x12\xd3\x44\x90\x1b\xc7\x58\x8f\x13\xd3\x44\x90\x1b\xc6\x51"), false },
        { BYTES("t-c`ahf{zkj-5/-\"<:!=:?<?8:-#/-cn{f{zkj-5/-;:!;66;776-r#"), false }, /* text under 0x0f */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (xor_is_plain((const uint8_t *)cases[i].bytes, cases[i].len) != cases[i].plain)
            fail_msg("case %zu should %sbe plain", i, cases[i].plain ? "" : "not ");
    assert_int_equal(xor_plain_head((const uint8_t *)"payload=\x90\x1b\xc7\x58\x8f\x13\xd3\x44\x90\x1b\xc6\x51\x90\x1b\xc7\x58", 24), 8);
    assert_int_equal(xor_plain_head((const uint8_t *)"payload=", 8), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_gives_its_key_away), cmocka_unit_test(messages_of_text_give_it_together),
        cmocka_unit_test(small_numbers_are_not_taken_for_it),
        cmocka_unit_test(records_of_one_size_give_it), cmocka_unit_test(a_few_records_along_a_path_give_it), cmocka_unit_test(short_records_of_text_give_it),
        cmocka_unit_test(steps_along_a_path_give_it), cmocka_unit_test(records_of_several_keys_give_it),
        cmocka_unit_test(records_that_share_a_factor_with_it_give_it), cmocka_unit_test(messages_of_one_record_give_it),
        cmocka_unit_test(numbers_that_go_elsewhere_give_none), cmocka_unit_test(tries_along_the_path_are_counted),
        cmocka_unit_test(what_text_says_mends_its_key),
        cmocka_unit_test(nothing_is_found_in_noise),
        cmocka_unit_test(nothing_is_found_in_other_records), cmocka_unit_test(what_is_plain),
    };

    return cmocka_run_group_tests(tests, make_index, free_index);
}
