/* Boxes, the sample tables of tracks, and the items of HEIF files. */
#include "media/boxes.h"

#include <string.h>

#include "media/box_walk.h"
#include "media/heif_items.h"
#include "media/movie_track.h"

static void walks_boxes_of_every_kind_of_size(void **state)
{
    static const char file[] = "\0\0\0\x0c" "ftyp" "isom"
                               "\0\0\0\1" "mdat" "\0\0\0\0\0\0\0\x14" "data"
                               "\0\0\0\0" "free" "rest";
    struct box_walk w;
    struct box box;

    (void)state;
    struct bytes whole = exact_copy(file, sizeof file - 1);
    whole.origin = 1000; /* offsets are those of the view */
    box_walk_init(&w, whole);
    assert_true(box_walk_next(&w, &box));
    assert_int_equal(box.type, BOX_TYPE('f', 't', 'y', 'p'));
    assert_int_equal(box.whole.origin, 1000);
    assert_int_equal(box.body.origin, 1008);
    assert_true(bytes_equal(box.body, "isom", 4));
    assert_true(box_walk_next(&w, &box));
    assert_int_equal(box.size, 20);
    assert_int_equal(box.body.origin, 1028);
    assert_true(bytes_equal(box.body, "data", 4));
    assert_true(box_walk_next(&w, &box));
    assert_true(box.to_the_end);
    assert_true(bytes_equal(box.body, "rest", 4));
    assert_false(box_walk_next(&w, &box));
    assert_int_equal(w.rest.len, 0);
    exact_copy_free(whole);
}

static void says_what_is_wrong_with_sizes(void **state)
{
    static const struct { const char *name, *file; size_t len; bool wrong; uint64_t missing; } cases[] = {
        { "longer than the file", "\0\0\1\0" "moovabcd", 12, false, 244 },
        { "smaller than its header", "\0\0\0\7" "moovabcd", 12, true, 0 },
        { "long size smaller than its header", "\0\0\0\1" "moov" "\0\0\0\0\0\0\0\x0f", 16, true, 0 },
        { "long header cut off", "\0\0\0\1" "moov" "\0\0\0", 11, true, 0 },
        { "as long as numbers go", "\0\0\0\1" "moov" "\xff\xff\xff\xff\xff\xff\xff\xff" "ab", 18, false,
          UINT64_MAX - 18 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes whole = exact_copy(cases[i].file, cases[i].len);
        struct box_walk w;
        struct box box;
        box_walk_init(&w, whole);
        assert_true(box_walk_next(&w, &box));
        assert_int_equal(box.size_wrong, cases[i].wrong);
        assert_int_equal(box.missing, cases[i].missing);
        assert_false(box_walk_next(&w, &box));
        exact_copy_free(whole);
    }
}

static void tells_both_kinds_of_meta_apart(void **state)
{
    static const char iso[] = "\0\0\0\0" "\0\0\0\x08" "hdlr", quicktime[] = "\0\0\0\x08" "hdlr";
    struct box box;

    (void)state;
    assert_true(box_find(box_meta_children((struct bytes){ .at = (const uint8_t *)iso, .len = 12 }),
                         BOX_TYPE('h', 'd', 'l', 'r'), &box));
    assert_true(box_find(box_meta_children((struct bytes){ .at = (const uint8_t *)quicktime, .len = 8 }),
                         BOX_TYPE('h', 'd', 'l', 'r'), &box));
}

/* Two chunks of two samples and one of one, with sizes of their own. */
static void add_chunked_track(struct buffer *b, bool long_offsets)
{
    static const uint32_t sizes[] = { 3, 5, 2, 4, 6 };
    const size_t trak = box_begin(b, "trak"), mdia = box_begin(b, "mdia");
    size_t at = box_begin(b, "mdhd");

    put_be(b, UINT64_C(0x01000000), 4); /* version 1 */
    put_be(b, 3000000000, 8);
    put_be(b, 3000000000, 8);
    put_be(b, 600, 4);
    put_be(b, 5000, 8);
    box_end(b, at);
    at = box_begin(b, "hdlr");
    put_be(b, 0, 4);
    assert_true(buffer_add(b, "mhlrmeta", 8));
    put_be(b, 0, 8);
    put_be(b, 0, 4);
    assert_true(buffer_add(b, "\4Name", 5)); /* as QuickTime writes it */
    box_end(b, at);
    const size_t minf = box_begin(b, "minf"), stbl = box_begin(b, "stbl");
    at = box_begin(b, "stts");
    put_be(b, 0, 4);
    put_be(b, 2, 4);
    put_be(b, 3, 4);
    put_be(b, 10, 4);
    put_be(b, 2, 4);
    put_be(b, 20, 4);
    box_end(b, at);
    at = box_begin(b, "stsc");
    put_be(b, 0, 4);
    put_be(b, 2, 4);
    put_be(b, 1, 4);
    put_be(b, 2, 4);
    put_be(b, 1, 4);
    put_be(b, 3, 4);
    put_be(b, 1, 4);
    put_be(b, 1, 4);
    box_end(b, at);
    at = box_begin(b, "stsz");
    put_be(b, 0, 8);
    put_be(b, 5, 4);
    for (size_t i = 0; i < 5; i++)
        put_be(b, sizes[i], 4);
    box_end(b, at);
    at = box_begin(b, long_offsets ? "co64" : "stco");
    put_be(b, 0, 4);
    put_be(b, 3, 4);
    for (size_t i = 0; i < 3; i++)
        put_be(b, 10 * (i + 1), long_offsets ? 8 : 4);
    box_end(b, at);
    box_end(b, stbl);
    box_end(b, minf);
    box_end(b, mdia);
    box_end(b, trak);
}

static void finds_every_sample_in_every_chunk(void **state)
{
    static const struct { uint64_t offset, size, time, duration; } want[] = {
        { 10, 3, 0, 10 }, { 13, 5, 10, 10 }, { 20, 2, 20, 10 }, { 22, 4, 30, 20 }, { 30, 6, 50, 20 },
    };

    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct movie_samples s;
        struct movie_sample sample;
        struct movie_track t;
        struct movie_run run;
        struct buffer b;
        buffer_init(&b, 1 << 16);
        add_chunked_track(&b, wide);
        struct bytes file = exact_copy(b.at, b.len);
        assert_int_equal(movie_track_open(bytes_part(file, 8, UINT64_MAX), NULL, &t), PARSE_OK);
        assert_int_equal(t.handler, BOX_TYPE('m', 'e', 't', 'a'));
        assert_true(bytes_equal(t.handler_name, "Name", 4));
        assert_int_equal(t.timescale, 600);
        assert_int_equal(t.created_s, 3000000000);
        movie_samples_init(&s, &t, bytes_part(file, 0, 34)); /* the last one is cut off */
        for (size_t i = 0; i < 5; i++) {
            assert_true(movie_samples_next(&s, &sample));
            assert_int_equal(sample.number, i);
            assert_int_equal(sample.offset, want[i].offset);
            assert_int_equal(sample.size, want[i].size);
            assert_int_equal(sample.time, want[i].time);
            assert_int_equal(sample.duration, want[i].duration);
            assert_int_equal(sample.data.len, i == 4 ? 4 : want[i].size);
            assert_int_equal(sample.data.origin, want[i].offset);
        }
        assert_false(movie_samples_next(&s, &sample));
        assert_false(s.tables_disagree || s.overlapping);

        movie_samples_init(&s, &t, file);
        assert_true(movie_samples_next_run(&s, &run) && run.offset == 10 && run.size == 8);
        assert_true(movie_samples_next_run(&s, &run) && run.offset == 20 && run.size == 6);
        assert_true(movie_samples_next_run(&s, &run) && run.offset == 30 && run.size == 6);
        assert_false(movie_samples_next_run(&s, &run));
        exact_copy_free(file);
        buffer_done(&b);
    }
}

