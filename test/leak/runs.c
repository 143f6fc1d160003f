/* Positions that are written as steps from the one before, or all latitudes first and all longitudes behind. */
#include "leak/plant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENT = 60, TRIALS = 12 };

static void put_varint(struct buffer *b, uint64_t v)
{
    for (; v > 0x7f; v >>= 7)
        buffer_add_u8(b, (uint8_t)(v | 0x80));
    buffer_add_u8(b, (uint8_t)v);
}

static void put_signed(struct buffer *b, int64_t v, bool zigzag)
{
    put_varint(b, zigzag ? (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0) : (uint64_t)v);
}

static void put_16(struct buffer *b, int64_t v, bool big_endian)
{
    const uint16_t bits = (uint16_t)(int16_t)v;

    buffer_add_u8(b, (uint8_t)(big_endian ? bits >> 8 : bits));
    buffer_add_u8(b, (uint8_t)(big_endian ? bits : bits >> 8));
}

enum arrangement { STEPS, STEPS_16, COLUMNS, COLUMN_STEPS };

struct writing {
    const char *last_step;     /* of leak.decoding */
    enum arrangement arrangement;
    enum number_kind kind;
    bool big_endian, longitude_first;
    unsigned extra;            /* numbers behind each position */
};

static const struct writing writings[] = {
    { "steps in zigzag varint 1e7", STEPS, NUMBER_ZIGZAG_1E7, false, false, 0 },
    { "steps in zigzag varint 1e6", STEPS, NUMBER_ZIGZAG_1E6, false, true, 0 },
    { "steps in zigzag varint 1e7", STEPS, NUMBER_ZIGZAG_1E7, false, false, 1 },
    { "steps in zigzag varint 1e7", STEPS, NUMBER_ZIGZAG_1E7, false, true, 2 },
    { "steps in varint 1e7", STEPS, NUMBER_VARINT_1E7, false, false, 0 },
    { "steps in 16 bits, of int32 1e7 little-endian", STEPS_16, NUMBER_INT32_1E7, false, false, 0 },
    { "steps in 16 bits, of int32 1e7 big-endian", STEPS_16, NUMBER_INT32_1E7, true, true, 0 },
    { "steps in 16 bits, of int32 1e6 little-endian", STEPS_16, NUMBER_INT32_1E6, false, true, 0 },
    { "columns of zigzag varint 1e7", COLUMNS, NUMBER_ZIGZAG_1E7, false, false, 0 },
    { "columns of varint 1e7", COLUMNS, NUMBER_VARINT_1E7, false, true, 0 },
    { "columns of zigzag varint 1e7", COLUMN_STEPS, NUMBER_ZIGZAG_1E7, false, false, 0 },
    { "columns of zigzag varint 1e6", COLUMN_STEPS, NUMBER_ZIGZAG_1E6, false, true, 0 },
};

static int64_t stored(const struct writing *w, const struct track_point *p, int nth)
{
    return llround(((nth == 0) == w->longitude_first ? p->longitude_deg : p->latitude_deg) * number_formats[w->kind].scale);
}

static void put_column(struct buffer *b, const struct writing *w, const struct track_point *sent, int nth)
{
    struct buffer column;

    buffer_init(&column, 1 << 16);
    for (int i = 0; i < SENT; i++)
        put_signed(&column, stored(w, &sent[i], nth) - (w->arrangement == COLUMN_STEPS &&
                                                        i ? stored(w, &sent[i - 1], nth) : 0),
                   number_formats[w->kind].zigzag);
    buffer_add_u8(b, (uint8_t)((nth + 1) << 3 | 2));
    put_varint(b, column.len);
    buffer_add(b, column.at, column.len);
    buffer_done(&column);
}

static void write_down(struct buffer *b, const struct writing *w, const struct track_point *sent)
{
    if (w->arrangement >= COLUMNS) {
        put_column(b, w, sent, 0);
        put_column(b, w, sent, 1);
        return;
    }
    for (int i = 0; i < SENT; i++) {
        for (int nth = 0; nth < 2; nth++) {
            const int64_t step = i ? stored(w, &sent[i], nth) - stored(w, &sent[i - 1], nth) : 0;
            if (w->arrangement == STEPS)
                put_signed(b, i ? step : stored(w, &sent[i], nth), number_formats[w->kind].zigzag);
            else if (i)
                put_16(b, step, w->big_endian);
            else
                put_number(b, w->kind, w->big_endian,
                           (nth == 0) == w->longitude_first ? sent[i].longitude_deg : sent[i].latitude_deg);
        }
        for (unsigned k = 0; k < w->extra; k++)
            put_varint(b, k ? 1000 + (unsigned)i % 9 : 77);
    }
}

