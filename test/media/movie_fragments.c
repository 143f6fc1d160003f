/* Where the samples of fragments lie, in each of the ways in which a fragment can say so; and what edit lists do to
 * times. */
#include "media/boxes.h"

#include <string.h>

#include "media/movie_path.h"

enum { DEFAULT_DURATION = 7, DEFAULT_SIZE = 5 };

static size_t full_box_begin(struct buffer *b, const char *type, uint8_t version, uint32_t flags)
{
    const size_t at = box_begin(b, type);

    put_be(b, (uint32_t)version << 24 | flags, 4);
    return at;
}

/* moov with mvhd of 1,000 ticks a second, and mvex with defaults for tracks 1 and 2. */
static void add_moov(struct buffer *b)
{
    const size_t moov = box_begin(b, "moov");

    movie_header_add(b, 0, 1000, 0);
    const size_t mvex = box_begin(b, "mvex");
    for (uint32_t track = 1; track <= 2; track++) {
        const size_t trex = full_box_begin(b, "trex", 0, 0);
        put_be(b, track, 4);
        put_be(b, 1, 4);
        put_be(b, DEFAULT_DURATION, 4);
        put_be(b, DEFAULT_SIZE, 4);
        put_be(b, 0, 4);
        box_end(b, trex);
    }
    box_end(b, mvex);
    box_end(b, moov);
}

/* A track without samples, for the first child of a `trak`. */
static void add_trak(struct buffer *b, uint32_t id)
{
    const struct track_input t = { .id = id, .handler = "meta", .handler_name = "n", .entry_type = "gpmd",
                                   .timescale = 100 };

    track_add(b, &t);
}

struct part {
    uint32_t track, tfhd_flags;
    const uint32_t *tfhd;          /* what the flags say follows, 4 bytes each, ended by 0xffffffff */
    int64_t time;                  /* tfdt; -1: none */
    uint32_t trun_flags, count;
    const uint32_t *trun;          /* behind the count */
};

#define WORDS(...) (const uint32_t[]){ __VA_ARGS__, UINT32_MAX }
#define NO_WORDS (const uint32_t[]){ UINT32_MAX }

static void add_words(struct buffer *b, const uint32_t *words)
{
    for (; *words != UINT32_MAX; words++)
        put_be(b, *words, 4);
}

static size_t add_moof(struct buffer *b, const struct part *parts, size_t n)
{
    const size_t moof = box_begin(b, "moof");

    box_add(b, "mfhd", "\0\0\0\0\0\0\0\1", 8);
    for (size_t i = 0; i < n; i++) {
        const size_t traf = box_begin(b, "traf");
        const size_t tfhd = full_box_begin(b, "tfhd", 0, parts[i].tfhd_flags);
        put_be(b, parts[i].track, 4);
        add_words(b, parts[i].tfhd);
        box_end(b, tfhd);
        if (parts[i].time >= 0) {
            const size_t tfdt = full_box_begin(b, "tfdt", 1, 0);
            put_be(b, (uint64_t)parts[i].time, 8);
            box_end(b, tfdt);
        }
        const size_t trun = full_box_begin(b, "trun", 0, parts[i].trun_flags);
        put_be(b, parts[i].count, 4);
        add_words(b, parts[i].trun);
        box_end(b, trun);
        box_end(b, traf);
    }
    box_end(b, moof);
    return moof;
}

struct want {
    uint64_t offset, size, time, duration; /* offset from the fragment's first byte, when `relative` */
    bool relative;
};

static const struct way {
    const char *name;
    struct part parts[2];
    size_t part_count;
    struct want want[3];
    size_t want_count;
    uint64_t lost;
} ways[] = {
    { "all by default, from the fragment's beginning", { { 1, 0, NO_WORDS, -1, 0, 2, NO_WORDS } }, 1,
      { { 0, 5, 0, 7, true }, { 5, 5, 7, 7, true } }, 2, 0 },
    { "an offset of data, a time, sizes and durations of their own",
      { { 1, 0x20000, NO_WORDS, 900, 0x301, 2, WORDS(100, 3, 11, 4, 12) } }, 1, { { 100, 11, 900, 3, true }, { 111, 12, 903, 4, true } }, 2, 0 },
    { "defaults of the fragment", { { 1, 0x3a, WORDS(1, 9, 8, 0), 50, 1, 2, WORDS(64) } }, 1,
      { { 64, 8, 50, 9, true }, { 72, 8, 59, 9, true } }, 2, 0 },
    { "a base of its own", { { 1, 1, WORDS(0, 4096), -1, 0x201, 1, WORDS(16, 3) } }, 1, { { 4112, 3, 0, 7, false } }, 1, 0 },
    { "behind the data of another track, which says so", { { 2, 0, NO_WORDS, -1, 0x201, 2, WORDS(200, 10, 20) }, { 1, 0, NO_WORDS, 5, 0, 1, NO_WORDS } }, 2,
      { { 230, 5, 5, 7, true } }, 1, 0 },
    { "beside another track, both from the fragment", { { 2, 0x20000, NO_WORDS, -1, 1, 2, WORDS(200) }, { 1, 0x20000, NO_WORDS, 5, 1, 1, WORDS(90) } }, 2,
      { { 90, 5, 5, 7, true } }, 1, 0 },
    { "flags and compositions are passed over", { { 1, 0, NO_WORDS, -1, 0xe05, 1, WORDS(40, 1, 6, 2, 3) } }, 1, { { 40, 6, 0, 7, true } }, 1, 0 },
    { "more samples promised than there are", { { 1, 0, NO_WORDS, -1, 0x200, 0xfffffffe, WORDS(4) } }, 1, { { 0, 4, 0, 7, true } }, 1, 0xfffffffd },
    { "samples of no size and no entry", { { 1, 0x10, WORDS(0), -1, 0, 0xfffffffe, NO_WORDS } }, 1, { { 0 } }, 0, 0xfffffffe },
    { "another track's", { { 2, 0, NO_WORDS, -1, 0, 2, NO_WORDS } }, 1, { { 0 } }, 0, 0 },
};

