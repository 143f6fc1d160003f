/* Real pictures against what exiftool says of them (FILE.truth.json beside each). */
#include "media/build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "media/jpeg.h"
#include "media/movie.h"
#include "media/tiff.h"

/* exiftool prints hundredths of a second of arc: half of that, in degrees, and a little. */
static const double degrees_tolerance = 0.005 / 3600 + 1e-9;

struct sample {
    struct bytes picture, truth;
    struct photo_result x;
};

static void sample_init(struct sample *s, const char *name)
{
    char below[256];

    snprintf(below, sizeof below, "media/%s", name);
    s->picture = file_bytes(sample_path(below));
    snprintf(below, sizeof below, "media/%s.truth.json", name);
    s->truth = file_bytes(sample_path(below));
    photo_result_init(&s->x,
                      jpeg_recognise(s->picture) ? jpeg_read : movie_recognise(s->picture) ? movie_read : tiff_read,
                      s->picture);
}

static void sample_done(struct sample *s)
{
    photo_result_done(&s->x);
    exact_copy_free(s->picture);
    exact_copy_free(s->truth);
}

/* The value of a tag as text, quotes taken off; false when the truth has no such tag. */
static bool truth(const struct sample *s, const char *tag, char value[256])
{
    char key[128];
    size_t n = 0;

    snprintf(key, sizeof key, "\"%s\": ", tag);
    const char *at = memmem(s->truth.at, s->truth.len, key, strlen(key));
    if (!at)
        return false;
    const char *end = (const char *)s->truth.at + s->truth.len;
    at += strlen(key);
    const bool quoted = *at == '"';
    for (at += quoted; at < end && n < 255; at++) {
        if (quoted ? *at == '"' : *at == ',' || *at == '\n')
            break;
        if (*at == '\\')
            at++;
        value[n++] = *at;
    }
    value[n] = '\0';
    return true;
}

/* 46 deg 50' 33.39" */
static double degrees_of(const char *text, const char *ref)
{
    double d, m, s;

    assert_int_equal(sscanf(text, "%lf deg %lf' %lf\"", &d, &m, &s), 3);
    d += m / 60 + s / 3600;
    return ref[0] == 'S' || ref[0] == 'W' ? -d : d;
}

static void check_position(const struct sample *s)
{
    const struct fact_media *media = photo_media(&s->x);
    char value[256], ref[256];

    if (!truth(s, "GPS:GPSLatitude", value)) {
        assert_false(fact_known_real(media->latitude_deg));
        return;
    }
    assert_true(truth(s, "GPS:GPSLatitudeRef", ref));
    assert_true(fabs(media->latitude_deg - degrees_of(value, ref)) < degrees_tolerance);
    assert_true(truth(s, "GPS:GPSLongitude", value) && truth(s, "GPS:GPSLongitudeRef", ref));
    assert_true(fabs(media->longitude_deg - degrees_of(value, ref)) < degrees_tolerance);
    if (!truth(s, "GPS:GPSAltitude", value)) {
        assert_false(fact_known_real(media->altitude_m));
        return;
    }
    assert_true(truth(s, "GPS:GPSAltitudeRef", ref));
    const double altitude = strtod(value, NULL) * (strncmp(ref, "Below", 5) == 0 ? -1 : 1);
    assert_true(fabs(media->altitude_m - altitude) < 1e-6);
    assert_text_equal(media->alt_ref, "msl");
}

static void check_time(const struct sample *s)
{
    const struct fact_media *media = photo_media(&s->x);
    char day[256], time[256], text[520];
    int64_t utc_ns;

    if (truth(s, "ExifIFD:DateTimeOriginal", day)) {
        day[4] = day[7] = '-';
        day[10] = 'T';
        assert_text_equal(media->taken_local, day);
    }
    if (truth(s, "GPS:GPSDateStamp", day) && truth(s, "GPS:GPSTimeStamp", time)) {
        day[4] = day[7] = '-';
        snprintf(text, sizeof text, "%sT%sZ", day, time);
        assert_true(timestamp_parse(text_of(text), &utc_ns));
        assert_int_equal(media->taken, utc_ns);
        assert_text_equal(media->time_basis, "utc");
    } else {
        assert_false(fact_known_int(media->taken));
    }
}

static void check_camera(const struct sample *s)
{
    static const char *serial_tags[] = {
        "ExifIFD:SerialNumber", "ExifIFD:LensSerialNumber", "IFD0:CameraSerialNumber", "XMP-aux:SerialNumber",
        "GoPro:CameraSerialNumber", "XMP-drone-dji:DroneSerialNumber", "XMP-drone-dji:CameraSerialNumber",
    };
    const struct fact_device *camera = kept_facts_row(&s->x.facts, FACT_DEVICE, 0);
    char value[256];

    assert_non_null(camera);
    assert_true(truth(s, "IFD0:Make", value));
    assert_text_equal(camera->vendor, value);
    assert_true(truth(s, "IFD0:Model", value));
    assert_text_equal(camera->model, value);
    for (size_t i = 0; i < sizeof serial_tags / sizeof serial_tags[0]; i++)
        if (truth(s, serial_tags[i], value) && value[0])
            assert_true(photo_has_serial(&s->x, value));
    if (truth(s, "ExifIFD:SerialNumber", value) || truth(s, "IFD0:CameraSerialNumber", value))
        assert_text_equal(camera->serial, value);
}

