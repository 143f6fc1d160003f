/* What movies say of themselves: boxes of user data, keys, timed metadata. */
#include "media/boxes.h"
#include "media/build.h"

#include <math.h>
#include <string.h>

#include "base/timestamp.h"
#include "media/location_text.h"
#include "media/movie.h"

#define CREATED_S (UINT64_C(2082844800) + 1714555800) /* 2024-05-01 09:30:00 */

static void read_movie(struct photo_result *x, struct movie_input *m)
{
    movie_end(m);
    photo_result_init(x, movie_read, buffer_view(&m->file));
    buffer_done(&m->file);
}

static const struct fact_flight *only_flight(const struct photo_result *x)
{
    assert_int_equal(kept_facts_count(&x->facts, FACT_FLIGHT), 1);
    return kept_facts_row(&x->facts, FACT_FLIGHT, 0);
}

static const struct fact_position *path_point(const struct photo_result *x, size_t nth)
{
    const struct fact_position *p;

    for (size_t i = 0; (p = kept_facts_row(&x->facts, FACT_POSITION, i)) != NULL; i++)
        if (fact_known_int(p->flight) && nth-- == 0)
            return p;
    fail();
    return NULL;
}

static bool has_note(const struct fact_flight *f, const char *part)
{
    return text_known(f->note) && memmem(f->note.at, f->note.len, part, strlen(part));
}

static void assert_near(double got, double want)
{
    assert_true(fabs(got - want) < 1e-7);
}

static void reads_locations_as_texts(void **state)
{
    static const struct { const char *text; bool right; double latitude, longitude,
                          altitude; bool ellipsoid; } cases[] = {
        { "+52.0901-005.1202+034.5/", true, 52.0901, -5.1202, 34.5, false },
        { "-52.0901+005.1202/", true, -52.0901, 5.1202, NAN, false },
        { "+52.5+005.25-12.5CRSWGS_84/", true, 52.5, 5.25, -12.5, true },
        { "+5230.5-00515.25/", true, 52 + 30.5 / 60, -(5 + 15.25 / 60), NAN, false },
        { "+523015.5-0051530/", true, 52 + 30 / 60.0 + 15.5 / 3600, -(5 + 15 / 60.0 + 30 / 3600.0), NAN, false },
        { "-00.50-000.25/", true, -0.5, -0.25, NAN, false },
        { "52.0901-005.1202/", false, 0, 0, 0, false }, { "+52.0901", false, 0, 0, 0, false },
        { "+52.0901-", false, 0, 0, 0, false }, { "+5299.0-00515.25/", false, 0, 0, 0, false },
        { "+1234567+1/", false, 0, 0, 0, false }, { "", false, 0, 0, 0, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct location_text l;
        assert_int_equal(location_text_parse(text_of(cases[i].text), &l), cases[i].right);
        if (!cases[i].right)
            continue;
        assert_near(l.latitude_deg, cases[i].latitude);
        assert_near(l.longitude_deg, cases[i].longitude);
        assert_true(isnan(cases[i].altitude) ? isnan(l.altitude_m) : l.altitude_m == cases[i].altitude);
        assert_int_equal(l.above_ellipsoid, cases[i].ellipsoid);
    }
}

static void add_keys(struct buffer *b)
{
    static const char *const keys[] = { "com.apple.quicktime.location.ISO6709", "com.apple.quicktime.make",
        "com.apple.quicktime.model", "com.apple.quicktime.creationdate", "com.example.secret" };
    static const char *const values[] = { "+52.5000-005.2500+012.5/", "Maker", "Model 1", "2024-05-01T11:30:00+0200",
                                          "who knows" };
    const size_t meta = box_begin(b, "meta");
    size_t at = box_begin(b, "hdlr");

    put_be(b, 0, 8);
    assert_true(buffer_add(b, "mdta\0\0\0\0\0\0\0\0\0\0\0\0\0", 17));
    box_end(b, at);
    at = box_begin(b, "keys");
    put_be(b, 0, 4);
    put_be(b, 5, 4);
    for (size_t i = 0; i < 5; i++)
        box_add(b, "mdta", keys[i], strlen(keys[i]));
    box_end(b, at);
    at = box_begin(b, "ilst");
    for (size_t i = 0; i < 5; i++) {
        const size_t item = box_begin(b, "\0\0\0\0"), data = box_begin(b, "data");
        b->at[item + 7] = (uint8_t)(i + 1);
        put_be(b, 1, 4);
        put_be(b, 0, 4);
        assert_true(buffer_add(b, values[i], strlen(values[i])));
        box_end(b, data);
        box_end(b, item);
    }
    box_end(b, at);
    box_end(b, meta);
}

static void reads_keys(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "qt  ");
    movie_moov_begin(&m, CREATED_S + 7);
    add_keys(&m.file);
    read_movie(&x, &m);
    assert_int_equal(x.status, PARSE_OK);
    const struct fact_media *media = photo_media(&x);
    assert_text_equal(media->format, "mov");
    assert_text_equal(media->model, "Maker Model 1");
    assert_true(media->latitude_deg == 52.5 && media->longitude_deg == -5.25 && media->altitude_m == 12.5);
    assert_text_equal(media->alt_ref, "unknown");
    assert_int_equal(media->taken, INT64_C(1714555800000000000)); /* its zone is stated: not the header's clock */
    assert_text_equal(media->taken_local, "2024-05-01T11:30:00");
    assert_text_equal(media->time_basis, "utc");
    assert_false(fact_known_int(media->timed_points));
    assert_non_null(photo_damage(&x, "key \"com.example.secret\""));
    assert_int_equal(x.reading.damage_count, 1);
    photo_result_done(&x);
}

