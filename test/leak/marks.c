/* Where something may stand in text: known triples of bytes, however many there are, with every kernel. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "leak/marks.h"
#include "leak/plant.h"

static bool known(const uint8_t (*triples)[3], size_t count, const uint8_t *at)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(triples[i], at, 3) == 0)
            return true;
    return false;
}

/* Every offset of [from, limit) with its marks, or 0. */
static void marks_of(const struct mark_triples *t, enum filter_kernel kernel, struct bytes in, size_t from,
                     size_t limit, uint16_t *into)
{
    static struct marks m;

    memset(into, 0, in.len * sizeof *into);
    marks_begin(&m, in.at, in.len, from, limit, t, kernel);
    while (marks_next(&m))
        for (uint64_t any = m.any; any; any &= any - 1) {
            const size_t at = m.block + (unsigned)__builtin_ctzll(any);
            for (int mark = 0; mark < MARK_COUNT; mark++)
                into[at] |= (uint16_t)(mark_is(&m, (enum text_mark)mark, at) << mark);
            assert_true(into[at] && at >= from && at < limit);
        }
}

static void all_kernels_give_the_same_marks(void **state)
{
    enum { MOST = 7000, BYTES = 5000, PIECES = 12 };
    static const size_t counts[] = { 0, 1, 40, MARK_FEW, MARK_FEW + 1, 600, MOST };
    static uint8_t triples[MOST][3];
    static uint16_t first[BYTES], other[BYTES];
    uint8_t *data = malloc(BYTES);
    uint64_t random = 21;

    (void)state;
    assert_non_null(data);
    random_fill(&random, triples[0], sizeof triples);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        struct mark_triples *t = calloc(1, sizeof *t);
        assert_non_null(t);
        for (size_t i = 0; i < counts[c]; i++)
            mark_triples_add(t, triples[i], MARK_ANY_BUCKET);
        mark_triples_done(t);
        random_fill(&random, data, BYTES);
        for (size_t i = 0; counts[c] && i + 3 <= BYTES; i += 1 + random_next(&random) % 40)
            memcpy(data + i, triples[random_next(&random) % counts[c]], 3);
        for (size_t piece = 0; piece < PIECES; piece++) {
            const size_t len = piece ? random_next(&random) % BYTES : BYTES,
                from = piece ? random_next(&random) % (len + 1) : 0, limit = from +
                (piece ? random_next(&random) % (len - from + 1) : len);
            const struct bytes in = exact_copy(data, len);
            size_t marked = 0, wanted = 0;
            marks_of(t, FILTER_PLAIN, in, from, limit, first);
            for (size_t at = from; at < limit; at++) {
                const bool mark = first[at] >> MARK_TRIPLE & 1,
                    is = at + 3 <= len && known((const uint8_t (*)[3])triples, counts[c], in.at + at);
                assert_true(mark || !is);
                marked += mark;
                wanted += is;
            }
            assert_true(marked - wanted <= 20 + len / 50);
            for (int kernel = FILTER_PLAIN + 1; kernel < FILTER_COUNT; kernel++) {
                if (!filter_kernels[kernel].works())
                    continue;
                marks_of(t, (enum filter_kernel)kernel, in, from, limit, other);
                assert_memory_equal(first, other, len * sizeof *first);
            }
            exact_copy_free(in);
        }
        free(t);
    }
    free(data);
}

/* A mark does not depend on where blocks begin: what is looked at from any offset on is the same. */
static void marks_do_not_depend_on_blocks(void **state)
{
    static const char text[] = "  1.2345 1,23456 12.34 123456 /1/22/ =-1 9\xb0 9\xc2\xb0 12N S 5 1 23 4 1:23:4 4RMG+VH abcdefghijklmnop %2C \\u002c \\n./7/";
    static uint16_t whole[sizeof text], part[sizeof text];
    const struct bytes in = exact_copy((const uint8_t *)text, sizeof text - 1);
    struct mark_triples *none = calloc(1, sizeof *none);
    unsigned seen = 0;

    (void)state;
    assert_non_null(none);
    mark_triples_done(none);
    marks_of(none, FILTER_PLAIN, in, 0, in.len, whole);
    for (size_t i = 0; i < in.len; i++)
        seen |= whole[i];
    assert_int_equal(seen, (1u << MARK_COUNT) - 1 - (1u << MARK_TRIPLE));
    for (int kernel = 0; kernel < FILTER_COUNT; kernel++)
        for (size_t from = 0; from < in.len && filter_kernels[kernel].works(); from++) {
            marks_of(none, (enum filter_kernel)kernel, in, from, in.len, part);
            assert_memory_equal(whole + from, part + from, (in.len - from) * sizeof *whole);
        }
    free(none);
    exact_copy_free(in);
}

/* What marks.h says of each, a byte at a time: outside of the bytes there is nothing. */
static uint8_t byte_of(struct bytes in, size_t at, int away)
{
    return away < 0 && at < (size_t)-away ? 0 : at + (size_t)away < in.len ? in.at[at + (size_t)away] : 0;
}