static void check_second_picture(const struct sample *s)
{
    char start[256], length[256];

    if (!truth(s, "MPImage2:MPImageStart", start) || !truth(s, "MPImage2:MPImageLength", length))
        return;
    const size_t offset = strtoul(start, NULL, 10), bytes = strtoul(length, NULL, 10);
    if (offset + bytes > s->picture.len) {
        assert_non_null(photo_damage(&s->x, "announces a further picture"));
        return;
    }
    assert_int_equal(s->x.member_count, 1);
    assert_int_equal(s->x.members[0].offset, offset);
    assert_int_equal(s->x.members[0].length, bytes);
}

static void check(const char *name)
{
    struct sample s;

    sample_init(&s, name);
    assert_int_equal(s.x.status, PARSE_OK);
    check_position(&s);
    check_time(&s);
    check_camera(&s);
    check_second_picture(&s);
    sample_done(&s);
}

#define SAMPLE(function, name) \
    static void function(void **state) \
    { \
        (void)state; \
        check(name); \
    }
SAMPLE(dji_phantom_3, "DJI_0018.JPG")
SAMPLE(dji_phantom_3_edited, "DJI_0024.JPG")
SAMPLE(dji_h20t, "DJI_H20T.jpg")
SAMPLE(dji_xt2, "DJI_XT2.jpg")
SAMPLE(nikon_10, "DSCN0010.jpg")
SAMPLE(nikon_12, "DSCN0012.jpg")
SAMPLE(nikon_21, "DSCN0021.jpg")
SAMPLE(fujifilm, "GPS.jpg")
SAMPLE(gopro, "GoPro.jpg")
SAMPLE(canon_dng, "DNG.dng")

/* exiftool does not decode it: two serials of one form that differ. */
static void dji_h20t_thermal_core(void **state)
{
    struct sample s;

    (void)state;
    sample_init(&s, "DJI_H20T.jpg");
    const struct text_list serials = photo_media(&s.x)->serials;
    assert_int_equal(serials.count, 2);
    assert_false(text_equal(serials.items[0], serials.items[1]));
    for (size_t i = 0; i < serials.count; i++) {
        assert_int_equal(serials.items[i].len, 14);
        for (size_t k = 0; k < 14; k++)
            assert_true((serials.items[i].at[k] >= '0' && serials.items[i].at[k] <= '9') ||
                        (serials.items[i].at[k] >= 'A' && serials.items[i].at[k] <= 'Z'));
    }
    /* The first also stands in the maker note that exiftool calls bad. */
    size_t places = 0;
    const struct fact_identifier *id;
    for (size_t i = 0; (id = kept_facts_row(&s.x.facts, FACT_IDENTIFIER, i)) != NULL; i++)
        places += text_equal(id->value, serials.items[0]);
    assert_int_equal(places, 2);
    sample_done(&s);
}

/* 2019:07:24 08:25:57, a zone behind it or not. */
static int64_t clock_of(char *text, bool zoned)
{
    char whole[64];
    int64_t ns;

    text[4] = text[7] = '-';
    text[10] = 'T';
    snprintf(whole, sizeof whole, "%s%s", text, zoned ? "" : "Z");
    assert_true(timestamp_parse(text_of(whole), &ns));
    return ns;
}

/* exiftool numbers payloads from 1, and what is in them after the first from 1 again. */
static bool truth_at(const struct sample *s, unsigned payload, unsigned within, const char *tag, char value[256])
{
    char key[128];

    if (within > 0)
        snprintf(key, sizeof key, "Doc%u-%u:%s", payload, within, tag);
    else
        snprintf(key, sizeof key, "Doc%u:%s", payload, tag);
    return truth(s, key, value);
}

static void video_with_place(void **state)
{
    struct sample s;
    char value[256];

    (void)state;
    sample_init(&s, "with-gps.mov");
    const struct fact_media *media = photo_media(&s.x);
    const struct fact_device *camera = kept_facts_row(&s.x.facts, FACT_DEVICE, 0);
    assert_int_equal(s.x.status, PARSE_OK);
    assert_true(truth(&s, "Composite:GPSLatitude", value));
    assert_true(fabs(media->latitude_deg - degrees_of(value, strrchr(value, ' ') + 1)) < degrees_tolerance);
    assert_true(truth(&s, "Composite:GPSLongitude", value));
    assert_true(fabs(media->longitude_deg - degrees_of(value, strrchr(value, ' ') + 1)) < degrees_tolerance);
    assert_true(truth(&s, "Composite:GPSAltitude", value) && fabs(media->altitude_m - strtod(value, NULL)) < 1e-6);
    assert_true(truth(&s, "Keys:CreationDate", value));
    assert_int_equal(media->taken, clock_of(value, true));
    assert_true(truth(&s, "Keys:Make", value));
    assert_text_equal(camera->vendor, value);
    assert_true(truth(&s, "Keys:Model", value));
    assert_text_equal(camera->model, value);
    assert_true(truth(&s, "Keys:Software", value));
    assert_text_equal(camera->firmware, value);
    sample_done(&s);
}

