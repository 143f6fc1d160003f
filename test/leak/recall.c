/* What is planted is found: every encoding, byte order and order of coordinates, at four
 * places of the globe; and in the wrappings that programs use. */
#include "leak/plant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { PLANTED = 50, TRIALS = 20, TRIALS_ELSEWHERE = 4 };

static struct secrets *secrets[SITE_COUNT];
static struct leak_index *indexes[SITE_COUNT];
static struct track_point *flown[SITE_COUNT];

static int prepare(void **state)
{
    (void)state;
    for (int site = 0; site < SITE_COUNT; site++) {
        flown[site] = calloc(survey.points, sizeof **flown);
        fly(&sites[site], &survey, flown[site]);
        secrets[site] = secrets_with_flight(&sites[site]);
        indexes[site] = leak_index_new(secrets[site], NULL);
    }
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    for (int site = 0; site < SITE_COUNT; site++) {
        leak_index_free(indexes[site]);
        secrets_free(secrets[site]);
        free(flown[site]);
    }
    return 0;
}

static void noise(struct buffer *b, uint64_t *random, size_t n)
{
    random_fill(random, buffer_extend(b, n), n);
}

static void one_encoding(int site, enum number_kind kind, bool big_endian, bool longitude_first)
{
    uint64_t random = (uint64_t)(site * 1000 + (int)kind * 4 + big_endian * 2 + longitude_first);
    const int trials = site == SITE_ATLANTIC ? TRIALS : TRIALS_ELSEWHERE;
    int found_count = 0;

    for (int trial = 0; trial < trials; trial++) {
        const size_t step = 1 + random_next(&random) % 60;
        const size_t start = random_next(&random) % (survey.points - PLANTED * step);
        struct buffer b;
        struct found f;
        buffer_init(&b, 1 << 20);
        noise(&b, &random, random_next(&random) % 3000);
        for (size_t i = 0; i < PLANTED; i++) {
            const struct track_point *p = &flown[site][start + i * step];
            noise(&b, &random, 3 + random_next(&random) % 9);
            put_number(&b, kind, big_endian, longitude_first ? p->longitude_deg : p->latitude_deg);
            noise(&b, &random, (size_t)(trial % 5));
            put_number(&b, kind, big_endian, longitude_first ? p->latitude_deg : p->longitude_deg);
        }
        noise(&b, &random, random_next(&random) % 300);
        const struct bytes in = exact_copy(b.at, b.len);
        find(indexes[site], in, 1 + random_next(&random) % 1400, (struct text_list){ NULL, 0 }, &f);
        for (size_t i = 0; i < leak_count(&f); i++) {
            const struct fact_leak *leak = leak_row(&f, i);
            const struct text last = leak->decoding.items[leak->decoding.count - 1];
            if (text_equal(leak->secret, TEXT("flight-1")) &&
                text_equal(last, text_of(position_encoding_name((int)kind * 2 + big_endian, 0)))) {
                found_count++;
                break;
            }
        }
        found_done(&f);
        exact_copy_free(in);
        buffer_done(&b);
    }
    /* Half of all patterns of 32 bits are floats within a tenth of a degree of zero: at 0 N 0 E, amid noise, one may be
     * lost in a row of others. */
    const bool crowded = site == SITE_EQUATOR_GREENWICH && number_formats[kind].floating &&
        number_formats[kind].width == 4;
    /* Whole numbers that count up are tables there: only a path that turns is told (grade.c). */
    const bool told_by_turns = site == SITE_EQUATOR_GREENWICH && !number_formats[kind].floating;
    if (found_count < (told_by_turns ? trials / 4 : trials - crowded))
        fail_msg("%s: %s, %s first: %d of %d", sites[site].name, position_encoding_name((int)kind * 2 + big_endian, 0),
                 longitude_first ? "longitude" : "latitude", found_count, trials);
}