static bool digit(uint8_t c) { return c >= '0' && c <= '9'; }
static bool word(uint8_t c) { return digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
static bool one_of(uint8_t c, const char *set) { return c && strchr(set, c); }

static bool row_of(struct bytes in, size_t at, int from, int to, bool (*is)(uint8_t))
{
    for (int k = from; k <= to; k++)
        if (!is(byte_of(in, at, k)))
            return false;
    return true;
}

static bool in_polyline(uint8_t c) { return c >= '?' && c <= '~'; }

static bool hemisphere(struct bytes in, size_t at)
{
    const uint8_t before = byte_of(in, at, -1), behind = byte_of(in, at, 1);
    const bool number_before = digit(before) || one_of(before, "\"'") ||
        (before == ' ' && (digit(byte_of(in, at, -2)) || one_of(byte_of(in, at, -2), "\"'")));
    const bool number_behind = digit(behind) || (behind == ' ' && digit(byte_of(in, at, 2)));

    return (number_before && !word(behind)) || (number_behind && !word(before));
}

static unsigned defined_at(struct bytes in, size_t at)
{
    const uint8_t c = in.at[at], before = byte_of(in, at, -1), behind = byte_of(in, at, 1);
    const bool four = row_of(in, at, 1, 4, digit);
    unsigned marks = 0;

    marks |= (unsigned)(c == '.' && digit(before) && four) << MARK_POINT;
    marks |= (unsigned)(c == ',' && digit(before) && four) << MARK_COMMA;
    marks |= (unsigned)(c == '.' && digit(before) && row_of(in, at, 1, 2, digit) && !four) << MARK_COARSE;
    marks |= (unsigned)(row_of(in, at, 0, 5, digit) && !digit(before)) << MARK_DIGITS;
    marks |= (unsigned)(c == '/' && digit(behind) &&
                        byte_of(in, at, 2 + digit(byte_of(in, at, 2))) == '/') << MARK_SLASH;
    marks |= (unsigned)(c == '=' && (digit(behind) || behind == '-')) << MARK_EQUALS;
    marks |= (unsigned)(c == 0xb0 && (digit(before) || before == 0xc2)) << MARK_DEGREE;
    marks |= (unsigned)(one_of(c, "NSEW") && hemisphere(in, at)) << MARK_HEMISPHERE;
    marks |= (unsigned)(one_of(c, " :") && digit(before) && row_of(in, at, 1, 2, digit) &&
                        one_of(byte_of(in, at, 3), " :") && digit(byte_of(in, at, 4))) << MARK_PARTS;
    marks |= (unsigned)(c == '+' && word(before) && word(byte_of(in, at, -2))) << MARK_PLUS;
    marks |= (unsigned)(row_of(in, at, 0, 9, in_polyline) && !in_polyline(before)) << MARK_POLYLINE;
    marks |= (unsigned)(c == '%' && word(behind)) << MARK_PERCENT;
    marks |= (unsigned)(c == '\\' && (word(behind) || one_of(behind, "\"'\\/"))) << MARK_BACKSLASH;
    return marks;
}

/* Bytes of which many stand beside what makes a mark of them, and any bytes; each piece from any offset on, to any. */
static void marks_are_as_defined(void **state)
{
    enum { BYTES = 4200, PIECES = 1000 };
    static const char usual[] = "01234567890123456789012345678901234567890123456789"
        "..,,  :://=-NSEW\"'+%\\\xb0\xc2?@AKPZ[^_`akpz{|}~ghijklmn";
    static uint16_t found[BYTES];
    struct mark_triples *none = calloc(1, sizeof *none);
    uint8_t *data = malloc(BYTES);
    uint64_t random = 3;
    size_t seen[MARK_COUNT] = { 0 };

    (void)state;
    assert_non_null(none);
    assert_non_null(data);
    mark_triples_done(none);
    for (size_t piece = 0; piece < PIECES; piece++) {
        const size_t len = piece % 4 ? random_next(&random) % 200 : random_next(&random) % BYTES,
            from = random_next(&random) % (len + 1), limit = from + random_next(&random) % (len - from + 1);
        random_fill(&random, data, len);
        for (size_t i = 0; i < len && piece % 3; i++)
            data[i] = (uint8_t)usual[data[i] % (sizeof usual - 1)];
        for (size_t i = 0; i + 12 < len; i += 100)
            memset(data + i, 'm', random_next(&random) % 12);
        const struct bytes in = exact_copy(data, len);
        for (int kernel = 0; kernel < FILTER_COUNT; kernel++) {
            if (!filter_kernels[kernel].works())
                continue;
            marks_of(none, (enum filter_kernel)kernel, in, from, limit, found);
            for (size_t at = 0; at < len; at++) {
                const unsigned wanted = at >= from && at < limit ? defined_at(in, at) : 0;
                assert_int_equal(found[at], wanted);
                for (int mark = 0; mark < MARK_COUNT; mark++)
                    seen[mark] += wanted >> mark & 1;
            }
        }
        exact_copy_free(in);
    }
    for (int mark = 0; mark < MARK_COUNT; mark++)
        assert_true(mark == MARK_TRIPLE || seen[mark] > 20);
    free(data);
    free(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kernels_give_the_same_marks),
        cmocka_unit_test(marks_do_not_depend_on_blocks),
        cmocka_unit_test(marks_are_as_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