static void reads_user_data(void **state)
{
    static const char loci[] = "\0\0\0\0\x55\xc4Home\0\0" "\xff\xfa\xc0\0" "\0\x34\x80\0" "\0\x0c\x80\0" "earth\0\0";
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "isom");
    movie_moov_begin(&m, CREATED_S);
    size_t at = box_begin(&m.file, "udta");
    box_add(&m.file, "\xa9xyz", "\0\x12\x15\xc7+52.5000-005.2500/", 22);
    box_add(&m.file, "loci", loci, sizeof loci - 1);
    box_add(&m.file, "\xa9mod", "\0\7\0\0FC-TEST", 11);
    box_add(&m.file, "FIRM", "HD0.01.00", 9);
    box_add(&m.file, "LENS", "LENS000001\0\0", 12);
    box_add(&m.file, "CAME", "\0\0\0\0", 4); /* zeros: none */
    box_add(&m.file, "GUMI", "\x12\x34\xab", 3);
    box_add(&m.file, "auth", "\0\0\0\0\x55\xc4" "A Person\0", 15);
    box_add(&m.file, "thmb", "\xff\xd8\xff\xe0picture", 11);
    box_add(&m.file, "what", "unknown box", 11);
    box_add(&m.file, "none", "\0\0\0", 3); /* holds nothing */
    put_be(&m.file, 0, 4);
    box_end(&m.file, at);
    read_movie(&x, &m);
    assert_int_equal(x.status, PARSE_OK);
    const struct fact_media *media = photo_media(&x);
    assert_text_equal(media->format, "mp4");
    assert_true(media->latitude_deg == 52.5 && media->longitude_deg == -5.25);
    assert_false(fact_known_int(media->taken));
    assert_text_equal(media->taken_local, "2024-05-01T09:30:00");
    assert_text_equal(media->time_basis, "zone_unknown");
    assert_int_equal(kept_facts_count(&x.facts, FACT_POSITION), 1); /* both say the same place */
    assert_true(photo_has_serial(&x, "LENS000001"));
    assert_non_null(photo_identifier(&x, "uuid", "1234ab"));
    assert_non_null(photo_identifier(&x, "name", "A Person"));
    assert_non_null(photo_identifier(&x, "place", "Home"));
    const struct fact_device *camera = kept_facts_row(&x.facts, FACT_DEVICE, 0);
    assert_text_equal(camera->model, "FC-TEST");
    assert_text_equal(camera->firmware, "HD0.01.00");
    assert_int_equal(x.member_count, 1);
    assert_int_equal(x.members[0].length, 11);
    assert_non_null(photo_damage(&x, "1 box of kind \"what\" in udta"));
    assert_int_equal(x.reading.damage_count, 1);
    photo_result_done(&x);
}