static void finds_samples_in_each_way(void **state)
{
    struct movie_context *c = test_malloc(sizeof *c);
    struct arena *a = arena_new(1 << 24);

    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct way *way = &ways[i];
        struct movie_fragment_walk w;
        struct movie_fragment_sample s;
        struct buffer b;
        buffer_init(&b, 1 << 16);
        add_moov(&b);
        const size_t moov = b.len, moof = add_moof(&b, way->parts, way->part_count);
        const struct bytes file = exact_copy(b.at, b.len);
        movie_context_init(c, a, file, bytes_part(file, 8, moov - 8));
        assert_int_equal(c->timescale, 1000);
        assert_int_equal(c->fragment_count, 1);
        movie_fragment_walk_init(&w, c, 1);
        uint64_t bytes = 0;
        for (size_t k = 0; k < way->want_count; k++) {
            const struct want *want = &way->want[k];
            if (!movie_fragment_next(&w, &s) || s.offset != want->offset + (want->relative ? moof : 0))
                print_error("%s: sample %zu at %llu\n", way->name, k, (unsigned long long)s.offset);
            assert_int_equal(s.offset, want->offset + (want->relative ? moof : 0));
            assert_int_equal(s.size, want->size);
            assert_int_equal(s.time, want->time);
            assert_int_equal(s.duration, want->duration);
            bytes += s.size;
        }
        assert_false(movie_fragment_next(&w, &s));
        assert_int_equal(w.entries_lost, way->lost);
        movie_fragment_walk_init(&w, c, 1);
        for (uint64_t left = bytes; left > 0; left -= s.size)
            assert_true(movie_fragment_next_run(&w, &s) && s.size <= left);
        assert_false(movie_fragment_next_run(&w, &s));
        exact_copy_free(file);
        buffer_done(&b);
    }
    arena_free(a);
    test_free(c);
}

/* A million samples of a byte each, promised by a few bytes, end with the file's size. */
static void samples_without_end_are_bounded(void **state)
{
    const struct part part = { 1, 0x10, WORDS(1), -1, 0, 0xfffffffe, NO_WORDS };
    struct movie_context *c = test_malloc(sizeof *c);
    struct arena *a = arena_new(1 << 24);
    struct movie_track t;
    struct movie_samples s;
    struct movie_sample sample;
    struct buffer b, trak;
    uint64_t steps = 0;

    (void)state;
    buffer_init(&b, 1 << 16);
    buffer_init(&trak, 1 << 16);
    add_trak(&trak, 1);
    add_moov(&b);
    const size_t moov = b.len;
    add_moof(&b, &part, 1);
    const struct bytes file = buffer_view(&b);
    movie_context_init(c, a, file, bytes_part(file, 8, moov - 8));
    assert_int_equal(movie_track_open(bytes_part(buffer_view(&trak), 8, UINT64_MAX), c, &t), PARSE_OK);
    assert_true(t.has_samples);
    for (movie_samples_init(&s, &t, file); movie_samples_next(&s, &sample); )
        steps++;
    assert_true(s.overlapping && steps < (1 << 18));
    buffer_done(&trak);
    buffer_done(&b);
    arena_free(a);
    test_free(c);
}

static void edit_lists_move_times(void **state)
{
    static const struct { const char *name; uint32_t entries[3][2]; uint32_t count; int64_t ticks_ms[2]; bool left; } cases[] = {
        { "from the beginning", { { 5000, 0 } }, 1, { 0, 1000 }, false },
        { "half a second in", { { 5000, 50 } }, 1, { -500, 500 }, false },
        { "two and a half seconds late", { { 2500, UINT32_MAX }, { 5000, 0 } }, 2, { 2500, 3500 }, false },
        { "late, and not from its beginning", { { 2500, UINT32_MAX }, { 5000, 100 } }, 2, { 1500, 2500 }, false },
        { "in two parts", { { 1000, 0 }, { 1000, 500 } }, 2, { 0, 1000 }, true },
    };
    struct movie_context *c = test_malloc(sizeof *c);

    (void)state;
    *c = (struct movie_context){ .timescale = 1000 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct movie_track t;
        struct buffer b;
        buffer_init(&b, 1 << 16);
        add_trak(&b, 1);
        const size_t edts = box_begin(&b, "edts"), elst = full_box_begin(&b, "elst", 0, 0);
        put_be(&b, cases[i].count, 4);
        for (uint32_t k = 0; k < cases[i].count; k++) {
            put_be(&b, cases[i].entries[k][0], 4);
            put_be(&b, cases[i].entries[k][1], 4);
            put_be(&b, 0x10000, 4);
        }
        box_end(&b, elst);
        box_end(&b, edts);
        assert_int_equal(movie_track_open(bytes_part(buffer_view(&b), 8, UINT64_MAX), c, &t), PARSE_OK);
        if (movie_sample_ms(&t, 0) != cases[i].ticks_ms[0])
            print_error("%s\n", cases[i].name);
        assert_int_equal(movie_sample_ms(&t, 0), cases[i].ticks_ms[0]);
        assert_int_equal(movie_sample_ms(&t, 100), cases[i].ticks_ms[1]);
        assert_int_equal(movie_ticks_ms(&t, 100), 1000);
        assert_int_equal(t.edits_left, cases[i].left);
        buffer_done(&b);
    }
    test_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_samples_in_each_way),
        cmocka_unit_test(samples_without_end_are_bounded),
        cmocka_unit_test(edit_lists_move_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
