/* What Insta360 cameras write behind a video or photo. */
#include "media/boxes.h"
#include "media/build.h"

#include "media/insta360.h"
#include "media/jpeg.h"
#include "media/movie.h"

static void put_le(struct buffer *b, uint64_t bits, size_t width)
{
    for (size_t i = 0; i < width; i++)
        put_be(b, bits >> 8 * i & 0xff, 1);
}

static void put_f64(struct buffer *b, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_le(b, bits, 8);
}

static void fix_add(struct buffer *b, uint32_t seconds, char status, double latitude, char north, double longitude,
                    char east)
{
    put_le(b, seconds, 4);
    put_le(b, 0, 4);
    put_le(b, 250, 2);
    put_be(b, (uint8_t)status, 1);
    put_f64(b, latitude);
    put_be(b, (uint8_t)north, 1);
    put_f64(b, longitude);
    put_be(b, (uint8_t)east, 1);
    put_f64(b, 3);
    put_f64(b, 10);
    put_f64(b, 34.5);
}

static void record_end(struct buffer *b, size_t begun, uint16_t kind)
{
    const size_t len = b->len - begun;

    put_le(b, kind, 2);
    put_le(b, len, 4);
}

static void trailer_add(struct buffer *b)
{
    const size_t begin = b->len;

    protobuf_text(b, 1, "TESTCAM0000360");
    protobuf_text(b, 2, "Insta360 X3");
    protobuf_text(b, 3, "v1.0.71");
    record_end(b, begin, 0x101);
    size_t begun = b->len;
    assert_true(buffer_add(b, "\xff\xd8\xff\xd9", 4));
    record_end(b, begun, 0x200);
    begun = b->len;
    fix_add(b, 1714555800, 'A', 52.5, 'N', 5.25, 'W');
    fix_add(b, 1714555801, 'V', 0, '\0', 0, '\0');
    fix_add(b, 1714555802, 'A', 33.5, 'S', 5.5, 'E');
    record_end(b, begun, 0x700);
    begun = b->len;
    assert_true(buffer_add(b, "nobody knows", 12));
    record_end(b, begun, 0x1234);
    for (int i = 0; i < 32; i++)
        put_be(b, 0, 1);
    put_le(b, b->len - begin + 40, 4);
    put_le(b, 3, 4);
    assert_true(buffer_add(b, "8db42d694ccc418790edff439fe026bf", 32));
}

static void movie_make(struct movie_input *m)
{
    movie_begin(m, "isom");
    movie_sample_add(m, "sample", 6);
    movie_moov_begin(m, UINT64_C(2082844800) + 1714555800);
    movie_track_add(m, "vide", "video", "avc1", 1000);
    movie_end(m);
}

static void assert_told(const struct photo_result *x)
{
    const struct fact_position *p = kept_facts_row(&x->facts, FACT_POSITION, 0),
        *second = kept_facts_row(&x->facts, FACT_POSITION, 1);
    const struct fact_flight *f = kept_facts_row(&x->facts, FACT_FLIGHT, 0);

    assert_non_null(f);
    assert_text_equal(f->format, "insta360");
    assert_int_equal(f->points, 2);
    assert_true(p->latitude_deg == 52.5 && p->longitude_deg == -5.25 && p->altitude_m == 34.5);
    assert_int_equal(p->time, INT64_C(1714555800250000000));
    assert_true(second->latitude_deg == -33.5 && second->longitude_deg == 5.5);
    assert_true(photo_has_serial(x, "TESTCAM0000360"));
    assert_text_equal(photo_media(x)->model, "Insta360 X3");
    assert_non_null(photo_damage(x, "records of Insta360's trailer"));
    assert_int_equal(x->member_count, 1);
}

static void behind_a_video(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_make(&m);
    trailer_add(&m.file);
    photo_result_init(&x, movie_read, buffer_view(&m.file));
    assert_int_equal(x.status, PARSE_OK);
    assert_told(&x);
    photo_result_done(&x);
    sweep(movie_read, buffer_view(&m.file), false);
    buffer_done(&m.file);
}

