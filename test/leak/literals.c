/* Many strings at once: as a search for each of them would find. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "leak/literals.h"
#include "leak/plant.h"

enum { FOUND_MAX = 4096 };

struct seen {
    struct { uint32_t number; size_t end; } list[FOUND_MAX];
    size_t count;
};

static void keep(void *user, uint32_t number, size_t end)
{
    struct seen *s = user;

    if (s->count < FOUND_MAX) {
        s->list[s->count].number = number;
        s->list[s->count].end = end;
    }
    s->count++;
}

static bool saw(const struct seen *s, uint32_t number, size_t end)
{
    size_t n = 0;

    for (size_t i = 0; i < s->count && i < FOUND_MAX; i++)
        n += s->list[i].number == number && s->list[i].end == end;
    assert_true(n <= 1);
    return n == 1;
}

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ .at = (const uint8_t *)text, .len = strlen(text) };
}

static void found_at(const struct literals *l, const uint8_t *value, size_t len, size_t at, size_t size)
{
    static struct seen seen;
    uint8_t buffer[256];

    memset(buffer, at % 3 == 0 ? '.' : at % 3 == 1 ? 'x' : 0xe1, sizeof buffer);
    memcpy(buffer + at, value, len);
    const struct bytes in = exact_copy(buffer, size);
    seen.count = 0;
    literals_scan(l, in.at, in.len, keep, &seen);
    assert_int_equal(seen.count, 1);
    assert_true(saw(&seen, 0, at + len));
    exact_copy_free(in);
}

/* Each length, at each offset of a buffer of each size, up to its very end: any bytes, letters and digits, text, and
 * mixed. */
static void every_length_and_place(void **state)
{
    enum { LENGTH_MAX = 40, SIZE_MAX_ = 64, FAR_SIZE = 190 };
    static const char *const texts[] = { "", "1ZNBX9K00C00Q7qwertyUIOP98765asdfghJKLZX", "AA:BB:CC:DD:EE:F1-serial (no. 7)/x.y_z=3", "user.name@unit.example\xc3\xa9\x01 42 and so on.." };

    (void)state;
    for (size_t kind = 0; kind < sizeof texts / sizeof *texts; kind++)
        for (size_t len = LITERAL_MIN; len <= LENGTH_MAX; len++) {
            uint8_t value[LENGTH_MAX];
            uint64_t random = 5;
            struct literals *l = literals_new();
            random_fill(&random, value, sizeof value);
            memcpy(value, texts[kind], kind ? sizeof value : 0);
            assert_true(literals_add(l, value, len, kind & 1));
            literals_build(l);
            for (int kernel = 0; kernel < FILTER_COUNT; kernel++) {
                if (!literals_use(l, (enum filter_kernel)kernel))
                    continue;
                for (size_t size = len; size <= SIZE_MAX_; size += kernel == FILTER_PLAIN ||
                     size + 8 > SIZE_MAX_ ? 1 : 7)
                    for (size_t at = 0; at + len <= size; at++)
                        found_at(l, value, len, at, size);
                for (size_t at = 0; at + len <= FAR_SIZE; at++)
                    found_at(l, value, len, at, FAR_SIZE);
            }
            literals_free(l);
        }
}

/* Across the pieces in which data are looked at, among letters and other bytes. */
static void across_pieces(void **state)
{
    enum { PIECE = 4096, LENGTHS = 5, BEFORE = 150, BEHIND = 20, SIZE = 2 * PIECE };
    static const size_t lengths[LENGTHS] = { LITERAL_MIN, 9, 12, 20, 130 };
    static struct seen seen;
    uint8_t value[130], *data = malloc(SIZE);

    (void)state;
    assert_non_null(data);
    for (size_t i = 0; i < sizeof value; i++)
        value[i] = (uint8_t)"1ZNBX9K00C00Q7qwertyUIOP98765asdfghJKLZX+/_-"[(i * i + i / 7) % 44];
    for (size_t n = 0; n < LENGTHS; n++)
        for (int mixed = 0; mixed < 2; mixed++) {
            struct literals *l = literals_new();
            if (mixed) /* no word to its end */
                value[lengths[n] - 1] = ':';
            assert_true(literals_add(l, value, lengths[n], false));
            literals_build(l);
            for (size_t at = PIECE - BEFORE; at < PIECE + BEHIND; at++) {
                const struct bytes in = { .at = data, .len = SIZE - at % 3 };
                memset(data, at % 2 ? 'x' : '.', SIZE);
                memcpy(data + at, value, lengths[n]);
                memcpy(data, value, lengths[n]);
                memcpy(data + in.len - lengths[n], value, lengths[n]);
                for (int kernel = 0; kernel < FILTER_COUNT; kernel++) {
                    if (!literals_use(l, (enum filter_kernel)kernel))
                        continue;
                    seen.count = 0;
                    literals_scan(l, in.at, in.len, keep, &seen);
                    assert_int_equal(seen.count, 3);
                    assert_true(saw(&seen, 0, at + lengths[n]) && saw(&seen, 0, lengths[n]) && saw(&seen, 0, in.len));
                }
            }
            value[lengths[n] - 1] = (uint8_t)('a' + n);
            literals_free(l);
        }
    free(data);
}