/* One payload of two fixes; `fix` is GPSF. */
static void add_gps5(struct movie_input *m, uint16_t fix, int32_t first_lat, int32_t second_lat)
{
    static const uint8_t scale[] = { 0, 0x98, 0x96, 0x80, 0, 0x98, 0x96, 0x80, 0, 0, 3, 0xe8, 0, 0, 3, 0xe8, 0, 0, 0,
                                     0x64 };
    struct buffer stream, device, payload, data;

    buffer_init(&stream, 4096);
    buffer_init(&device, 4096);
    buffer_init(&payload, 4096);
    buffer_init(&data, 4096);
    for (int i = 0; i < 2; i++) {
        put_be(&data, (uint32_t)(i ? second_lat : first_lat), 4);
        put_be(&data, (uint32_t)(-52500000 - i), 4);
        put_be(&data, 34500, 4);
        put_be(&data, 0, 8);
    }
    const uint8_t fix_bytes[] = { 0, 0, (uint8_t)(fix >> 8), (uint8_t)fix };
    gpmf_add(&stream, "GPSF", 'L', 4, 1, fix_bytes);
    gpmf_add(&stream, "GPSU", 'U', 16, 1, "240501093001.500");
    gpmf_add(&stream, "GPSA", 'F', 4, 1, "MSLV");
    gpmf_add(&stream, "SCAL", 'l', 4, 5, scale);
    gpmf_add(&stream, "GPS5", 'l', 20, 2, data.at);
    gpmf_add(&device, "DVNM", 'c', 11, 1, "Hero6 Black");
    gpmf_nest(&device, "STRM", &stream);
    gpmf_nest(&payload, "DEVC", &device);
    movie_sample_add(m, payload.at, payload.len);
    buffer_done(&stream);
    buffer_done(&device);
    buffer_done(&payload);
    buffer_done(&data);
}

static void reads_gopro_fixes(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "mp41");
    add_gps5(&m, 3, 525000000, 525000010);
    add_gps5(&m, 0, 1, 2); /* no fix: its numbers are nothing */
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "meta", "GoPro MET", "gpmd", 1000);
    read_movie(&x, &m);
    assert_int_equal(x.status, PARSE_OK);
    assert_int_equal(x.reading.damage_count, 0);
    const struct fact_flight *f = only_flight(&x);
    assert_text_equal(f->format, "gopro-gpmf");
    assert_int_equal(f->points, 2);
    assert_text_equal(f->alt_ref, "msl");
    assert_true(has_note(f, "2 times without a fix") && has_note(f, "What carried the camera is not in the video"));
    const struct fact_position *first = path_point(&x, 0), *second = path_point(&x, 1);
    assert_near(first->latitude_deg, 52.5);
    assert_near(first->longitude_deg, -5.25);
    assert_true(first->altitude_m == 34.5);
    assert_int_equal(first->time, INT64_C(1714555801500000000));
    assert_text_equal(first->time_basis, "utc");
    assert_int_equal(second->time, INT64_C(1714555802000000000)); /* half a payload later */
    assert_text_equal(second->time_basis, "derived");
    assert_int_equal(first->media, photo_media(&x)->head.number);
    assert_int_equal(photo_media(&x)->timed_points, 2);
    assert_int_equal(photo_media(&x)->taken, INT64_C(1714555801500000000));
    assert_text_equal(photo_media(&x)->model, "GoPro Hero6 Black");
    photo_result_done(&x);
}

/* A camera without a fix writes the last known place, which the file gives away all the same. */
static void a_gopro_without_any_fix(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "mp41");
    add_gps5(&m, 0, 525000000, 525000010);
    add_gps5(&m, 0, 0, 525000010);
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "meta", "GoPro MET", "gpmd", 1000);
    read_movie(&x, &m);
    const struct fact_flight *f = only_flight(&x);
    assert_int_equal(f->points, 4);
    assert_true(has_note(f, "had no fix in the whole track: its places are the last known ones"));
    assert_near(path_point(&x, 0)->latitude_deg, 52.5);
    assert_near(path_point(&x, 0)->longitude_deg, -5.25);
    assert_text_equal(path_point(&x, 0)->time_basis, "zone_unknown"); /* not the satellites' */
    assert_near(photo_media(&x)->latitude_deg, 52.5);
    assert_int_equal(photo_media(&x)->taken, FACT_UNKNOWN_INT);
    photo_result_done(&x);
}

