#include "support/support.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/inflate.h"

static const struct inflate_limit no_limit = { 0, 0 };

static struct bytes deflated(const void *from, size_t len, int window_bits)
{
    static uint8_t into[1 << 20];
    z_stream z = { 0 };

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)from;
    z.avail_in = (uInt)len;
    z.next_out = into;
    z.avail_out = sizeof into;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t made = sizeof into - z.avail_out;
    deflateEnd(&z);
    return exact_copy(into, made);
}

static void keep(void *user, struct bytes out)
{
    assert_true(buffer_add(user, out.at, out.len));
}

/* Feeds `in` in pieces of `step` bytes. */
static enum inflate_status run(enum inflate_kind kind, struct inflate_limit limit, struct bytes in, size_t step,
                               struct buffer *got)
{
    struct inflate *f = inflate_new(kind, limit);
    enum inflate_status status = INFLATE_OK;

    buffer_clear(got);
    for (size_t at = 0; at < in.len && status == INFLATE_OK; at += step) {
        const struct bytes piece = bytes_part(in, at, step);
        struct bytes copy = exact_copy(piece.at, piece.len);
        copy.origin = at;
        status = inflate_feed(f, copy, keep, got);
        assert_true(inflate_unused(f) <= copy.len);
        exact_copy_free(copy);
    }
    inflate_free(f);
    return status;
}

static const char poem[] = "position,latitude,longitude\nposition,latitude,longitude\nposition,altitude\n";

static void every_kind_comes_back_whole(void **state)
{
    static const struct { const char *name; enum inflate_kind kind; int window_bits; } rows[] = {
        { "gzip", INFLATE_GZIP, 31 }, { "zlib", INFLATE_ZLIB, 15 }, { "raw", INFLATE_RAW, -15 },
        { "gzip, told", INFLATE_AUTO, 31 }, { "zlib, told", INFLATE_AUTO, 15 }, { "raw, told", INFLATE_AUTO, -15 },
    };
    struct buffer got;

    (void)state;
    buffer_init(&got, 1 << 20);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct bytes in = deflated(poem, sizeof poem, rows[i].window_bits);
        for (size_t step = 1; step <= in.len; step++) {
            assert_int_equal(run(rows[i].kind, no_limit, in, step, &got), INFLATE_END);
            assert_int_equal(got.len, sizeof poem);
            assert_memory_equal(got.at, poem, sizeof poem);
        }
        exact_copy_free(in);
    }
    buffer_done(&got);
}

static void cut_anywhere_gives_a_prefix(void **state)
{
    const struct bytes in = deflated(poem, sizeof poem, 31);
    struct buffer got;

    (void)state;
    buffer_init(&got, 1 << 20);
    for (size_t len = 0; len < in.len; len++) {
        struct bytes cut = exact_copy(in.at, len);
        assert_int_equal(run(INFLATE_AUTO, no_limit, cut, len ? len : 1, &got), INFLATE_OK);
        assert_true(got.len <= sizeof poem);
        assert_true(got.len == 0 || memcmp(got.at, poem, got.len) == 0);
        exact_copy_free(cut);
    }
    buffer_done(&got);
    exact_copy_free(in);
}

static void flipped_bits_never_pass_as_whole(void **state)
{
    const struct bytes in = deflated(poem, sizeof poem, 15);
    struct buffer got;

    (void)state;
    buffer_init(&got, 1 << 20);
    for (size_t bit = 0; bit < in.len * 8; bit++) {
        struct bytes bad = exact_copy(in.at, in.len);
        ((uint8_t *)(uintptr_t)bad.at)[bit / 8] ^= (uint8_t)(1 << bit % 8);
        const enum inflate_status status = run(INFLATE_ZLIB, no_limit, bad, bad.len, &got);
        /* The window size says nothing about the content. */
        if (bit / 8 > 1)
            assert_true(status != INFLATE_END ||
                        (got.len == sizeof poem && memcmp(got.at, poem, sizeof poem) == 0));
        exact_copy_free(bad);
    }
    buffer_done(&got);
    exact_copy_free(in);
}

