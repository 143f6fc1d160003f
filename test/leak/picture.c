/* Pictures inside streams: found whatever the pieces, let go when they are none, within their budget. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "leak/picture.h"

struct taken { size_t count; size_t len[8]; };

static void take(void *user, struct bytes jpeg)
{
    struct taken *t = user;

    assert_true(t->count < 8);
    assert_true(bytes_start_with(jpeg, "\xff\xd8\xff", 3));
    assert_memory_equal(jpeg.at + jpeg.len - 2, "\xff\xd9", 2);
    t->len[t->count++] = jpeg.len;
}

/* A segment with an end mark in it, a scan with stuffed bytes and a restart mark, the end. */
static const uint8_t picture[] =
    "\xff\xd8\xff\xe1\x00\x08" "\xff\xd9" "abcd" "\xff\xff\xda\x00\x04" "xy" "scan\xff\x00scan\xff\xd0scan" "\xff\xd9";
enum { PICTURE_LEN = sizeof picture - 1 };

static void feed_all(struct bytes b, size_t piece, struct taken *t)
{
    struct picture_state s = { 0 };
    struct picture_budget budget = { 0 };

    *t = (struct taken){ 0 };
    for (size_t from = 0; from < b.len; from += piece) {
        const size_t n = b.len - from < piece ? b.len - from : piece;
        const struct bytes exact = exact_copy(b.at + from, n);
        picture_feed(&s, &budget, exact.at, n, take, t);
        exact_copy_free(exact);
    }
    picture_stop(&s, &budget);
    assert_int_equal(budget.open, 0);
    assert_int_equal(budget.bytes, 0);
}

static void found_in_any_pieces(void **state)
{
    struct buffer b;
    struct taken t;

    (void)state;
    buffer_init(&b, 1 << 16);
    buffer_add(&b, "head\xff\xff", 6);
    buffer_add(&b, picture, PICTURE_LEN);
    buffer_add(&b, "between\xff\xd8\xff\x00 no picture", 21);
    buffer_add(&b, picture, PICTURE_LEN);
    buffer_add(&b, picture, PICTURE_LEN);
    buffer_add(&b, picture, PICTURE_LEN - 3);
    for (size_t piece = 1; piece <= b.len; piece++) {
        feed_all((struct bytes){ .at = b.at, .len = b.len }, piece, &t);
        assert_int_equal(t.count, 3);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(t.len[i], PICTURE_LEN);
    }
    buffer_done(&b);
}

/* At every place, among bytes that look like its first ones, cut anywhere. */
static void found_at_every_place(void **state)
{
    enum { AROUND = 220, SIZE = AROUND + PICTURE_LEN };
    uint8_t data[SIZE + 8];
    struct taken t;

    (void)state;
    for (size_t at = 0; at <= AROUND; at++) {
        memset(data, at % 3 == 0 ? 0xff : at % 3 == 1 ? 0xd8 : 0, sizeof data);
        if (at >= 3 && at % 3 == 0)
            memcpy(data + at - 3, "\xff\xd8\x00", 3);
        memcpy(data + at, picture, PICTURE_LEN);
        for (size_t piece = 1; piece <= SIZE; piece += piece < 140 ? 1 : 9) {
            feed_all((struct bytes){ .at = data, .len = SIZE }, piece, &t);
            assert_int_equal(t.count, 1);
            assert_int_equal(t.len[0], PICTURE_LEN);
        }
    }
}

static void the_budget_holds(void **state)
{
    enum { STREAMS = PICTURES_OPEN_MAX + 4, BYTES = 1 << 20 };
    struct picture_state s[STREAMS] = { { 0 } };
    struct picture_budget budget = { 0 };
    struct taken t = { 0 };
    uint8_t *scan = calloc(1, BYTES);

    (void)state;
    for (int round = 0; round < 40; round++)
        for (int i = 0; i < STREAMS; i++) {
            if (round == 0)
                picture_feed(&s[i], &budget, (const uint8_t *)"\xff\xd8\xff\xda\x00\x02", 6, take, &t);
            picture_feed(&s[i], &budget, scan, BYTES, take, &t);
            assert_true(budget.bytes <= PICTURES_BYTES_MAX);
        }
    assert_true(budget.left_out >= STREAMS - PICTURES_OPEN_MAX);
    for (int i = 0; i < STREAMS; i++)
        picture_stop(&s[i], &budget);
    assert_int_equal(budget.bytes, 0);
    assert_int_equal(t.count, 0);
    free(scan);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(found_in_any_pieces), cmocka_unit_test(found_at_every_place),
                                        cmocka_unit_test(the_budget_holds) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