static void put_le(struct buffer *b, uint64_t bits, size_t width)
{
    for (size_t i = 0; i < width; i++)
        put_be(b, bits >> 8 * i & 0xff, 1);
}

static uint64_t f64_bits(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void add_camm(struct movie_input *m, uint16_t kind, double time_s, uint32_t fix, double latitude_deg)
{
    struct buffer b;

    buffer_init(&b, 256);
    put_le(&b, 0, 2);
    put_le(&b, kind, 2);
    if (kind == 6) {
        put_le(&b, f64_bits(time_s), 8);
        put_le(&b, fix, 4);
    }
    put_le(&b, f64_bits(latitude_deg), 8);
    put_le(&b, f64_bits(-5.25), 8);
    if (kind == 6)
        put_le(&b, UINT64_C(0x42080000), 4); /* 34.0 */
    else
        put_le(&b, f64_bits(34.5), 8);
    movie_sample_add(m, b.at, b.len);
    buffer_done(&b);
}

static void reads_camera_motion(void **state)
{
    const double gps_s = 1714555801 - 315964800 + 18; /* GPS is ahead of UTC by its leap seconds */
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "isom");
    add_camm(&m, 5, 0, 3, 52.5);
    add_camm(&m, 6, gps_s, 3, 52.6);
    add_camm(&m, 6, 1714555802, 3, 52.7); /* counted from 1970, as some makers do */
    add_camm(&m, 6, gps_s, 0, 52.8);      /* no fix */
    movie_sample_add(&m, "\0\0\2\0gyroscopedat", 16);
    movie_sample_add(&m, "\0\0\5\0short", 9);
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "camm", "CameraMetadataMotionHandler", "camm", 500);
    read_movie(&x, &m);
    const struct fact_flight *f = only_flight(&x);
    assert_int_equal(f->points, 3);
    assert_true(has_note(f, "1 times without a fix") && has_note(f, "1 samples of orientation"));
    assert_text_equal(path_point(&x, 0)->time_basis, "zone_unknown");
    assert_text_equal(path_point(&x, 0)->time_local, "2024-05-01T09:30:00");
    assert_int_equal(path_point(&x, 1)->time, INT64_C(1714555801000000000));
    assert_int_equal(path_point(&x, 2)->time, INT64_C(1714555802000000000));
    assert_true(path_point(&x, 1)->altitude_m == 34.0);
    assert_non_null(photo_damage(&x, "1 camera motion samples are too short"));
    photo_result_done(&x);
}

static void camera_motion_without_any_fix(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "isom");
    add_camm(&m, 6, 1714555802, 0, 52.8);
    add_camm(&m, 6, 1714555803, 0, 52.8);
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "camm", "CameraMetadataMotionHandler", "camm", 500);
    read_movie(&x, &m);
    assert_int_equal(only_flight(&x)->points, 2);
    assert_true(has_note(only_flight(&x), "had no fix in the whole track"));
    assert_text_equal(path_point(&x, 0)->time_basis, "zone_unknown");
    assert_near(photo_media(&x)->latitude_deg, 52.8);
    photo_result_done(&x);
}

struct dji_input {
    const char *schema;
    uint8_t device, position;
    double latitude, longitude;
    bool radians;
    const char *time;
    uint64_t encryption;
};

