/* Whole numbers of CBOR, of which negative ones are written as -1 - n. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "leak/decode.h"
#include "leak/plant.h"

static void numbers_are_written_out(void **state)
{
    static const struct {
        const char *in;
        size_t len, start, end; /* of the run; start == len: none */
        const char *out;
        size_t out_len;
    } cases[] = {
        /* [455000000, -352500000] */
        { "\x82\x1a\x1b\x1e\xb7\xc0\x3a\x15\x02\xba\x1f", 11, 1, 11, "\x1b\x1e\xb7\xc0\xea\xfd\x45\xe0", 8 },
        /* the same with names, a time of 64 bits and a string behind */
        { "\xa3\x63lat\x1a\x1b\x1e\xb7\xc0\x63lon\x3a\x15\x02\xba\x1f\x61t\x1b\0\0\x01\x90\x11\x22\x33\x44\x41x", 32, 5, 32,
          "\x1b\x1e\xb7\xc0\xea\xfd\x45\xe0\0\0\x01\x90\x11\x22\x33\x44", 16 },
        { "\x3a\x15\x02\xba\x1f\x3a\x1b\x1e\xb7\xbf", 10, 0, 10, "\xea\xfd\x45\xe0\xe4\xe1\x48\x40", 8 },
        /* one number alone; text with colons; a type that is none */
        { "\x82\x3a\x15\x02\xba\x1f\x01\x02\x03\x04\x05\x06\x07", 13, 13, 0, "", 0 },
        { "at 10:2001:4567:89ab and a:bcde:fghi:jklm", sizeof "at 10:2001:4567:89ab and a:bcde:fghi:jklm" - 1, 99, 0, "", 0 },
        { "\x3a\x15\x02\xba\x1f\x1c\x3a\x15\x02\xba\x1f", 11, 11, 0, "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct bytes in = exact_copy((const uint8_t *)cases[i].in, cases[i].len);
        uint8_t out[64];
        size_t start;
        const bool found = decode_find_cbor(in.at, in.len, 0, in.len, &start);
        if (found != (cases[i].start < cases[i].len))
            fail_msg("case %zu: %s", i, found ? "found" : "not found");
        if (found) {
            struct cbor_state taken = { 0 }, decoded = { 0 };
            assert_int_equal(start, cases[i].start);
            assert_int_equal(start + decode_cbor_more(&taken, in.at + start, in.len - start), cases[i].end);
            /* In pieces of every size it is the same. */
            for (size_t cut = 0; cut <= cases[i].end - start; cut++) {
                decoded = (struct cbor_state){ 0 };
                size_t n = decode_cbor(&decoded, in.at + start, cut, out);
                n += decode_cbor(&decoded, in.at + start + cut, cases[i].end - start - cut, out + n);
                assert_int_equal(n, cases[i].out_len);
                assert_memory_equal(out, cases[i].out, n);
            }
        }
        exact_copy_free(in);
    }
}

/* No cut reads behind its end, and a run ends where an item cannot be. */
static void cuts_and_ends(void **state)
{
    static const char whole[] =
        "\x82\x1a\x1b\x1e\xb7\xc0\x3a\x15\x02\xba\x1f\x82\x1a\x1b\x1e\xb7\xc1\x3a\x15\x02\xba\x20\xff\x1d";

    (void)state;
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        const struct bytes cut = exact_copy((const uint8_t *)whole, len);
        size_t start = 0;
        struct cbor_state s = { 0 };
        (void)decode_find_cbor(cut.at, cut.len, 0, cut.len, &start);
        (void)decode_cbor_more(&s, cut.at, cut.len);
        exact_copy_free(cut);
    }
    struct cbor_state s = { 0 };
    assert_int_equal(decode_cbor_more(&s, (const uint8_t *)whole, sizeof whole - 1), sizeof whole - 2);
}

/* A run begins at a negative number that is no colon in text, or at a positive one not far before it. */
static bool begins_here(struct bytes in, size_t from, size_t i, size_t *ret_start)
{
    enum { BACK_MAX = 24, ITEM = 5 };
    bool text = true;

    if (in.at[i] != 0x3a)
        return false;
    for (size_t k = 1; k < ITEM; k++)
        text &= in.at[i + k] >= ' ' && in.at[i + k] <= '~';
    if (text)
        return false;
    for (size_t back = ITEM; back <= BACK_MAX && back <= i - from; back++)
        if (in.at[i - back] == 0x1a && decode_cbor_numbers(in.at + i - back, in.len - i + back)) {
            *ret_start = i - back;
            return true;
        }
    *ret_start = i;
    return decode_cbor_numbers(in.at + i, in.len - i);
}

/* Beside that definition: at every place, from every place, over more than what is looked at at once. */
static void runs_are_found_where_they_are(void **state)
{
    enum { SIZE = 5000, ROUNDS = 3000, ITEM = 5 };
    uint8_t *data = malloc(SIZE);
    uint64_t random = 31;
    size_t found = 0;

    (void)state;
    assert_non_null(data);
    for (int round = 0; round < ROUNDS; round++) {
        const size_t size = 1 + (size_t)(random_next(&random) % (round % 2 ? SIZE : 90)),
            from = (size_t)(random_next(&random) % size), limit = from + (size_t)(random_next(&random) % (size - from + 1));
        const unsigned rare = round % 3 == 0 ? 3 : round % 3 == 1 ? 60 : 2000;
        size_t start = SIZE, expected = SIZE;
        bool is = false;
        for (size_t i = 0; i < size; i++)
            data[i] = random_next(&random) % rare == 0 ? (uint8_t)"\x3a\x1a\x61\x7f\x1f\x20\x7e\x80"[random_next(&random) % 8]
                : round % 5 ? (uint8_t)(' ' + random_next(&random) % 95) : (uint8_t)random_next(&random);
        const struct bytes in = exact_copy(data, size);
        for (size_t i = from; i < limit && size - i >= ITEM && !is; i++)
            is = begins_here(in, from, i, &expected);
        assert_int_equal(decode_find_cbor(in.at, size, from, limit, &start), is);
        if (is)
            assert_int_equal(start, expected);
        found += is;
        exact_copy_free(in);
    }
    assert_true(found > ROUNDS / 20 && found < ROUNDS * 19 / 20);
    free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(numbers_are_written_out), cmocka_unit_test(cuts_and_ends),
                                        cmocka_unit_test(runs_are_found_where_they_are) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