static struct leak_index *index_at(int site, struct secrets **secrets, struct track_point *flown)
{
    fly(&sites[site], &survey, flown);
    *secrets = secrets_with_flight(&sites[site]);
    return leak_index_new(*secrets, NULL);
}

static void sample(uint64_t *random, const struct track_point *flown, struct track_point *sent)
{
    double at = random_unit(random) * 4000;

    for (int i = 0; i < SENT; i++, at += 5 + random_unit(random) * 20)
        sent[i] = flown[(size_t)at];
}

static void found_at(int site)
{
    struct track_point *flown = calloc(survey.points, sizeof *flown), sent[SENT];
    struct secrets *secrets;
    struct leak_index *index = index_at(site, &secrets, flown);
    uint64_t random = 4711;

    for (size_t k = 0; k < sizeof writings / sizeof *writings; k++)
        for (int trial = 0; trial < TRIALS; trial++) {
            /* A step across the date line is none of 16 bits. */
            if (writings[k].arrangement == STEPS_16 && site == SITE_DATE_LINE)
                continue;
            uint8_t noise[64];
            struct buffer b;
            struct found f;
            bool found = false;
            sample(&random, flown, sent);
            buffer_init(&b, 1 << 16);
            random_fill(&random, noise, sizeof noise);
            buffer_add(&b, noise, random_next(&random) % sizeof noise);
            write_down(&b, &writings[k], sent);
            buffer_add(&b, noise, random_next(&random) % sizeof noise);
            const struct bytes in = exact_copy(b.at, b.len);
            find(index, in, 1 + random_next(&random) % 700, (struct text_list){ NULL, 0 }, &f);
            for (size_t i = 0; i < leak_count(&f); i++) {
                const struct fact_leak *leak = leak_row(&f, i);
                const bool track = text_equal(leak->claim_key, TEXT("path_sent")) ||
                    text_equal(leak->claim_key, TEXT("track_along_rows"));
                found |= track && leak->points >= SENT / 3 &&
                    text_equal(leak->decoding.items[leak->decoding.count - 1], text_of(writings[k].last_step));
            }
            if (!found)
                fail_msg("%s: %s, %u more numbers: not found", sites[site].name, writings[k].last_step,
                         writings[k].extra);
            found_done(&f);
            exact_copy_free(in);
            buffer_done(&b);
        }
    leak_index_free(index);
    secrets_free(secrets);
    free(flown);
}

static void found_north_and_west(void **state) { (void)state; found_at(SITE_ATLANTIC); }
static void found_south_and_east(void **state) { (void)state; found_at(SITE_SOUTH); }
static void found_across_the_date_line(void **state) { (void)state; found_at(SITE_DATE_LINE); }

/* Where the latitude is next to nothing the longitude tells, also when of another known flight it is the other way
 * round. */
static void found_at_the_equator_beside_greenwich(void **state)
{
    static const struct site places[] = { { "equator", -29.4, 0.0011 }, { "Greenwich", 0.0012, 57.3 } };
    enum { EACH = 2000 };
    struct track_point *flown[2], sent[SENT];
    struct secrets *secrets = secrets_new();
    uint64_t random = 99;

    (void)state;
    for (int k = 0; k < 2; k++) {
        const struct flight_plan plan = { 0, 0, 220, 30, EACH, 10, 10 };
        flown[k] = calloc(EACH, sizeof **flown);
        fly(&places[k], &plan, flown[k]);
        for (size_t i = 0; i < EACH; i++)
            secrets_add_point(secrets, text_of(places[k].name), SUBJECT_AIRCRAFT, flown[k][i].longitude_deg,
                              flown[k][i].latitude_deg, flown[k][i].time_utc_ns);
    }
    struct leak_index *index = leak_index_new(secrets, NULL);
    for (int trial = 0; trial < 2 * TRIALS; trial++) {
        const struct writing *w = &writings[trial / 2 % 2]; /* steps of 1e7 and of 1e6 */
        struct buffer b;
        struct found f;
        for (int i = 0; i < SENT; i++)
            sent[i] = flown[trial % 2][(trial * 13 + i * 15 + (int)(random_unit(&random) * 7)) % EACH];
        buffer_init(&b, 1 << 16);
        write_down(&b, w, sent);
        const struct bytes in = exact_copy(b.at, b.len);
        find(index, in, 200, (struct text_list){ NULL, 0 }, &f);
        if (leak_count(&f) == 0 || !text_equal(leak_row(&f, 0)->secret, text_of(places[trial % 2].name)))
            fail_msg("%s, trial %d: not found", places[trial % 2].name, trial);
        found_done(&f);
        exact_copy_free(in);
        buffer_done(&b);
    }
    leak_index_free(index);
    secrets_free(secrets);
    for (int k = 0; k < 2; k++)
        free(flown[k]);
}