static void add_djmd(struct movie_input *m, const struct dji_input *d, bool first)
{
    struct buffer sample, a, b, c;

    buffer_init(&sample, 4096);
    buffer_init(&a, 4096);
    buffer_init(&b, 4096);
    buffer_init(&c, 4096);
    if (first) {
        protobuf_text(&b, 1, d->schema);
        protobuf_text(&b, 2, "02.01.16");
        protobuf_text(&b, 5, "0TESTUAV000001");
        protobuf_text(&b, 6, "01.00.0000");
        if (d->encryption)
            protobuf_varint(&b, 7, d->encryption);
        protobuf_text(&b, 10, "DJI Test");
        protobuf_nest(&a, 1, &b);
        protobuf_nest(&sample, 1, &a);
    }
    /* 3 { 1 { 2: time } DEVICE { POSITION { 1 { unit lat lon } 2: mm 6 { 1: text } } POSITION+1 { 1: mm } } } */
    if (!d->radians)
        protobuf_varint(&c, 1, 1);
    protobuf_f64(&c, 2, d->radians ? d->latitude / 180 * M_PI : d->latitude);
    protobuf_f64(&c, 3, d->radians ? d->longitude / 180 * M_PI : d->longitude);
    protobuf_nest(&b, 1, &c);
    protobuf_varint(&b, 2, 120500);
    if (d->time) {
        protobuf_text(&c, 1, d->time);
        protobuf_nest(&b, 6, &c);
    }
    struct buffer device;
    buffer_init(&device, 4096);
    protobuf_nest(&device, d->position, &b);
    if (!d->time) {
        protobuf_f32(&b, 1, 20250);
        protobuf_nest(&device, d->position + 1u, &b);
    }
    protobuf_varint(&b, 2, 5000000);
    protobuf_nest(&a, 1, &b);
    protobuf_nest(&a, d->device, &device);
    protobuf_nest(&sample, 3, &a);
    movie_sample_add(m, sample.at, sample.len);
    buffer_done(&sample);
    buffer_done(&a);
    buffer_done(&b);
    buffer_done(&c);
    buffer_done(&device);
}

static void read_djmd(struct photo_result *x, struct dji_input d)
{
    struct movie_input m;

    movie_begin(&m, "isom");
    for (int i = 0; i < 3; i++) {
        add_djmd(&m, &d, i == 0);
        d.latitude += i * 0.0001; /* the second repeats the first */
    }
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "meta", "DJI meta", "djmd", 33);
    read_movie(x, &m);
}

static void reads_djis_frames(void **state)
{
    struct photo_result x;

    (void)state;
    read_djmd(&x, (struct dji_input){ "dvtm_Air3.proto", 3, 4, 52.5, -5.25, true, NULL, 0 });
    const struct fact_flight *f = only_flight(&x);
    assert_text_equal(f->format, "dji-djmd");
    assert_text_equal(f->aircraft_serial, "0TESTUAV000001");
    assert_int_equal(f->points, 2);
    assert_text_equal(f->alt_ref, "takeoff");
    assert_true(has_note(f, "1 frames repeat the fix before"));
    assert_near(path_point(&x, 0)->latitude_deg, 52.5);
    assert_true(path_point(&x, 0)->altitude_m == 20.25);
    assert_text_equal(path_point(&x, 1)->time_local, "2024-05-01T09:30:00.066");
    const struct fact_device *aircraft = kept_facts_row(&x.facts, FACT_DEVICE, 0);
    assert_text_equal(aircraft->role, "aircraft");
    assert_text_equal(aircraft->model, "DJI Test");
    assert_text_equal(aircraft->serial, "0TESTUAV000001");
    assert_text_equal(aircraft->firmware, "01.00.0000");
    assert_int_equal(x.reading.damage_count, 0);
    photo_result_done(&x);

    /* A camera, with a clock of its own and another place for the position. */
    read_djmd(&x, (struct dji_input){ "dvtm_ac203.proto", 4, 2, 52.5, -5.25, false, "2024-05-01 11-30-00", 0 });
    f = only_flight(&x);
    assert_false(text_known(f->aircraft_serial));
    assert_true(has_note(f, "What carried the camera is not in the video"));
    assert_true(path_point(&x, 0)->altitude_m == 120.5);
    assert_text_equal(path_point(&x, 0)->alt_ref, "unknown");
    assert_text_equal(path_point(&x, 0)->time_local, "2024-05-01T11:30:00");
    assert_text_equal(((const struct fact_device *)kept_facts_row(&x.facts, FACT_DEVICE, 0))->role, "camera");
    photo_result_done(&x);
}

