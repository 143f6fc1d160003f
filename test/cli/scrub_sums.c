/* Hashes of pairs of files by other processes: those that were asked for, in any order, and of nothing else. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/scrub_sums.h"

enum { PAIRS = 7, MOST = 700000 };

struct taken {
    const uint8_t *data;
    const size_t (*lengths)[2];
    unsigned times[PAIRS];
};

static void sum_taken(void *user, size_t number, const uint8_t original[SHA256_BYTES], const uint8_t copy[SHA256_BYTES])
{
    struct taken *t = user;
    uint8_t expected[SHA256_BYTES];

    assert_true(number < PAIRS);
    t->times[number]++;
    sha256_of((struct bytes){ .at = t->data, .len = t->lengths[number][0] }, expected);
    assert_memory_equal(original, expected, sizeof expected);
    sha256_of((struct bytes){ .at = t->data + 1, .len = t->lengths[number][1] }, expected);
    assert_memory_equal(copy, expected, sizeof expected);
}

static int file_of(const uint8_t *data, size_t len)
{
    char path[] = "/tmp/leash-sums-XXXXXX";
    const int fd = mkstemp(path);

    assert_true(fd >= 0);
    unlink(path);
    assert_int_equal(write(fd, data, len), len);
    return fd;
}

static void pairs_that_were_asked_for(void **state)
{
    static const size_t lengths[PAIRS][2] = { { 0, 0 }, { 1, 600000 }, { MOST - 1, MOST - 1 }, { 131072, 131072 },
                                              { 131073, 131071 }, { 262144, 5 }, { 3, 4 } };
    static uint8_t data[MOST];
    struct scrub_pair pairs[PAIRS];
    struct scrub_sums s = SCRUB_SUMS_NONE;
    struct taken t = { .data = data, .lengths = lengths };

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        data[i] = (uint8_t)(i * 2654435761u >> 13);
    for (size_t i = 0; i < PAIRS; i++)
        pairs[i] = (struct scrub_pair){ file_of(data, lengths[i][0]), file_of(data + 1, lengths[i][1]) };
    scrub_sums_end(&s, sum_taken, &t); /* nothing was begun */
    assert_int_equal(scrub_sums_begin(&s, pairs, PAIRS), 0);
    for (size_t i = PAIRS; i-- > 0; )
        if (i != 3)
            scrub_sums_ask(&s, i);
    scrub_sums_end(&s, sum_taken, &t);
    for (size_t i = 0; i < PAIRS; i++)
        assert_int_equal(t.times[i], i != 3);
    assert_int_equal(scrub_sums_begin(&s, pairs, PAIRS), 0);
    scrub_sums_end(&s, sum_taken, &t);
    for (size_t i = 0; i < PAIRS; i++)
        assert_int_equal(t.times[i], i != 3);
    for (size_t i = 0; i < PAIRS; i++) {
        close(pairs[i].original);
        close(pairs[i].copy);
    }
}

/* One that is not there or cannot be read is not given; the others are. */
static void what_cannot_be_read(void **state)
{
    static const size_t lengths[PAIRS][2] = { { 10, 10 }, { 20, 20 }, { 30, 30 } };
    static uint8_t data[64];
    struct scrub_pair pairs[3];
    struct scrub_sums s;
    struct taken t = { .data = data, .lengths = lengths };

    (void)state;
    for (size_t i = 0; i < 3; i++)
        pairs[i] = (struct scrub_pair){ file_of(data, lengths[i][0]), file_of(data + 1, lengths[i][1]) };
    close(pairs[1].copy);
    pairs[1].copy = -1;
    assert_int_equal(scrub_sums_begin(&s, pairs, 3), 0);
    for (size_t i = 0; i < 3; i++)
        scrub_sums_ask(&s, i);
    scrub_sums_end(&s, sum_taken, &t);
    assert_int_equal(t.times[0], 1);
    assert_int_equal(t.times[1], 0);
    assert_int_equal(t.times[2], 1);
    for (size_t i = 0; i < 3; i++) {
        close(pairs[i].original);
        close(pairs[i].copy);
    }
    assert_int_equal(scrub_sums_begin(&s, NULL, 0), 0);
    scrub_sums_end(&s, sum_taken, &t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_that_were_asked_for),
        cmocka_unit_test(what_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