static void cases_and_near_misses(void **state)
{
    static const struct {
        const char *data;
        size_t both, exact; /* hits of the one that ignores case and of the one that does not */
    } cases[] = {
        { "serial 1ZNBX9K00C00Q7 ", 1, 1 }, { "serial 1znbx9k00c00q7 ", 1, 0 }, { "1ZNBX9K00C00Q", 0, 0 },
        { "1ZNBX9K00C00Q71ZNBX9K00C00Q7", 2, 2 }, { "1ZNBX9K00C00Q8", 0, 0 }, { "", 0, 0 },
        { "1ZNBX9K\x10" "0C00Q7", 0, 0 }, /* differs only by the bit that tells upper from lower case */
    };
    struct literals *l = literals_new();

    (void)state;
    assert_true(literals_add(l, (const uint8_t *)"1ZNBX9K00C00Q7", 14, true));
    assert_true(literals_add(l, (const uint8_t *)"1ZNBX9K00C00Q7", 14, false));
    assert_false(literals_add(l, (const uint8_t *)"12345", 5, false));
    literals_build(l);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct seen seen;
        size_t hits[2] = { 0, 0 };
        const struct bytes in = text_bytes(cases[i].data);
        seen.count = 0;
        literals_scan(l, in.at, in.len, keep, &seen);
        for (size_t k = 0; k < seen.count; k++)
            hits[seen.list[k].number]++;
        assert_int_equal(hits[0], cases[i].both);
        assert_int_equal(hits[1], cases[i].exact);
    }
    literals_free(l);
}

/* 20,000 strings that share beginnings and ends, against memmem. */
static void a_large_set_with_much_in_common(void **state)
{
    enum { COUNT = 20000, DATA_BYTES = 1 << 16 };
    static struct seen seen;
    char (*values)[32] = calloc(COUNT, sizeof *values);
    uint8_t *data = malloc(DATA_BYTES);
    struct literals *l = literals_new();
    uint64_t random = 11;
    size_t planted = 0;

    (void)state;
    assert_non_null(values);
    assert_non_null(data);
    for (size_t i = 0; i < COUNT; i++) {
        static const char *const forms[] = { "AA:BB:CC:%02x:%02x:%02x", "DRONE-%06zu-END", "%zu00000000",
                                             "user%zu@unit.example" };
        if (i % 4 == 0)
            snprintf(values[i], sizeof values[i], forms[0], (unsigned)(i >> 16), (unsigned)(i >> 8 & 255),
                     (unsigned)(i & 255));
        else
            snprintf(values[i], sizeof values[i], forms[i % 4], i);
        assert_true(literals_add(l, (const uint8_t *)values[i], strlen(values[i]), i % 2));
    }
    literals_build(l);
    assert_int_equal(literals_count(l), COUNT);
    assert_true(literals_memory_bytes(l) < COUNT * 200u);
    random_fill(&random, data, DATA_BYTES);
    for (size_t at = 100; at + 64 < DATA_BYTES; at += 100) {
        const size_t i = random_next(&random) % COUNT;
        memcpy(data + at + at % 7, values[i], strlen(values[i]));
    }
    for (int kernel = 0; kernel < FILTER_COUNT; kernel++) {
        const size_t before = seen.count;
        if (!literals_use(l, (enum filter_kernel)kernel))
            continue;
        seen.count = 0;
        literals_scan(l, data, DATA_BYTES, keep, &seen);
        assert_true(kernel == FILTER_PLAIN || seen.count == before);
    }
    for (size_t i = 0; i < COUNT; i++) {
        const size_t len = strlen(values[i]);
        for (const uint8_t *p = data; (p = memmem(p, (size_t)(data + DATA_BYTES - p), values[i], len)); p++) {
            assert_true(saw(&seen, (uint32_t)i, (size_t)(p - data) + len));
            planted++;
        }
    }
    assert_true(planted >= 600);
    assert_int_equal(planted, seen.count);
    literals_free(l);
    free(values);
    free(data);
}

static void nothing_is_found_in_nothing(void **state)
{
    static struct seen seen;
    struct literals *l = literals_new();

    (void)state;
    literals_build(l);
    literals_scan(l, (const uint8_t *)"anything at all", 15, keep, &seen);
    assert_int_equal(seen.count, 0);
    assert_int_equal(literals_count(l), 0);
    literals_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_and_place),
        cmocka_unit_test(across_pieces),
        cmocka_unit_test(cases_and_near_misses),
        cmocka_unit_test(a_large_set_with_much_in_common),
        cmocka_unit_test(nothing_is_found_in_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
