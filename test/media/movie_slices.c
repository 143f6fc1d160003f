/* Which bytes of a video's samples are coded pictures: whole units of the kinds that are, in samples that are made of
 * units from end to end. */
#include "media/boxes.h"

#include <string.h>

#include "media/movie_slices.h"

enum { SLICE = 300, AVC_KEY = 0x65, AVC_OTHER = 0x41, AVC_MESSAGE = 6, AVC_PARAMETERS = 0x67, HEVC_KEY = 19 << 1,
       HEVC_MESSAGE = 39 << 1 };

static void unit(struct buffer *b, unsigned length_bytes, uint8_t first, size_t len)
{
    put_be(b, len, length_bytes);
    put_be(b, first, 1);
    memset(buffer_extend(b, len - 1), 0xab, len - 1);
}

/* A movie of two samples with a track of that kind; `record` is avcC or hvcC. */
static void make(struct movie_input *m, const struct buffer samples[2], const char *entry_type, const char *record,
                 const uint8_t *body, size_t len)
{
    struct buffer entry;

    movie_begin(m, "isom");
    for (int i = 0; i < 2; i++)
        movie_sample_add(m, samples[i].at, samples[i].len);
    movie_moov_begin(m, 0);
    movie_track_add(m, "soun", "s", "mp4a", 10);
    buffer_init(&entry, 1 << 16);
    memset(buffer_extend(&entry, 70), 0, 70);
    box_add(&entry, record, body, len);
    const struct track_input t = { .id = 2, .handler = "vide", .handler_name = "v", .entry_type = entry_type,
                                   .entry = entry.at, .entry_len = entry.len, .timescale = 100, .delta = 10,
                                   .offsets = m->offsets, .sizes = m->sizes, .samples = m->samples };
    track_add(&m->file, &t);
    movie_end(m);
    buffer_done(&entry);
}

static void done(struct movie_input *m, struct buffer samples[2])
{
    buffer_done(&m->file);
    for (int i = 0; i < 2; i++)
        buffer_done(&samples[i]);
}

static const uint8_t avc_four[] = { 1, 100, 0, 40, 0xff, 0xe1 }, avc_two[] = { 1, 100, 0, 40, 0xfd, 0xe1 },
    hevc_four[23] = { [21] = 0x0f };

static void samples_init(struct buffer samples[2])
{
    for (int i = 0; i < 2; i++)
        buffer_init(&samples[i], 1 << 20);
}

static void slices_of_h264(void **state)
{
    for (unsigned width = 2; width <= 4; width += 2) {
        struct movie_input m;
        struct buffer samples[2];
        struct movie_slices s;
        struct bytes slice;

        (void)state;
        samples_init(samples);
        unit(&samples[0], width, AVC_PARAMETERS, SLICE);
        unit(&samples[0], width, AVC_MESSAGE, SLICE);
        unit(&samples[0], width, AVC_KEY, SLICE);
        unit(&samples[0], width, AVC_KEY, SLICE / 2);
        unit(&samples[1], width, AVC_OTHER, SLICE);
        make(&m, samples, "avc1", "avcC", width == 4 ? avc_four : avc_two, sizeof avc_four);
        const struct bytes file = buffer_view(&m.file);
        assert_true(movie_slices_begin(&s, file));
        assert_true(movie_slices_next(&s, 0, SLICE, &slice));
        assert_int_equal(slice.origin, m.offsets[0] + 2 * (SLICE + width) + width);
        assert_int_equal(slice.len, SLICE);
        assert_int_equal(slice.at[0], AVC_KEY);
        assert_true(movie_slices_next(&s, 0, SLICE, &slice));
        assert_int_equal(slice.origin, m.offsets[1] + width);
        assert_false(movie_slices_next(&s, 0, SLICE, &slice));
        /* From the middle of the file on. */
        assert_true(movie_slices_begin(&s, file));
        assert_true(movie_slices_next(&s, m.offsets[1], SLICE, &slice));
        assert_int_equal(slice.origin, m.offsets[1] + width);
        done(&m, samples);
    }
}