/* Counts that no file can hold end at what is there. */
static void gigantic_counts_end(void **state)
{
    static const uint8_t offsets[8], chunks[] = { 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1 };
    struct movie_track t = { .same_size = 1, .sample_count = UINT32_MAX, .size_bits = 32,
                             .chunk_offsets = { .at = offsets, .len = 8 }, .sample_to_chunk = { .at = chunks,
                                                                                                .len = 12 } };
    struct movie_sample sample;
    struct movie_samples s;
    struct movie_run run;
    uint64_t steps = 0;

    (void)state;
    movie_samples_init(&s, &t, (struct bytes){ .at = offsets, .len = sizeof offsets });
    while (movie_samples_next(&s, &sample))
        steps++;
    assert_true(s.overlapping && steps < 100000);
    movie_samples_init(&s, &t, (struct bytes){ .at = offsets, .len = sizeof offsets });
    assert_false(movie_samples_next_run(&s, &run));
    assert_true(s.overlapping);
    t.chunk_offsets.len = 0;
    movie_samples_init(&s, &t, (struct bytes){ .at = offsets, .len = sizeof offsets });
    assert_false(movie_samples_next(&s, &sample));
    assert_true(s.tables_disagree);
}

/* A meta box with an EXIF item in the file, in two pieces, and XMP in idat, that describe the picture. */
static void add_meta(struct buffer *b)
{
    const size_t meta = box_begin(b, "meta");
    put_be(b, 0, 4);
    size_t at = box_begin(b, "hdlr");
    put_be(b, 0, 8);
    assert_true(buffer_add(b, "pict\0\0\0\0\0\0\0\0\0\0\0\0\0", 17));
    box_end(b, at);
    at = box_begin(b, "pitm");
    put_be(b, 0, 4);
    put_be(b, 1, 2);
    box_end(b, at);
    at = box_begin(b, "iinf");
    put_be(b, 0, 4);
    put_be(b, 3, 2);
    box_add(b, "infe", "\2\0\0\0\0\1\0\0hvc1pic", 16);
    box_add(b, "infe", "\2\0\0\1\0\2\0\0Exif\0", 13);
    box_add(b, "infe", "\2\0\0\1\0\3\0\0mime\0application/rdf+xml\0", 33);
    box_end(b, at);
    at = box_begin(b, "iref");
    put_be(b, 0, 4);
    box_add(b, "cdsc", "\0\2\0\1\0\1", 6);
    box_add(b, "thmb", "\0\3\0\1\0\1", 6);
    box_end(b, at);
    at = box_begin(b, "iloc");
    put_be(b, UINT64_C(0x01000000), 4);
    put_be(b, 0x4400, 2);
    put_be(b, 2, 2);
    put_be(b, 2, 2); /* item 2 in the file, two extents */
    put_be(b, 0, 4);
    put_be(b, 2, 2);
    put_be(b, 4, 4);
    put_be(b, 3, 4);
    put_be(b, 8, 4);
    put_be(b, 5, 4);
    put_be(b, 3, 2); /* item 3 in idat */
    put_be(b, 1, 2);
    put_be(b, 0, 2);
    put_be(b, 1, 2);
    put_be(b, 2, 4);
    put_be(b, 100, 4);
    box_end(b, at);
    box_add(b, "idat", "..<xmp>", 7);
    box_end(b, meta);
}