static void in_a_videos_last_box(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_make(&m);
    const size_t box = box_begin(&m.file, "inst");
    trailer_add(&m.file);
    box_end(&m.file, box);
    photo_result_init(&x, movie_read, buffer_view(&m.file));
    assert_int_equal(x.status, PARSE_OK);
    assert_told(&x);
    photo_result_done(&x);
    buffer_done(&m.file);
}

/* A length that takes boxes for a part of the trailer, or reaches before the file, is none. */
static void whose_length_lies(void **state)
{
    struct movie_input m;

    (void)state;
    movie_make(&m);
    const size_t boxes = m.file.len;
    trailer_add(&m.file);
    const size_t length_at = m.file.len - 40, right = m.file.len - boxes;
    assert_int_equal(insta360_behind_boxes(buffer_view(&m.file)).len, right);
    for (size_t wrong = 0; wrong < m.file.len + 100; wrong += 7) {
        for (int i = 0; i < 4; i++)
            m.file.at[length_at + i] = (uint8_t)(wrong >> 8 * i);
        if (wrong != right && wrong + 16 != m.file.len) /* the first box has 16 bytes */
            assert_true(insta360_behind_boxes(buffer_view(&m.file)).len == 0 || wrong == m.file.len - m.mdat ||
                        wrong == m.file.len - m.moov);
        assert_true(insta360_trailer(buffer_view(&m.file)).len <= m.file.len);
    }
    buffer_done(&m.file);
}

static void by_its_index(void **state)
{
    static const uint8_t entries[] = { 1, 1, 4, 0, 0, 0, 6, 0, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 3, 6,
                                       0, 0, 0, 0, 0, 0, 0 };
    struct insta360_record record;
    struct insta360_walk w;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 10);
    assert_true(buffer_add(&b, "firsttwo4", 9));
    put_le(&b, 0x9999, 2); /* no foot that makes sense */
    put_le(&b, 0xffffff, 4);
    const size_t begun = b.len;
    assert_true(buffer_add(&b, entries, sizeof entries));
    record_end(&b, begun, 0);
    for (int i = 0; i < 72; i++)
        put_be(&b, 0, 1);
    insta360_walk_init(&w, buffer_view(&b));
    assert_true(insta360_walk_next(&w, &record));
    assert_true(record.kind == 0x101 && bytes_equal(record.body, "wo4\x99", 4));
    assert_true(insta360_walk_next(&w, &record)); /* what lies outside is passed over */
    assert_true(record.kind == 0x300 && bytes_equal(record.body, "firstt", 6));
    assert_false(insta360_walk_next(&w, &record));
    buffer_done(&b);
}

static void behind_a_photo(void **state)
{
    static const uint8_t photo[] = { 0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1,
                                     1, 0, 0, 63, 0, 0x12, 0x34, 0xff, 0xd9 };
    struct photo_result x;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 12);
    assert_true(buffer_add(&b, photo, sizeof photo));
    trailer_add(&b);
    photo_result_init(&x, jpeg_read, buffer_view(&b));
    assert_int_equal(x.status, PARSE_OK);
    assert_true(photo_has_serial(&x, "TESTCAM0000360"));
    assert_null(photo_damage(&x, "behind the end"));
    assert_true(photo_media(&x)->latitude_deg == 52.5 && photo_media(&x)->longitude_deg == -5.25 &&
                photo_media(&x)->altitude_m == 34.5);
    assert_int_equal(photo_media(&x)->taken, INT64_C(1714555800250000000));
    photo_result_done(&x);
    sweep(jpeg_read, buffer_view(&b), false);
    buffer_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_video), cmocka_unit_test(in_a_videos_last_box), cmocka_unit_test(whose_length_lies), cmocka_unit_test(by_its_index),
        cmocka_unit_test(behind_a_photo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