static void every_encoding(int site)
{
    /* At zero varints are shorter than the three bytes by which they are found. */
    const int kinds = site == SITE_EQUATOR_GREENWICH ? NUMBER_FIXED_COUNT : NUMBER_KIND_COUNT;

    for (int kind = 0; kind < kinds; kind++)
        for (int big_endian = 0; big_endian < (number_formats[kind].width ? 2 : 1); big_endian++)
            for (int longitude_first = 0; longitude_first < 2; longitude_first++)
                one_encoding(site, (enum number_kind)kind, big_endian, longitude_first);
}

static void finds_every_encoding_north_and_west(void **state) { (void)state; every_encoding(SITE_ATLANTIC); }
static void finds_every_encoding_south_and_east(void **state) { (void)state; every_encoding(SITE_SOUTH); }
static void finds_every_encoding_at_equator_and_greenwich(void **state) { (void)state; every_encoding(SITE_EQUATOR_GREENWICH); }
static void finds_every_encoding_at_the_date_line(void **state) { (void)state; every_encoding(SITE_DATE_LINE); }

enum wrapping { PLAIN, GZIP, ZLIB, BASE64, BASE64_GZIP, HEX, UTF16_LE, UTF16_BE, GZIP_BASE64_GZIP };

static void add_deflated(struct buffer *b, const uint8_t *at, size_t len, int window_bits)
{
    z_stream z = { 0 };

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    const size_t room = deflateBound(&z, len) + 64, before = b->len;
    uint8_t *out = buffer_extend(b, room);
    z.next_in = (uint8_t *)(uintptr_t)at;
    z.avail_in = (unsigned)len;
    z.next_out = out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    b->len = before + z.total_out;
    deflateEnd(&z);
}

static void add_base64(struct buffer *b, const uint8_t *at, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < len; i += 3) {
        const unsigned v = (unsigned)at[i] << 16 | (i + 1 < len ? (unsigned)at[i + 1] << 8 : 0) |
            (i + 2 < len ? at[i + 2] : 0);
        for (int k = 0; k < 4; k++)
            if ((size_t)k <= (len - i < 3 ? len - i : 3))
                buffer_add_u8(b, (uint8_t)digits[v >> (18 - 6 * k) & 63]);
    }
}

static void add_wrapped(struct buffer *b, enum wrapping wrapping, const struct buffer *content)
{
    struct buffer inner;

    buffer_init(&inner, 1 << 22);
    switch (wrapping) {
    case PLAIN:
        buffer_add(b, content->at, content->len);
        break;
    case GZIP:
        add_deflated(b, content->at, content->len, 15 + 16);
        break;
    case ZLIB:
        add_deflated(b, content->at, content->len, 15);
        break;
    case BASE64:
        buffer_add_text(b, TEXT("{\"data\":\""));
        add_base64(b, content->at, content->len);
        buffer_add_text(b, TEXT("\"}"));
        break;
    case BASE64_GZIP:
        add_deflated(&inner, content->at, content->len, 15 + 16);
        buffer_add_text(b, TEXT("payload=x")); /* one letter puts it out of phase */
        add_base64(b, inner.at, inner.len);
        break;
    case HEX:
        for (size_t i = 0; i < content->len; i++)
            buffer_printf(b, "%02X", content->at[i]);
        break;
    case UTF16_LE: case UTF16_BE:
        for (size_t i = 0; i < content->len; i++) {
            buffer_add_u8(b, wrapping == UTF16_LE ? content->at[i] : 0);
            buffer_add_u8(b, wrapping == UTF16_LE ? 0 : content->at[i]);
        }
        break;
    case GZIP_BASE64_GZIP: {
        struct buffer middle;
        buffer_init(&middle, 1 << 22);
        add_deflated(&inner, content->at, content->len, 15 + 16);
        add_base64(&middle, inner.at, inner.len);
        add_deflated(b, middle.at, middle.len, 15 + 16);
        buffer_done(&middle);
        break;
    }
    }
    buffer_done(&inner);
}

struct text_form {
    const char *name, *format; /* for latitude, longitude in that order unless swapped */
    bool longitude_first, nmea;
};

