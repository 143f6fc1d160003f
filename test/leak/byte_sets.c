/* Which bytes are in a set: what each kernel says, beside the definition. */
#include "support/support.h"

#include <string.h>

#include "leak/byte_sets.h"
#include "leak/decode.h"
#include "leak/plant.h"

static bool in_base64(unsigned c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
        (c && c < 128 && strchr("+/-_", (int)c));
}

static bool is_printed(unsigned c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; }

static void the_sets_are_what_they_are_called(void **state)
{
    (void)state;
    for (unsigned c = 0; c < 256; c++) {
        assert_int_equal(byte_set_has(&byte_set_base64, (uint8_t)c), in_base64(c));
        assert_int_equal(byte_set_has(&byte_set_printed, (uint8_t)c), is_printed(c));
    }
}

/* Every length from nothing to a few words, with every byte in it. */
static void every_kernel_and_length(void **state)
{
    enum { LENGTH_MAX = 640, SETS = 4, WORDS = LENGTH_MAX / 64 + 1 };
    struct byte_set sets[SETS] = { byte_set_base64, byte_set_printed, { .upper = false }, { .upper = true } };
    uint8_t data[LENGTH_MAX];
    uint64_t random = 3;

    (void)state;
    byte_set_add(&sets[2], 0);
    byte_set_add(&sets[2], 127);
    byte_set_add(&sets[2], ':');
    byte_set_add(&sets[3], 0x80);
    byte_set_add(&sets[3], 0xb0);
    byte_set_add(&sets[3], 0xff);
    assert_true(byte_set_has(&sets[3], 0xb0) && !byte_set_has(&sets[3], 0x30) && !byte_set_has(&sets[2], 0xba));
    random_fill(&random, data, sizeof data);
    for (unsigned c = 0; c < 256; c++)
        data[c] = (uint8_t)c;
    for (int kernel = 0; kernel < FILTER_COUNT; kernel++)
        for (size_t len = 0; len <= LENGTH_MAX && filter_kernels[kernel].works(); len++) {
            uint64_t map[SETS][WORDS], *const maps[SETS] = { map[0], map[1], map[2], map[3] };
            const struct bytes in = exact_copy(data + LENGTH_MAX - len, len);
            memset(map, 0xa5, sizeof map);
            byte_sets_map((enum filter_kernel)kernel, sets, SETS, in.at, in.len, maps);
            for (size_t set = 0; set < SETS; set++)
                for (size_t i = 0; i < (len + 63) / 64 * 64; i++)
                    assert_int_equal(map[set][i / 64] >> i % 64 & 1, i < len && byte_set_has(&sets[set], in.at[i]));
            for (size_t set = 0; set < SETS && (len + 63) / 64 < WORDS; set++)
                assert_int_equal(map[set][(len + 63) / 64], UINT64_C(0xa5a5a5a5a5a5a5a5));
            exact_copy_free(in);
        }
}

/* Runs of base64 of every length around the least one, at every place, found from every place, beside the
 * definition. */
static void runs_are_found_where_they_are(void **state)
{
    enum { SIZE = 5000, SHORT = 300, ROUNDS = 6000 };
    static const char alphabet[] = "QUJDabc0123+/_-";
    static uint8_t data[SIZE];
    uint64_t random = 9;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        /* Long ones, in which there are few runs, are looked at in pieces. */
        const unsigned gap = round % 4 ? 40 : 5;
        const size_t size = 1 + (size_t)(random_next(&random) % (round % 4 ? SHORT : SIZE)), from = (size_t)(random_next(&random) % size),
            limit = from + (size_t)(random_next(&random) % (size - from + 1));
        size_t start = SIZE, end = SIZE, expected = from;
        for (size_t i = 0; i < size; i++)
            data[i] = random_next(&random) % gap == 0
                ? " \n\xe9{"[random_next(&random) % 4] : alphabet[random_next(&random) % (sizeof alphabet - 1)];
        const struct bytes in = exact_copy(data, size);
        for (; expected < limit; expected++) {
            size_t n = 0;
            while (expected + n < size && in_base64(data[expected + n]))
                n++;
            if (n >= RUN_MIN)
                break;
        }
        assert_int_equal(decode_find_alphabet_run(in.at, size, from, limit, &start, &end), expected < limit);
        if (expected < limit) {
            assert_int_equal(start, expected);
            assert_int_equal(end, start + decode_alphabet_more(in.at + start, size - start));
        }
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sets_are_what_they_are_called),
        cmocka_unit_test(every_kernel_and_length),
        cmocka_unit_test(runs_are_found_where_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