static void says_what_it_does_not_know_of_djis_frames(void **state)
{
    struct photo_result x;

    (void)state;
    read_djmd(&x, (struct dji_input){ "dvtm_new1.proto", 3, 7, 52.5, -5.25, false, NULL, 0 });
    assert_true(has_note(only_flight(&x), "Uncertain: this schema is not known"));
    assert_true(has_note(only_flight(&x), "(frame field 3-7-1)"));
    assert_near(path_point(&x, 0)->latitude_deg, 52.5);
    assert_false(fact_known_real(path_point(&x, 0)->altitude_m));
    assert_non_null(photo_damage(&x, "the schema \"dvtm_new1.proto\", of which only positions were looked for"));
    assert_true(photo_has_serial(&x, "0TESTUAV000001"));
    /* Whether it flies is not known: it has a camera, and the serial number may be another part's. */
    assert_text_equal(((const struct fact_device *)kept_facts_row(&x.facts, FACT_DEVICE, 0))->role, "camera");
    assert_false(text_known(((const struct fact_device *)kept_facts_row(&x.facts, FACT_DEVICE, 0))->serial));
    photo_result_done(&x);

    read_djmd(&x, (struct dji_input){ "dvtm_Air3.proto", 3, 4, 52.5, -5.25, false, NULL, 1 });
    assert_int_equal(kept_facts_count(&x.facts, FACT_FLIGHT), 0);
    assert_non_null(photo_damage(&x, "encrypted or compressed"));
    photo_result_done(&x);

    /* The known schema with its position elsewhere is said, not searched. */
    read_djmd(&x, (struct dji_input){ "dvtm_Air3.proto", 5, 5, 52.5, -5.25, false, NULL, 0 });
    assert_int_equal(kept_facts_count(&x.facts, FACT_FLIGHT), 0);
    assert_non_null(photo_damage(&x, "no frame of DJI's metadata track holds a position"));
    photo_result_done(&x);
}

static void names_the_schema_of_djis_debug_track(void **state)
{
    struct buffer a, b;
    struct photo_result x;
    struct movie_input m;

    (void)state;
    buffer_init(&a, 256);
    buffer_init(&b, 256);
    protobuf_text(&a, 2, "dbginfo_test.proto"); /* 1 { 1 { 2 { 2: name } } } */
    protobuf_nest(&b, 2, &a);
    protobuf_nest(&a, 1, &b);
    protobuf_nest(&b, 1, &a);
    movie_begin(&m, "isom");
    movie_sample_add(&m, b.at, b.len);
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "meta", "DJI dbgi", "dbgi", 33);
    read_movie(&x, &m);
    assert_non_null(photo_damage(&x, "(dbgi), schema dbginfo_test.proto: not understood, samples of 26 bytes"));
    photo_result_done(&x);
    buffer_done(&a);
    buffer_done(&b);
}

static void add_text(struct movie_input *m, const char *text)
{
    struct buffer b;

    buffer_init(&b, 4096);
    put_be(&b, strlen(text), 2);
    assert_true(buffer_add(&b, text, strlen(text)));
    movie_sample_add(m, b.at, b.len);
    buffer_done(&b);
}

static void reads_subtitles_of_the_camera(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "isom");
    add_text(&m,
             "2024-05-01 11:30:00.123\n[iso: 100] [latitude: 52.5] [longitude: -5.25] [rel_alt: 1.500 abs_alt: 35.0]");
    add_text(&m, ""); /* players want gaps to be samples */
    add_text(&m,
             "2024-05-01 11:30:01.123\n[iso: 100] [latitude: 52.6] [longitude: -5.25] [rel_alt: 2.500 abs_alt: 36.0]");
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "sbtl", "subtitles", "tx3g", 1000);
    read_movie(&x, &m);
    const struct fact_flight *f = only_flight(&x);
    assert_text_equal(f->format, "dji-srt");
    assert_int_equal(f->points, 2);
    assert_true(has_note(f, "2 subtitles of a camera in its video"));
    assert_text_equal(path_point(&x, 1)->time_local, "2024-05-01T11:30:01.123");
    assert_true(path_point(&x, 1)->altitude_m == 2.5);
    assert_int_equal(path_point(&x, 1)->media, photo_media(&x)->head.number);
    assert_int_equal(photo_media(&x)->timed_points, 2);
    assert_near(photo_media(&x)->latitude_deg, 52.5);
    photo_result_done(&x);

    movie_begin(&m, "isom");
    add_text(&m, "Hello. I am a film.");
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "sbtl", "subtitles", "tx3g", 1000);
    read_movie(&x, &m);
    assert_int_equal(kept_facts_count(&x.facts, FACT_FLIGHT), 0);
    assert_non_null(photo_damage(&x, "subtitles that are no camera's"));
    photo_result_done(&x);
}