static const struct text_form text_forms[] = {
    { "JSON, 7 decimals", "{\"lat\":%.7f,\"lon\":%.7f,\"alt\":120.5},", false, false },
    { "JSON, 5 decimals", "{\"latitude\": %.5f, \"longitude\": %.5f}\n", false, false },
    { "JSON, 4 decimals", "[%.4f,%.4f],", false, false },
    { "GeoJSON, 15 decimals", "[%.15f, %.15f], ", true, false },
    { "URL", "&p=%.6f%%2C%.6f", false, false },
    { "URL with names", "&lng=%.6f&lat=%.6f", true, false },
    { "NMEA", "$GPGGA,101530.00,%s,%s,1,12,0.8,41.2,M,,M,,*5F\r\n", false, true },
};

static void add_nmea(char *into, size_t size, double degrees, bool latitude)
{
    const double magnitude = fabs(degrees);
    const int whole = (int)magnitude;

    snprintf(into, size, latitude ? "%02d%08.5f,%c" : "%03d%08.5f,%c", whole, (magnitude - whole) * 60,
             latitude ? (degrees < 0 ? 'S' : 'N') : degrees < 0 ? 'W' : 'E');
}

static void add_text_point(struct buffer *b, const struct text_form *form, const struct track_point *p)
{
    char text[256], latitude[32], longitude[32];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (form->nmea) {
        add_nmea(latitude, sizeof latitude, p->latitude_deg, true);
        add_nmea(longitude, sizeof longitude, p->longitude_deg, false);
        snprintf(text, sizeof text, form->format, latitude, longitude);
    } else if (form->longitude_first) {
        snprintf(text, sizeof text, form->format, p->longitude_deg, p->latitude_deg);
    } else {
        snprintf(text, sizeof text, form->format, p->latitude_deg, p->longitude_deg);
    }
#pragma GCC diagnostic pop
    buffer_add_text(b, text_of(text));
}

static int recall_of_text(int site, const struct text_form *form, enum wrapping wrapping, uint64_t seed, int *paths)
{
    uint64_t random = seed;
    int found_count = 0;

    for (int trial = 0; trial < TRIALS; trial++) {
        const size_t step = 1 + random_next(&random) % 60;
        const size_t start = random_next(&random) % (survey.points - PLANTED * step);
        struct buffer content, b;
        struct found f;
        buffer_init(&content, 1 << 20);
        buffer_init(&b, 1 << 20);
        for (size_t i = 0; i < PLANTED; i++)
            add_text_point(&content, form, &flown[site][start + i * step]);
        noise(&b, &random, random_next(&random) % 200);
        add_wrapped(&b, wrapping, &content);
        noise(&b, &random, random_next(&random) % 200);
        const struct bytes in = exact_copy(b.at, b.len);
        find(indexes[site], in, 1 + random_next(&random) % 1400, (struct text_list){ NULL, 0 }, &f);
        bool found_path = false;
        for (size_t i = 0; i < leak_count(&f); i++)
            found_path |= text_equal(leak_row(&f, i)->what, TEXT("flight_path"));
        found_count += leak_count(&f) > 0;
        *paths += found_path;
        found_done(&f);
        exact_copy_free(in);
        buffer_done(&content);
        buffer_done(&b);
    }
    return found_count;
}

static void finds_text(void **state)
{
    (void)state;
    for (int site = 0; site < SITE_COUNT; site++)
        for (size_t i = 0; i < sizeof text_forms / sizeof *text_forms; i++) {
            int paths = 0;
            const int found = recall_of_text(site, &text_forms[i], PLAIN, 99 + i, &paths);
            if (found != TRIALS)
                fail_msg("%s: %s: %d of %d", sites[site].name, text_forms[i].name, found, TRIALS);
            print_message("# %s: %s: %d of %d as a track\n", sites[site].name, text_forms[i].name, paths, TRIALS);
        }
}

