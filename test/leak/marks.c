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
    static const size_t counts[] = { 0, 1, 40, 600, MOST };
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kernels_give_the_same_marks),
        cmocka_unit_test(marks_do_not_depend_on_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