/* At 0 N 0 E numbers are small and begin a run anywhere: a run is this flight by its turns alone.  Of pairs one varint
 * may be too short to be looked for. */
static void found_near_zero(void **state)
{
    enum { EACH = 2000, PAIRS = 2, WRITINGS = 7 };
    static const struct site place = { "0 N 0 E", 0.0034, 0.0004 };
    const struct flight_plan plan = { 0, 0, 220, 30, EACH, 10, 10 };
    struct track_point *flown = calloc(EACH, sizeof *flown), sent[SENT];
    struct secrets *secrets = secrets_new();
    uint64_t random = 17;
    int found[WRITINGS + PAIRS] = { 0 };

    (void)state;
    fly(&place, &plan, flown);
    for (size_t i = 0; i < EACH; i++)
        secrets_add_point(secrets, text_of(place.name), SUBJECT_AIRCRAFT, flown[i].longitude_deg,
                          flown[i].latitude_deg, flown[i].time_utc_ns);
    struct leak_index *index = leak_index_new(secrets, NULL);
    for (int trial = 0; trial < (WRITINGS + PAIRS) * TRIALS; trial++) {
        const int way = trial % (WRITINGS + PAIRS);
        if (way < WRITINGS && number_formats[writings[way].kind].scale < 1e7)
            continue; /* numbers of two bytes are not looked for */
        struct buffer b;
        struct found f;
        for (int i = 0; i < SENT; i++)
            sent[i] = flown[(trial * 13 + i * 15 + (int)(random_unit(&random) * 7)) % EACH];
        buffer_init(&b, 1 << 16);
        if (way < WRITINGS)
            write_down(&b, &writings[way], sent);
        for (int i = 0; way >= WRITINGS && i < SENT; i++)
            for (int nth = 0; nth < 2; nth++) {
                buffer_add_u8(&b, nth ? 0x10 : 0x08);
                put_signed(&b, llround((nth ? sent[i].longitude_deg : sent[i].latitude_deg) * 1e7), way > WRITINGS);
            }
        const struct bytes in = exact_copy(b.at, b.len);
        find(index, in, 200, (struct text_list){ NULL, 0 }, &f);
        found[way] += leak_count(&f) > 0 && text_equal(leak_row(&f, 0)->claim_key, TEXT("path_sent"));
        found_done(&f);
        exact_copy_free(in);
        buffer_done(&b);
    }
    for (int way = 0; way < WRITINGS + PAIRS; way++)
        if (found[way] * 4 < TRIALS * 3 && (way >= WRITINGS || number_formats[writings[way].kind].scale >= 1e7))
            fail_msg("writing %d: %d of %d", way, found[way], TRIALS);
    leak_index_free(index);
    secrets_free(secrets);
    free(flown);
}

/* A number of such a table as it is, in 32 bits, or as the step to it. */
static void put_counted(struct buffer *b, int64_t *last, int64_t step, bool plain)
{
    *last += step;
    if (!plain)
        put_signed(b, step, true);
    for (int k = 0; plain && k < 4; k++)
        buffer_add_u8(b, (uint8_t)(*last >> 8 * k));
}