static void finds_items_and_their_bytes(void **state)
{
    struct heif_items h;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    add_meta(&b);
    struct bytes file = exact_copy(b.at, b.len);
    struct arena *a = arena_new(0);
    assert_true(heif_items_read(a, bytes_part(file, 8, UINT64_MAX), file, &h));
    assert_int_equal(h.count, 3);
    assert_int_equal(h.lost, 0);
    assert_true(h.items[0].primary && h.items[0].id == 1 && !h.items[0].hidden && !h.items[0].located);
    assert_true(bytes_equal(h.items[0].name, "pic", 3));
    const struct heif_item *exif = heif_item_find(&h, 2), *xmp = heif_item_find(&h, 3);
    assert_int_equal(exif->type, BOX_TYPE('E', 'x', 'i', 'f'));
    assert_true(exif->hidden && exif->describes == 1);
    assert_int_equal(exif->extent_count, 2);
    assert_int_equal(exif->extents[1].data.origin, 8);
    assert_int_equal(exif->extents[1].data.len, 5);
    assert_true(bytes_equal(xmp->content_type, "application/rdf+xml", 19));
    assert_true(bytes_equal(xmp->extents[0].data, "<xmp>", 5));
    assert_int_equal(xmp->extents[0].missing, 95);
    assert_int_equal(xmp->thumbnail_of, 1);
    arena_free(a);
    exact_copy_free(file);
    buffer_done(&b);
}

static void look_at_everything(struct bytes in)
{
    struct arena *a = arena_new(0);
    struct movie_samples s;
    struct movie_sample sample;
    struct heif_items h;
    struct movie_track t;

    if (heif_items_read(a, bytes_part(in, 8, UINT64_MAX), in, &h))
        for (uint32_t i = 0; i < h.count; i++)
            for (uint32_t k = 0; k < h.items[i].extent_count; k++)
                assert_true(h.items[i].extents[k].data.origin + h.items[i].extents[k].data.len <= in.len);
    arena_free(a);
    if (movie_track_open(bytes_part(in, 8, UINT64_MAX), NULL, &t) != PARSE_OK)
        return;
    for (movie_samples_init(&s, &t, in); movie_samples_next(&s, &sample); )
        assert_true(sample.data.origin + sample.data.len <= in.len);
}

static void cut_and_flipped_tables_stay_inside(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        struct buffer b;
        buffer_init(&b, 1 << 16);
        if (kind == 0)
            add_meta(&b);
        else
            add_chunked_track(&b, false);
        for (size_t len = 0; len <= b.len; len++) {
            struct bytes cut = exact_copy(b.at, len);
            look_at_everything(cut);
            exact_copy_free(cut);
        }
        for (size_t bit = 0; bit < 8 * b.len; bit++) {
            b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            struct bytes flipped = exact_copy(b.at, b.len);
            look_at_everything(flipped);
            exact_copy_free(flipped);
            b.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        buffer_done(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_boxes_of_every_kind_of_size), cmocka_unit_test(says_what_is_wrong_with_sizes),
        cmocka_unit_test(tells_both_kinds_of_meta_apart), cmocka_unit_test(finds_every_sample_in_every_chunk),
        cmocka_unit_test(gigantic_counts_end), cmocka_unit_test(finds_items_and_their_bytes),
        cmocka_unit_test(cut_and_flipped_tables_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