static void says_what_cannot_be_read(void **state)
{
    struct photo_result x;
    struct movie_input m;

    (void)state;
    movie_begin(&m, "isom"); /* never finished */
    movie_sample_add(&m, "abc", 3);
    photo_result_init(&x, movie_read, buffer_view(&m.file));
    buffer_done(&m.file);
    assert_int_equal(x.status, PARSE_TRUNCATED);
    assert_non_null(photo_damage(&x, "no table of contents"));
    photo_result_done(&x);

    movie_begin(&m, "isom");
    movie_sample_add(&m, "abc", 3);
    movie_moov_begin(&m, CREATED_S);
    movie_track_add(&m, "meta", "Others", "mett", 1000);
    m.offsets[0] = 1 << 20; /* a sample outside the file */
    movie_track_add(&m, "meta", "GoPro MET", "gpmd", 1000);
    box_end(&m.file, m.moov);
    box_add(&m.file, "moof", "fragment", 8);
    box_add(&m.file, "free", "what was here before", 20);
    assert_true(buffer_add(&m.file, "\0\0\0\4mdat....", 12));
    photo_result_init(&x, movie_read, buffer_view(&m.file));
    buffer_done(&m.file);
    assert_int_equal(x.status, PARSE_TRUNCATED);
    assert_non_null(photo_damage(&x, "track 1 of kind meta, mett: not understood, samples of 3 bytes"));
    assert_non_null(photo_damage(&x, "1 samples of track 1 lie outside the file"));
    assert_non_null(photo_damage(&x, "a box of a fragment has a false size"));
    assert_non_null(photo_damage(&x, "1 box of kind \"free\" in free space"));
    assert_non_null(photo_damage(&x, "smaller than its head"));
    photo_result_done(&x);
}

static void says_what_no_sample_covers(void **state)
{
    static const struct { const char *between; size_t len; bool said; } cases[] = {
        { "remains", 7, true }, { "\0\0\0\0\0\0\0", 7, false }, { "", 0, false },
    };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct photo_result x;
        struct movie_input m;
        movie_begin(&m, "isom");
        movie_sample_add(&m, "first frame", 11);
        assert_true(buffer_add(&m.file, cases[i].between, cases[i].len));
        movie_sample_add(&m, "second frame", 12);
        movie_moov_begin(&m, CREATED_S);
        movie_track_add(&m, "vide", "video", "avc1", 33);
        read_movie(&x, &m);
        assert_int_equal(photo_damage(&x, "7 bytes of the media data, in 1 stretches, belong to no sample") != NULL,
                         cases[i].said);
        assert_int_equal(x.reading.damage_count, cases[i].said);
        photo_result_done(&x);
    }
}