static void slices_of_h265(void **state)
{
    struct movie_input m;
    struct buffer samples[2];
    struct movie_slices s;
    struct bytes slice;

    (void)state;
    samples_init(samples);
    unit(&samples[0], 4, HEVC_MESSAGE, SLICE);
    unit(&samples[0], 4, HEVC_KEY, SLICE);
    unit(&samples[1], 4, 1 << 1, SLICE);
    unit(&samples[1], 4, 1 << 1 | 0x80, SLICE);
    make(&m, samples, "hvc1", "hvcC", hevc_four, sizeof hevc_four);
    assert_true(movie_slices_begin(&s, buffer_view(&m.file)));
    assert_true(movie_slices_next(&s, 0, 1, &slice));
    assert_int_equal(slice.at[0], HEVC_KEY);
    assert_true(movie_slices_next(&s, 0, 1, &slice));
    assert_int_equal(slice.origin, m.offsets[1] + 4);
    assert_false(movie_slices_next(&s, 0, 1, &slice)); /* a bit that is never set */
    done(&m, samples);
}

/* A byte too many behind the last unit, or a length of none: what is in that sample is anything. */
static void samples_of_something_else(void **state)
{
    struct movie_input m;
    struct buffer samples[2];
    struct movie_slices s;
    struct bytes slice;

    (void)state;
    samples_init(samples);
    unit(&samples[0], 4, AVC_KEY, SLICE);
    put_be(&samples[0], 0, 1);
    unit(&samples[1], 4, AVC_KEY, SLICE);
    put_be(&samples[1], 0, 4);
    make(&m, samples, "avc1", "avcC", avc_four, sizeof avc_four);
    assert_true(movie_slices_begin(&s, buffer_view(&m.file)));
    assert_false(movie_slices_next(&s, 0, 1, &slice));
    done(&m, samples);
}

static void tracks_of_something_else(void **state)
{
    static const struct { const char *entry, *record; size_t len; } cases[] = {
        { "avc1", "avcX", sizeof avc_four }, { "avc1", "avcC", 4 }, { "hvc1", "avcC", sizeof avc_four },
        { "encv", "avcC", sizeof avc_four },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct movie_input m;
        struct buffer samples[2];
        struct movie_slices s;
        samples_init(samples);
        for (int k = 0; k < 2; k++)
            unit(&samples[k], 4, AVC_KEY, SLICE);
        make(&m, samples, cases[i].entry, cases[i].record, avc_four, cases[i].len);
        assert_false(movie_slices_begin(&s, buffer_view(&m.file)));
        done(&m, samples);
    }
}

/* Tables that go back in the file end the walk: stretches are given in order. */
static void out_of_order(void **state)
{
    struct movie_input m;
    struct buffer samples[2];
    struct movie_slices s;
    struct bytes slice;

    (void)state;
    samples_init(samples);
    for (int k = 0; k < 2; k++)
        unit(&samples[k], 4, AVC_KEY, SLICE);
    movie_begin(&m, "isom");
    for (int i = 0; i < 2; i++)
        movie_sample_add(&m, samples[i].at, samples[i].len);
    const uint32_t first = m.offsets[0];
    m.offsets[0] = m.offsets[1];
    m.offsets[1] = first;
    movie_moov_begin(&m, 0);
    uint8_t entry[70 + 8 + sizeof avc_four] = { [73] = sizeof entry - 70 };
    memcpy(entry + 74, "avcC", 4);
    memcpy(entry + 78, avc_four, sizeof avc_four);
    const struct track_input t = { .id = 1, .handler = "vide", .handler_name = "v", .entry_type = "avc1",
                                   .entry = entry, .entry_len = sizeof entry,
                                   .timescale = 100, .delta = 10, .offsets = m.offsets, .sizes = m.sizes, .samples = m.samples };
    track_add(&m.file, &t);
    movie_end(&m);
    assert_true(movie_slices_begin(&s, buffer_view(&m.file)));
    assert_true(movie_slices_next(&s, 0, 1, &slice));
    assert_int_equal(slice.origin, m.offsets[0] + 4);
    assert_false(movie_slices_next(&s, 0, 1, &slice));
    done(&m, samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_of_h264),
        cmocka_unit_test(slices_of_h265),
        cmocka_unit_test(samples_of_something_else),
        cmocka_unit_test(tracks_of_something_else),
        cmocka_unit_test(out_of_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