static void video_without_place(void **state)
{
    struct sample s;
    char value[256];

    (void)state;
    sample_init(&s, "QuickTime.mov");
    assert_int_equal(s.x.status, PARSE_OK);
    assert_false(fact_known_real(photo_media(&s.x)->latitude_deg));
    assert_true(truth(&s, "QuickTime:CreateDate", value));
    value[4] = value[7] = '-';
    value[10] = 'T';
    assert_text_equal(photo_media(&s.x)->taken_local, value);
    assert_true(truth(&s, "XMP-dc:Creator", value));
    assert_non_null(photo_identifier(&s.x, "name", value));
    assert_true(truth(&s, "Keys:Artist", value));
    assert_non_null(photo_identifier(&s.x, "name", value));
    sample_done(&s);
}

/* Karma: every fix of its own estimate; exiftool interpolates its clock between payloads, so that times differ by some
 * milliseconds. */
static void video_with_path(void **state)
{
    const struct fact_position *p;
    struct sample s;
    char value[256];
    size_t points = 0;

    (void)state;
    sample_init(&s, "karma.mp4");
    assert_int_equal(s.x.status, PARSE_OK);
    for (size_t i = 0; (p = kept_facts_row(&s.x.facts, FACT_POSITION, i)) != NULL; i++) {
        if (!fact_known_int(p->flight))
            continue;
        bool found = false;
        for (unsigned n = 0; n < 64 && !found; n++) {
            const unsigned payload = n / 4 + 1, within = n % 4;
            char longitude[256], altitude[256], time[256];
            if (!truth_at(&s, payload, within, "Track4:GPSLatitude", value) ||
                !truth_at(&s, payload, within, "Track4:GPSLongitude", longitude) ||
                !truth_at(&s, payload, within, "Track4:GPSAltitude", altitude) ||
                    !truth_at(&s, payload, within, "Track4:GPSDateTime", time))
                continue;
            found = fabs(p->latitude_deg - degrees_of(value, strrchr(value, ' ') + 1)) < degrees_tolerance &&
                    fabs(p->longitude_deg - degrees_of(longitude, strrchr(longitude, ' ') + 1)) < degrees_tolerance &&
                    fabs(p->altitude_m - strtod(altitude, NULL)) < 0.0006 &&
                    llabs(p->time - clock_of(time, false)) < 100 * (NS_PER_S / 1000);
        }
        assert_true(found);
        points++;
    }
    assert_int_equal(points, 47); /* as the manifest of the samples counts */
    assert_true(truth(&s, "UserData:LensSerialNumber", value));
    assert_true(photo_has_serial(&s.x, value));
    assert_true(truth(&s, "UserData:MediaUID", value));
    assert_non_null(photo_identifier(&s.x, "uuid", value));
    assert_true(truth(&s, "UserData:FirmwareVersion", value));
    assert_text_equal(((const struct fact_device *)kept_facts_row(&s.x.facts, FACT_DEVICE, 0))->firmware, value);
    assert_true(truth(&s, "Doc1:Track4:DeviceName", value));
    assert_text_equal(((const struct fact_device *)kept_facts_row(&s.x.facts, FACT_DEVICE, 1))->model, value);
    assert_true(truth(&s, "Doc1:Track4:OtherFirmware", value));
    assert_text_equal(((const struct fact_device *)kept_facts_row(&s.x.facts, FACT_DEVICE, 1))->firmware, value);
    sample_done(&s);
}

static void cut_samples_are_read_to_the_cut(void **state)
{
    struct photo_result x;

    (void)state;
    struct bytes whole = file_bytes(sample_path("media/GoPro.jpg"));
    for (size_t len = 0; len < whole.len; len++) {
        photo_result_init(&x, jpeg_read, (struct bytes){ .at = whole.at, .len = len });
        assert_int_equal(x.status, len < 2 ? PARSE_INVALID : PARSE_TRUNCATED);
        assert_true(len < 2 || x.reading.damage_count > 0);
        photo_result_done(&x);
    }
    exact_copy_free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dji_phantom_3), cmocka_unit_test(dji_phantom_3_edited), cmocka_unit_test(dji_h20t),
        cmocka_unit_test(dji_xt2), cmocka_unit_test(nikon_10), cmocka_unit_test(nikon_12), cmocka_unit_test(nikon_21),
        cmocka_unit_test(fujifilm), cmocka_unit_test(gopro), cmocka_unit_test(canon_dng),
        cmocka_unit_test(video_with_place), cmocka_unit_test(video_without_place), cmocka_unit_test(video_with_path),
        cmocka_unit_test(dji_h20t_thermal_core), cmocka_unit_test(cut_samples_are_read_to_the_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