/* Numbers that count up evenly, as in tables, from each of many beginnings. */
static void counting_near_zero_is_no_path(void **state)
{
    enum { EACH = 2000, TABLES = 400 };
    static const struct site place = { "0 N 0 E", 0.0034, 0.0004 };
    const struct flight_plan plan = { 0, 0, 220, 30, EACH, 10, 10 };
    struct track_point *flown = calloc(EACH, sizeof *flown);
    struct secrets *secrets = secrets_new();
    uint64_t random = 5;

    (void)state;
    fly(&place, &plan, flown);
    for (size_t i = 0; i < EACH; i++)
        secrets_add_point(secrets, text_of(place.name), SUBJECT_AIRCRAFT, flown[i].longitude_deg,
                          flown[i].latitude_deg, flown[i].time_utc_ns);
    struct leak_index *index = leak_index_new(secrets, NULL);
    for (int trial = 0; trial < TABLES; trial++) {
        const int64_t step[2] = { (int64_t)(random_next(&random) % 1200), (int64_t)(random_next(&random) % 1200) };
        const bool plain = trial % 2 == 1;
        int64_t last[2] = { 0, 0 };
        struct buffer b;
        struct found f;
        buffer_init(&b, 1 << 16);
        put_counted(&b, &last[0], (int64_t)(random_next(&random) % 40000), plain);
        put_counted(&b, &last[1], (int64_t)(random_next(&random) % 60000), plain);
        for (int i = 0; i < 200; i++)
            put_counted(&b, &last[i & 1], step[i & 1] + (int64_t)(random_next(&random) % 40), plain);
        const struct bytes in = exact_copy(b.at, b.len);
        find(index, in, 300, (struct text_list){ NULL, 0 }, &f);
        for (size_t i = 0; i < leak_count(&f); i++)
            fail_msg("table %d: %.*s", trial, (int)leak_row(&f, i)->claim_key.len, leak_row(&f, i)->claim_key.at);
        found_done(&f);
        exact_copy_free(in);
        buffer_done(&b);
    }
    leak_index_free(index);
    secrets_free(secrets);
    free(flown);
}

/* Cut anywhere and fed in pieces of any size nothing is read that is not there, and the pieces do not show. */
static void cut_everywhere(void **state)
{
    struct track_point *flown = calloc(survey.points, sizeof *flown), sent[SENT];
    struct secrets *secrets;
    struct leak_index *index = index_at(SITE_ATLANTIC, &secrets, flown);
    uint64_t random = 5;

    (void)state;
    sample(&random, flown, sent);
    for (size_t k = 0; k < sizeof writings / sizeof *writings; k++) {
        struct buffer b;
        buffer_init(&b, 1 << 16);
        write_down(&b, &writings[k], sent);
        for (size_t len = 0; len <= b.len; len += 7) {
            const struct bytes in = exact_copy(b.at, len);
            struct found whole, pieces;
            find(index, in, len + 1, (struct text_list){ NULL, 0 }, &whole);
            find(index, in, 1 + len % 97, (struct text_list){ NULL, 0 }, &pieces);
            assert_int_equal(leak_count(&whole), leak_count(&pieces));
            for (size_t i = 0; i < leak_count(&whole); i++)
                assert_int_equal(leak_row(&whole, i)->points, leak_row(&pieces, i)->points);
            found_done(&whole);
            found_done(&pieces);
            exact_copy_free(in);
        }
        buffer_done(&b);
    }
    leak_index_free(index);
    secrets_free(secrets);
    free(flown);
}

/* Behind a position of the area bytes of any kind do not become its path. */
static void chance_is_no_path(void **state)
{
    enum { BYTES = 400 };
    struct track_point *flown = calloc(survey.points, sizeof *flown);
    struct secrets *secrets;
    struct leak_index *index = index_at(SITE_ATLANTIC, &secrets, flown);
    uint64_t random = 6;

    (void)state;
    for (int trial = 0; trial < 400; trial++) {
        const struct writing *w = &writings[trial % (sizeof writings / sizeof *writings)];
        uint8_t noise[BYTES];
        struct buffer b;
        struct found f;
        buffer_init(&b, 1 << 16);
        random_fill(&random, noise, sizeof noise);
        for (size_t i = 0; trial % 3 == 1 && i < sizeof noise; i++)
            noise[i] &= 0x1f; /* small steps */
        for (int nth = 0; nth < 2; nth++)
            if (w->arrangement == STEPS_16)
                put_number(&b, w->kind, w->big_endian,
                           (nth == 0) == w->longitude_first ? flown[trial].longitude_deg : flown[trial].latitude_deg);
            else
                put_signed(&b, stored(w, &flown[trial], nth), number_formats[w->kind].zigzag);
        buffer_add(&b, noise, sizeof noise);
        find(index, (struct bytes){ .at = b.at, .len = b.len }, 1400, (struct text_list){ NULL, 0 }, &f);
        assert_int_equal(leak_count(&f), 0); /* nor, as small steps stay where they began, positions near it */
        found_done(&f);
        buffer_done(&b);
    }
    leak_index_free(index);
    secrets_free(secrets);
    free(flown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_north_and_west),
        cmocka_unit_test(found_south_and_east),
        cmocka_unit_test(found_across_the_date_line),
        cmocka_unit_test(found_at_the_equator_beside_greenwich),
        cmocka_unit_test(found_near_zero),
        cmocka_unit_test(counting_near_zero_is_no_path),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(chance_is_no_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
