#include "media/boxes.h"

#include <zlib.h>

#include "media/png_walk.h"

static void chunk(struct buffer *b, const char *type, const char *body, size_t len)
{
    put_be(b, len, 4);
    const size_t at = b->len;
    assert_true(buffer_add(b, type, 4) && buffer_add(b, body, len));
    put_be(b, crc32_z(0, b->at + at, len + 4), 4);
}

static void picture(struct buffer *b)
{
    buffer_init(b, 1 << 16);
    assert_true(buffer_add(b, "\x89PNG\r\n\x1a\n", 8));
    chunk(b, "IHDR", "\0\0\0\1\0\0\0\1\10\0\0\0\0", 13);
    chunk(b, "tEXt", "Author\0A Person", 15);
    chunk(b, "IEND", "", 0);
    assert_true(buffer_add(b, "behind", 6));
}

static void walks_to_the_end_of_the_picture(void **state)
{
    struct png_chunk c;
    struct png_walk w;
    struct buffer b;

    (void)state;
    picture(&b);
    assert_int_equal(png_walk_init(&w, buffer_view(&b)), PARSE_OK);
    assert_true(png_walk_next(&w, &c));
    assert_true(c.type == PNG_TYPE('I', 'H', 'D', 'R') && png_chunk_critical(&c) && png_chunk_sound(&c));
    assert_int_equal(c.whole.origin, 8);
    assert_int_equal(c.body.origin, 16);
    assert_true(png_walk_next(&w, &c));
    assert_true(c.type == PNG_TYPE('t', 'E', 'X', 't') && !png_chunk_critical(&c) && png_chunk_sound(&c));
    assert_true(bytes_start_with(c.body, "Author", 7) && c.body.len == 15);
    b.at[c.body.origin]++;
    assert_false(png_chunk_sound(&c));
    assert_true(png_walk_next(&w, &c) && w.ended);
    assert_false(png_walk_next(&w, &c));
    assert_true(bytes_equal(w.rest, "behind", 6));
    assert_int_equal(png_walk_init(&w, bytes_part(buffer_view(&b), 1, UINT64_MAX)), PARSE_INVALID);
    buffer_done(&b);
}

static void a_cut_never_gives_more(void **state)
{
    struct buffer b;

    (void)state;
    picture(&b);
    for (size_t len = 8; len < b.len - 6; len++) {
        struct bytes cut = exact_copy(b.at, len);
        struct png_chunk c;
        struct png_walk w;
        assert_int_equal(png_walk_init(&w, cut), PARSE_OK);
        while (png_walk_next(&w, &c))
            assert_true(c.missing == 0 || (!png_chunk_sound(&c) && w.rest.len == 0));
        exact_copy_free(cut);
    }
    b.at[13] = '#'; /* no letter */
    struct png_chunk c;
    struct png_walk w;
    assert_int_equal(png_walk_init(&w, buffer_view(&b)), PARSE_OK);
    assert_true(png_walk_next(&w, &c) && c.type_wrong && !png_chunk_sound(&c));
    assert_false(png_walk_next(&w, &c));
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_to_the_end_of_the_picture), cmocka_unit_test(a_cut_never_gives_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