static void finds_wrapped_text(void **state)
{
    (void)state;
    for (int wrapping = GZIP; wrapping <= GZIP_BASE64_GZIP; wrapping++) {
        int paths = 0;
        const int found = recall_of_text(SITE_ATLANTIC, &text_forms[0], (enum wrapping)wrapping, 7, &paths);
        if (found != TRIALS)
            fail_msg("wrapping %d: %d of %d", wrapping, found, TRIALS);
    }
}

/* The reference rounds to 110 m: that cannot point at a path, but it tells the area. */
static void three_decimals_tell_no_path(void **state)
{
    const struct text_form form = { "3 decimals", "{\"lat\":%.3f,\"lon\":%.3f},", false, false };
    int paths = 0;

    (void)state;
    assert_int_equal(recall_of_text(SITE_ATLANTIC, &form, PLAIN, 5, &paths), TRIALS);
    assert_int_equal(paths, 0);
}

/* Binary positions inside hex and base64. */
static void finds_wrapped_doubles(void **state)
{
    static const enum wrapping wrappings[] = { GZIP, BASE64, BASE64_GZIP, HEX };

    (void)state;
    for (size_t w = 0; w < sizeof wrappings / sizeof *wrappings; w++)
        for (size_t phase = 0; phase < 3; phase++) {
            struct buffer content, b;
            struct found f;
            buffer_init(&content, 1 << 20);
            buffer_init(&b, 1 << 20);
            for (size_t i = 0; i < phase; i++)
                buffer_add_u8(&content, 0x51);
            for (size_t i = 0; i < PLANTED; i++) {
                put_number(&content, NUMBER_DOUBLE, false, flown[0][700 + i * 20].latitude_deg);
                put_number(&content, NUMBER_DOUBLE, false, flown[0][700 + i * 20].longitude_deg);
            }
            add_wrapped(&b, wrappings[w], &content);
            const struct bytes in = exact_copy(b.at, b.len);
            find(indexes[0], in, 333, (struct text_list){ NULL, 0 }, &f);
            assert_true(leak_count(&f) >= 1);
            assert_text_equal(leak_row(&f, 0)->what, "flight_path");
            found_done(&f);
            exact_copy_free(in);
            buffer_done(&content);
            buffer_done(&b);
        }
}

/* What stands before it may, with it, look like the beginning of a stream that has no sign of its own. */
static void finds_gzip_behind_any_two_bytes(void **state)
{
    uint64_t random = 5;
    struct buffer content, packed;

    (void)state;
    buffer_init(&content, 1 << 20);
    buffer_init(&packed, 1 << 20);
    for (size_t i = 0; i < PLANTED; i++)
        add_text_point(&content, &text_forms[0], &flown[0][700 + i * 20]);
    add_deflated(&packed, content.at, content.len < 700 ? content.len : 700, 15 + 16);
    for (int trial = 0; trial < 200; trial++) {
        struct buffer b;
        struct found f;
        buffer_init(&b, 1 << 20);
        noise(&b, &random, 2);
        buffer_add(&b, packed.at, packed.len);
        const struct bytes in = exact_copy(b.at, b.len);
        find(indexes[0], in, trial % 2 ? in.len : 61, (struct text_list){ NULL, 0 }, &f);
        if (leak_count(&f) == 0)
            fail_msg("behind %02x %02x: not found", in.at[0], in.at[1]);
        found_done(&f);
        exact_copy_free(in);
        buffer_done(&b);
    }
    buffer_done(&content);
    buffer_done(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_every_encoding_north_and_west),
        cmocka_unit_test(finds_every_encoding_south_and_east),
        cmocka_unit_test(finds_every_encoding_at_equator_and_greenwich),
        cmocka_unit_test(finds_every_encoding_at_the_date_line),
        cmocka_unit_test(finds_text),
        cmocka_unit_test(finds_wrapped_text),
        cmocka_unit_test(three_decimals_tell_no_path),
        cmocka_unit_test(finds_wrapped_doubles),
        cmocka_unit_test(finds_gzip_behind_any_two_bytes),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