static void gzip_members_follow_each_other(void **state)
{
    const struct bytes first = deflated("one ", 4, 31), second = deflated("two", 3, 31);
    struct buffer both, got;

    (void)state;
    buffer_init(&both, 1 << 20);
    buffer_init(&got, 1 << 20);
    buffer_add(&both, first.at, first.len);
    buffer_add(&both, second.at, second.len);

    struct inflate *f = inflate_new(INFLATE_GZIP, no_limit);
    assert_int_equal(inflate_feed(f, (struct bytes){ .at = both.at, .len = both.len }, keep, &got), INFLATE_END);
    assert_text_equal(buffer_text(&got), "one two");
    assert_int_equal(inflate_bytes_in(f), both.len);
    assert_int_equal(inflate_bytes_out(f), 7);
    assert_int_equal(inflate_unused(f), 0);
    inflate_free(f);

    /* in two calls */
    buffer_clear(&got);
    f = inflate_new(INFLATE_AUTO, no_limit);
    assert_int_equal(inflate_feed(f, first, keep, &got), INFLATE_END);
    assert_int_equal(inflate_feed(f, second, keep, &got), INFLATE_END);
    assert_text_equal(buffer_text(&got), "one two");
    inflate_free(f);

    exact_copy_free(first);
    exact_copy_free(second);
    buffer_done(&both);
    buffer_done(&got);
}

static void what_lies_behind_is_not_taken(void **state)
{
    static const int window_bits[] = { 31, 15, -15 };
    struct buffer in, got;

    (void)state;
    buffer_init(&in, 1 << 20);
    buffer_init(&got, 1 << 20);
    for (size_t i = 0; i < 3; i++) {
        const struct bytes stream = deflated(poem, sizeof poem, window_bits[i]);
        buffer_clear(&in);
        buffer_clear(&got);
        buffer_add(&in, stream.at, stream.len);
        buffer_add_text(&in, TEXT("behind"));
        struct inflate *f = inflate_new(INFLATE_AUTO, no_limit);
        assert_int_equal(inflate_feed(f, (struct bytes){ .at = in.at, .len = in.len }, keep, &got), INFLATE_END);
        assert_int_equal(inflate_unused(f), 6);
        assert_int_equal(inflate_bytes_in(f), stream.len);
        inflate_free(f);
        exact_copy_free(stream);
    }
    /* two bytes that only look like another member */
    const struct bytes stream = deflated(poem, sizeof poem, 31);
    buffer_clear(&in);
    buffer_clear(&got);
    buffer_add(&in, stream.at, stream.len);
    buffer_add(&in, "\x1f\x8b\xff\xff", 4);
    struct inflate *f = inflate_new(INFLATE_GZIP, no_limit);
    assert_int_equal(inflate_feed(f, (struct bytes){ .at = in.at, .len = in.len }, keep, &got), INFLATE_END);
    assert_int_equal(got.len, sizeof poem);
    inflate_free(f);
    exact_copy_free(stream);
    buffer_done(&in);
    buffer_done(&got);
}

static void bombs_meet_the_limits(void **state)
{
    enum { ZEROS = 64 << 20 };
    void *zeros = calloc(1, ZEROS);
    struct buffer got;

    (void)state;
    assert_non_null(zeros);
    const struct bytes bomb = deflated(zeros, ZEROS, 31);
    buffer_init(&got, ZEROS);

    assert_int_equal(run(INFLATE_GZIP, (struct inflate_limit){ .ratio_max = 200 }, bomb, 4096, &got), INFLATE_LIMIT);
    assert_true(got.len >= INFLATE_RATIO_FROM && got.len < 8 * INFLATE_RATIO_FROM);
    assert_int_equal(run(INFLATE_GZIP, (struct inflate_limit){ .out_bytes_max = 100001 }, bomb, 7, &got),
                     INFLATE_LIMIT);
    assert_int_equal(got.len, 100001);
    assert_int_equal(run(INFLATE_GZIP, no_limit, bomb, bomb.len, &got), INFLATE_END);
    assert_int_equal(got.len, ZEROS);

    buffer_done(&got);
    exact_copy_free(bomb);
    free(zeros);
}

static void check_origin(void *user, struct bytes out)
{
    const struct bytes *in = user;

    assert_true(out.len > 0);
    assert_in_range(out.origin, in->origin, in->origin + in->len);
}

static void origins_are_those_of_the_compressed_bytes(void **state)
{
    const struct bytes stream = deflated(poem, sizeof poem, 31);
    struct inflate *f = inflate_new(INFLATE_GZIP, no_limit);
    struct bytes in = stream;

    (void)state;
    in.origin = 5000;
    assert_int_equal(inflate_feed(f, in, check_origin, &in), INFLATE_END);
    assert_int_equal(inflate_bytes_out(f), sizeof poem);
    inflate_free(f);
    exact_copy_free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_whole),
        cmocka_unit_test(cut_anywhere_gives_a_prefix),
        cmocka_unit_test(flipped_bits_never_pass_as_whole),
        cmocka_unit_test(gzip_members_follow_each_other),
        cmocka_unit_test(what_lies_behind_is_not_taken),
        cmocka_unit_test(bombs_meet_the_limits),
        cmocka_unit_test(origins_are_those_of_the_compressed_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