static void knows_djis_index_in_free_space(void **state)
{
    static const char index[] =
        "covr\0\0\0\0\0\xed\x6f\xda\0\x0a\x46\xe0" "snal\0\0\0\0\0\xf7\xb6\xd2\0\x0a\x46\xe0" "\0\0\0\0\0\0\0\0";
    static const struct { const char *body; size_t len; bool known; } cases[] = {
        { index, sizeof index - 1, true }, { index, sizeof index - 2, true }, { index + 1, sizeof index - 2, false },
        { "data\0\0\0\x15hglg\0\0\0\0\1\2\3\4\5", 21, true }, { "covr", 4, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct photo_result x;
        struct movie_input m;
        movie_begin(&m, "isom");
        movie_moov_begin(&m, CREATED_S);
        box_end(&m.file, m.moov);
        box_add(&m.file, "free", cases[i].body, cases[i].len);
        photo_result_init(&x, movie_read, buffer_view(&m.file));
        buffer_done(&m.file);
        assert_int_equal(x.reading.damage_count, cases[i].known ? 0 : 1);
        photo_result_done(&x);
    }
}

static void reads_a_still_pictures_items(void **state)
{
    static const struct tiff_value ifd0[] = { TIFF_TEXT(0x010f, "DJI"), TIFF_TEXT(0x0110, "FC-TEST"), TIFF_END };
    const struct tiff_input tiff = { .ifd0 = ifd0, .gps = example_gps };
    struct photo_result x;
    struct movie_input m;
    struct buffer block;

    (void)state;
    buffer_init(&block, 4096);
    put_be(&block, 6, 4);
    assert_true(buffer_add(&block, "Exif\0\0", 6));
    tiff_build(&block, &tiff);
    movie_begin(&m, "heic");
    movie_sample_add(&m, block.at, block.len);
    buffer_done(&block);
    box_end(&m.file, m.mdat);
    const size_t meta = box_begin(&m.file, "meta");
    put_be(&m.file, 0, 4);
    size_t at = box_begin(&m.file, "iinf");
    put_be(&m.file, 0, 4);
    put_be(&m.file, 3, 2);
    box_add(&m.file, "infe", "\2\0\0\0\0\1\0\0hvc1pic", 16);
    box_add(&m.file, "infe", "\2\0\0\1\0\2\0\0Exif\0", 13);
    box_add(&m.file, "infe", "\2\0\0\1\0\3\0\0what\0", 13);
    box_end(&m.file, at);
    at = box_begin(&m.file, "iloc");
    put_be(&m.file, 0, 4);
    put_be(&m.file, 0x4400, 2);
    put_be(&m.file, 2, 2);
    for (uint32_t i = 2; i <= 3; i++) {
        put_be(&m.file, i, 2);
        put_be(&m.file, 0, 2);
        put_be(&m.file, 1, 2);
        put_be(&m.file, m.offsets[0], 4);
        put_be(&m.file, i == 2 ? m.sizes[0] : 5, 4);
    }
    box_end(&m.file, at);
    box_end(&m.file, meta);
    assert_true(heif_recognise(buffer_view(&m.file)) && !movie_recognise(buffer_view(&m.file)));
    photo_result_init(&x, movie_read, buffer_view(&m.file));
    assert_int_equal(x.status, PARSE_OK);
    assert_text_equal(photo_media(&x)->format, "heif");
    assert_text_equal(photo_media(&x)->model, "DJI FC-TEST");
    assert_near(photo_media(&x)->latitude_deg, EXAMPLE_LATITUDE);
    assert_text_equal(photo_media(&x)->alt_ref, "msl");
    assert_non_null(photo_damage(&x, "item 3 of type what"));
    assert_int_equal(x.reading.damage_count, 1);
    photo_result_done(&x);
    sweep(movie_read, buffer_view(&m.file), true);
    buffer_done(&m.file);
}

static void cut_and_spoilt_movies_are_never_whole(void **state)
{
    static const struct dji_input dji = { "dvtm_Air3.proto", 3, 4, 52.5, -5.25, false, NULL, 0 };
    struct movie_input m;

    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        movie_begin(&m, "isom");
        if (kind == 0)
            add_gps5(&m, 3, 525000000, 525000010);
        else if (kind == 1)
            add_camm(&m, 6, 1398591019, 3, 52.6);
        else if (kind == 2)
            add_djmd(&m, &dji, true);
        else
            add_text(&m, "2024-05-01 11:30:00.123\n[latitude: 52.5] [longitude: -5.25] [rel_alt: 1.500 abs_alt: 35.0]");
        movie_moov_begin(&m, CREATED_S);
        add_keys(&m.file);
        movie_track_add(&m, "meta", "name", kind == 0 ? "gpmd" : kind == 1 ? "camm" : kind == 2 ? "djmd" : "tx3g",
                        1000);
        movie_end(&m);
        sweep(movie_read, buffer_view(&m.file), true);
        buffer_done(&m.file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_locations_as_texts), cmocka_unit_test(reads_keys), cmocka_unit_test(reads_user_data),
        cmocka_unit_test(reads_gopro_fixes), cmocka_unit_test(a_gopro_without_any_fix), cmocka_unit_test(reads_camera_motion), cmocka_unit_test(camera_motion_without_any_fix), cmocka_unit_test(reads_djis_frames),
        cmocka_unit_test(says_what_it_does_not_know_of_djis_frames), cmocka_unit_test(names_the_schema_of_djis_debug_track),
        cmocka_unit_test(reads_subtitles_of_the_camera),
        cmocka_unit_test(says_what_cannot_be_read), cmocka_unit_test(says_what_no_sample_covers),
        cmocka_unit_test(knows_djis_index_in_free_space), cmocka_unit_test(reads_a_still_pictures_items),
        cmocka_unit_test(cut_and_spoilt_movies_are_never_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
