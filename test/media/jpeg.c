#include "media/build.h"

#include <math.h>
#include <string.h>

#include "base/timestamp.h"
#include "media/jpeg.h"

static const struct tiff_value ifd0[] = {
    TIFF_TEXT(0x010e, "DCIM\\100MEDIA\\DJI_0042.JPG"), TIFF_TEXT(0x010f, "DJI"), TIFF_TEXT(0x0110, "FC-TEST"),
    TIFF_TEXT(0x013b, "A Pilot"), TIFF_END,
};
static const struct tiff_value exif[] = {
    TIFF_TEXT(0x9003, "2024:05:01 11:30:00"), TIFF_TEXT(0x9011, "+02:00"), TIFF_TEXT(0x9291, "25"),
    TIFF_BYTES(0x927c, 7, "[sensor_id:0TESTCAM000001\0\0\0\0][ae_dbg_info:\1]\2\xff]"),
    TIFF_TEXT(0xa430, "The Owner"), TIFF_TEXT(0xa431, "0TESTCAM000001"), TIFF_TEXT(0xa435, "LENS-7"),
    TIFF_TEXT(0xa420, "0123456789abcdef0123456789abcdef"), TIFF_END,
};
static const char xmp_packet[] =
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<rdf:Description xmlns:drone-dji='http://www.dji.com/drone-dji/1.0/' drone-dji:GpsLatitude='+52.09010'"
    " drone-dji:GpsLongtitude='-5.12023' drone-dji:AltitudeType='RtkAlt' drone-dji:AbsoluteAltitude='+34.5'"
    " drone-dji:DroneModel='TEST-1' drone-dji:DroneSerialNumber='0TESTUAV000001'"
    " drone-dji:LRFTargetLat='52.1' drone-dji:LRFTargetLon='-5.2' drone-dji:LRFTargetAbsAlt='12.5'"
    " drone-dji:RtkStdLat='0.013' drone-dji:RtkStdLon='0.012'/></rdf:RDF></x:xmpmeta>";

static void begin(struct buffer *b)
{
    buffer_init(b, 8 << 20);
    buffer_add(b, "\xff\xd8", 2);
}

static struct bytes view(const struct buffer *b)
{
    return (struct bytes){ .at = b->at, .len = b->len };
}

static void read_and_free(struct photo_result *x, struct buffer *b)
{
    photo_result_init(x, jpeg_read, view(b));
    buffer_done(b);
}

static void whole_photo(struct buffer *b, bool big_endian)
{
    const struct tiff_input tiff = { .big_endian = big_endian, .ifd0 = ifd0, .exif = exif, .gps = example_gps };
    char icc[2 + 128] = { 1, 1, 0, 0, 0, (char)128 }; /* the only part; its size and its mark */

    memcpy(icc + 2 + 36, "acsp", 4);
    begin(b);
    jpeg_exif(b, &tiff);
    jpeg_xmp(b, xmp_packet);
    jpeg_app(b, 0xe2, "ICC_PROFILE", icc, sizeof icc);
    jpeg_app(b, 0xe7, "PADDING", "xxxxxxxx", 8);
    jpeg_picture(b);
}

static void reads_a_whole_photo_in_both_byte_orders(void **state)
{
    (void)state;
    for (int big_endian = 0; big_endian < 2; big_endian++) {
        struct photo_result x;
        struct buffer b;

        whole_photo(&b, big_endian);
        assert_true(jpeg_recognise(view(&b)));
        read_and_free(&x, &b);
        assert_int_equal(x.status, PARSE_OK);
        assert_int_equal(x.reading.damage_count, 0);
        const struct fact_media *media = photo_media(&x);
        assert_text_equal(media->format, "jpeg");
        assert_text_equal(media->model, "DJI FC-TEST");
        assert_text_equal(media->taken_local, "2024-05-01T11:30:00");
        assert_text_equal(media->time_basis, "utc");
        assert_int_equal(media->taken, INT64_C(1714555800250000000)); /* 09:30:00.25 UTC */
        assert_true(fabs(media->latitude_deg - EXAMPLE_LATITUDE) < 1e-12);
        assert_true(fabs(media->longitude_deg - EXAMPLE_LONGITUDE) < 1e-12);
        assert_true(media->altitude_m == 34.5);
        assert_text_equal(media->alt_ref, "ellipsoid"); /* XMP's AltitudeType corrects EXIF */
        assert_int_equal(media->serials.count, 3);
        assert_true(photo_has_serial(&x, "0TESTCAM000001") && photo_has_serial(&x, "0TESTUAV000001") &&
                    photo_has_serial(&x, "LENS-7"));
        assert_non_null(photo_identifier(&x, "card_path", "DCIM\\100MEDIA\\DJI_0042.JPG"));
        assert_non_null(photo_identifier(&x, "name", "A Pilot"));
        assert_non_null(photo_identifier(&x, "owner_name", "The Owner"));
        assert_non_null(photo_identifier(&x, "uuid", "0123456789abcdef0123456789abcdef"));
        photo_result_done(&x);
    }
}

static void writes_devices_and_positions_that_refer_to_each_other(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    whole_photo(&b, false);
    read_and_free(&x, &b);
    assert_int_equal(kept_facts_count(&x.facts, FACT_DEVICE), 2);
    const struct fact_device *camera = kept_facts_row(&x.facts, FACT_DEVICE, 0);
    const struct fact_device *aircraft = kept_facts_row(&x.facts, FACT_DEVICE, 1);
    assert_text_equal(camera->role, "camera");
    assert_text_equal(camera->serial, "0TESTCAM000001");
    assert_text_equal(aircraft->role, "aircraft");
    assert_text_equal(aircraft->vendor, "DJI");
    assert_text_equal(aircraft->model, "TEST-1");
    assert_text_equal(aircraft->serial, "0TESTUAV000001");
    assert_int_equal(photo_identifier(&x, "serial", "0TESTCAM000001")->device, camera->head.number);
    assert_int_equal(photo_identifier(&x, "serial", "0TESTUAV000001")->device, aircraft->head.number);
    assert_false(fact_known_int(photo_identifier(&x, "serial", "LENS-7")->device));

    assert_int_equal(kept_facts_count(&x.facts, FACT_POSITION), 2); /* EXIF and XMP agree: one place, one target */
    const struct fact_position *place = kept_facts_row(&x.facts, FACT_POSITION, 0);
    const struct fact_position *target = kept_facts_row(&x.facts, FACT_POSITION, 1);
    assert_text_equal(place->subject, "camera");
    assert_int_equal(place->media, photo_media(&x)->head.number);
    assert_text_equal(target->subject, "target");
    assert_true(target->latitude_deg == 52.1 && target->longitude_deg == -5.2 && target->altitude_m == 12.5);
    photo_result_done(&x);
}

static void every_identifier_points_at_its_bytes(void **state)
{
    const struct fact_identifier *id;
    struct photo_result x;
    struct buffer b;

    (void)state;
    whole_photo(&b, false);
    read_and_free(&x, &b);
    for (size_t i = 0; (id = kept_facts_row(&x.facts, FACT_IDENTIFIER, i)) != NULL; i++) {
        assert_true(id->head.origin.offset + id->head.origin.length <= (int64_t)x.copy.len);
        assert_true(id->head.origin.length >= (int64_t)id->value.len);
        assert_memory_equal(x.copy.at + id->head.origin.offset, id->value.at, id->value.len);
        assert_true(id->head.origin.steps.count > 0);
    }
    assert_int_equal(kept_facts_count(&x.facts, FACT_IDENTIFIER), 8);
    photo_result_done(&x);
}

static void a_cut_photo_is_never_whole(void **state)
{
    struct buffer b;

    (void)state;
    whole_photo(&b, true);
    sweep(jpeg_read, view(&b), true);
    buffer_done(&b);
}

static void a_photo_without_zone_has_no_utc(void **state)
{
    static const struct tiff_value local_only[] = { TIFF_TEXT(0x9003, "2024:05:01 11:30:00"), TIFF_END };
    const struct tiff_input tiff = { .exif = local_only };
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_exif(&b, &tiff);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_false(fact_known_int(photo_media(&x)->taken));
    assert_text_equal(photo_media(&x)->taken_local, "2024-05-01T11:30:00");
    assert_text_equal(photo_media(&x)->time_basis, "zone_unknown");
    assert_int_equal(kept_facts_count(&x.facts, FACT_POSITION), 0);
    assert_int_equal(kept_facts_count(&x.facts, FACT_DEVICE), 0);
    photo_result_done(&x);
}

static void satellite_time_gives_utc(void **state)
{
    static const struct tiff_value gps[] = {
        TIFF_RATIONALS(7, 3, 9, 1, 30, 1, 1525, 100), TIFF_TEXT(0x1d, "2024:05:01"), TIFF_END,
    };
    const struct tiff_input tiff = { .gps = gps };
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_exif(&b, &tiff);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(photo_media(&x)->taken, INT64_C(1714555815250000000));
    assert_false(text_known(photo_media(&x)->taken_local));
    photo_result_done(&x);
}

static const struct position_case {
    const char *name;
    struct tiff_value gps[8];
    bool placed;
    const char *damage;
} position_cases[] = {
    { "no fix, written as zeros", { TIFF_TEXT(1, "N"), TIFF_RATIONALS(2, 3, 0, 1, 0, 1, 0, 1), TIFF_TEXT(3, "E"),
                                    TIFF_RATIONALS(4, 3, 0, 1, 0, 1, 0, 1), TIFF_END }, false, NULL },
    { "0/0 degrees", { TIFF_TEXT(1, "N"), TIFF_RATIONALS(2, 3, 0, 0, 0, 0, 0, 0), TIFF_TEXT(3, "E"),
                       TIFF_RATIONALS(4, 3, 5, 1, 0, 1, 0, 1), TIFF_END }, false, NULL },
    { "0/0 seconds", { TIFF_TEXT(1, "N"), TIFF_RATIONALS(2, 3, 52, 1, 30, 1, 0, 0), TIFF_TEXT(3, "E"),
                       TIFF_RATIONALS(4, 3, 5, 1, 0, 1, 0, 0), TIFF_END }, true, NULL },
    { "no hemisphere", { TIFF_RATIONALS(2, 3, 52, 1, 0, 1, 0, 1), TIFF_RATIONALS(4, 3, 5, 1, 0, 1, 0, 1), TIFF_END },
      false, "no hemisphere" },
    { "off the earth", { TIFF_TEXT(1, "N"), TIFF_RATIONALS(2, 3, 95, 1, 0, 1, 0, 1), TIFF_TEXT(3, "E"),
                         TIFF_RATIONALS(4, 3, 5, 1, 0, 1, 0, 1), TIFF_END }, false, "outside the earth" },
    { "another datum", { TIFF_TEXT(1, "N"), TIFF_RATIONALS(2, 3, 35, 1, 0, 1, 0, 1), TIFF_TEXT(3, "E"),
                         TIFF_RATIONALS(4, 3, 139, 1, 0, 1, 0, 1), TIFF_TEXT(0x12, "TOKYO"), TIFF_END }, true, "datum" },
};

static void judges_positions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof position_cases / sizeof position_cases[0]; i++) {
        const struct tiff_input tiff = { .gps = position_cases[i].gps };
        struct photo_result x;
        struct buffer b;

        begin(&b);
        jpeg_exif(&b, &tiff);
        jpeg_picture(&b);
        read_and_free(&x, &b);
        if (fact_known_real(photo_media(&x)->latitude_deg) != position_cases[i].placed)
            fail_msg("%s", position_cases[i].name);
        if (position_cases[i].damage ? !photo_damage(&x, position_cases[i].damage) : x.reading.damage_count != 0)
            fail_msg("%s: damage", position_cases[i].name);
        photo_result_done(&x);
    }
}

static void two_places_that_disagree_are_both_told(void **state)
{
    const struct tiff_input tiff = { .gps = example_gps };
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_xmp(&b, "<a xmlns:d='u' d:GpsLatitude='+52.0910' d:GpsLongitude='-5.12023' d:AbsoluteAltitude='7'/>");
    jpeg_exif(&b, &tiff);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(kept_facts_count(&x.facts, FACT_POSITION), 2);
    assert_true(fabs(photo_media(&x)->latitude_deg - EXAMPLE_LATITUDE) < 1e-12); /* EXIF, though XMP came first */
    assert_non_null(photo_damage(&x, "XMP position of the camera is 100 m away from the one in EXIF"));
    assert_int_equal(photo_damage(&x, "away")->bytes_lost, 0);
    photo_result_done(&x);
}

static void fill_bytes_and_empty_lengths(void **state)
{
    const struct tiff_input tiff = { .ifd0 = ifd0 };
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    buffer_add(&b, "\xff\xff\xff", 3); /* allowed before any marker */
    jpeg_exif(&b, &tiff);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(x.reading.damage_count, 0);
    assert_text_equal(photo_media(&x)->model, "DJI FC-TEST");
    photo_result_done(&x);

    begin(&b);
    buffer_add(&b, "\xff\xe5\0\0garbage", 11); /* a length of 0 */
    jpeg_exif(&b, &tiff);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(x.status, PARSE_OK);
    assert_non_null(photo_damage(&x, "impossible length"));
    assert_int_equal(photo_damage(&x, "belong to none")->bytes_lost, 7);
    assert_text_equal(photo_media(&x)->model, "DJI FC-TEST"); /* what lies behind is still read */
    photo_result_done(&x);
}

static void metadata_between_the_scans_of_a_progressive_file(void **state)
{
    static const uint8_t scan[] = { 1, 1, 0, 0, 0, 0x10 };
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_segment(&b, 0xc2, "\x8\0\x8\0\x8\1\1\x11\0", 9);
    jpeg_segment(&b, 0xda, scan, sizeof scan);
    for (int i = 0; i < 100; i++) /* long enough for the wide search, with every harmless FF */
        buffer_add(&b, "\xff\0\xff\xd0\xff\xd7\x12\xff\xff\0", 10);
    jpeg_segment(&b, 0xfe, "hello", 5);
    jpeg_segment(&b, 0xda, scan, sizeof scan);
    buffer_add(&b, "\1\2\3\xff\x37\4\xff\xd9", 8); /* FF 37 can be no marker */
    read_and_free(&x, &b);
    assert_int_equal(x.status, PARSE_OK);
    assert_int_equal(x.reading.damage_count, 0);
    assert_non_null(photo_identifier(&x, "comment", "hello"));
    photo_result_done(&x);
}

static void what_is_unknown_is_said(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_segment(&b, 0xe5, "calibration", 11);
    jpeg_segment(&b, 0xe5, "calibration", 11);
    jpeg_segment(&b, 0xe3, "not a frame", 11);
    jpeg_segment(&b, 0xeb, "JP c2pa", 7);
    jpeg_picture(&b);
    buffer_add(&b, "\x80\x80\x80\x80 and then this", 18);
    read_and_free(&x, &b);
    assert_int_equal(photo_damage(&x, "2 APP5 segments of unknown kind")->bytes_lost, 22);
    assert_int_equal(photo_damage(&x, "1 APP3 segment of unknown kind")->bytes_lost, 11);
    assert_int_equal(photo_damage(&x, "1 APP11 segment")->bytes_lost, 7);
    assert_int_equal(photo_damage(&x, "behind the end of the picture")->bytes_lost, 18);
    photo_result_done(&x);
}

static void padding_behind_the_picture_is_nothing(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_picture(&b);
    for (int i = 0; i < 5000; i++)
        buffer_add_u8(&b, 0x80);
    read_and_free(&x, &b);
    assert_int_equal(x.status, PARSE_OK);
    assert_int_equal(x.reading.damage_count, 0);
    photo_result_done(&x);
}

/* An index of two pictures; `main_length` may lie, as drones' do. */
static size_t put_mpf(struct buffer *b, uint32_t main_length, uint32_t offset, uint32_t length)
{
    const struct tiff_value index[] = {
        TIFF_BYTES(0xb000, 7, "0100"), TIFF_NUMBER(0xb001, 4, 2),
        { 0xb002, 4, 8, NULL, { 0x20030000, main_length, 0, 0, 0, length, offset, 0 } }, TIFF_END,
    };
    const struct tiff_input input = { .ifd0 = index };
    struct buffer tiff;

    buffer_init(&tiff, 4096);
    tiff_build(&tiff, &input);
    /* The entries are 16 undefined bytes each. */
    tiff.at[8 + 2 + 24 + 2] = 7;
    tiff.at[8 + 2 + 24 + 4] = 32;
    const size_t base = b->len + 8; /* FF E2, length, "MPF\0" */
    jpeg_app(b, 0xe2, "MPF", tiff.at, tiff.len);
    buffer_done(&tiff);
    return base;
}

static void second_pictures_become_members(void **state)
{
    struct photo_result x;
    struct buffer b, second;

    (void)state;
    buffer_init(&second, 4096);
    jpeg_small(&second);
    for (int pass = 0; pass < 2; pass++) {
        static uint32_t where;
        begin(&b);
        const size_t base = put_mpf(&b, 17, where, (uint32_t)second.len);
        jpeg_picture(&b);
        buffer_add(&b, "noise before", 12);
        where = (uint32_t)(b.len - base);
        const size_t at = b.len;
        buffer_add(&b, second.at, second.len);
        buffer_add(&b, "\0\0\0\0", 4);
        if (pass == 0) {
            buffer_done(&b);
            continue;
        }
        read_and_free(&x, &b);
        assert_int_equal(x.member_count, 1);
        assert_string_equal(x.members[0].name, "second-picture-1.jpg");
        assert_int_equal(x.members[0].offset, at);
        assert_int_equal(x.members[0].length, second.len);
        assert_int_equal(photo_damage(&x, "behind the end")->bytes_lost, 12);
        assert_int_equal(x.reading.damage_count, 1);
        photo_result_done(&x);
    }
    buffer_done(&second);
}

static void a_picture_that_no_index_announces_is_found(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_picture(&b);
    const size_t first = b.len;
    jpeg_small(&b);
    const size_t second = b.len;
    buffer_add(&b, "\0\0\0\x18" "ftypmp42\0\0\0\0isommp42", 24);
    const size_t end = b.len;
    read_and_free(&x, &b);
    assert_int_equal(x.member_count, 2);
    assert_int_equal(x.members[0].offset, first);
    assert_int_equal(x.members[0].length, second - first);
    assert_string_equal(x.members[1].name, "embedded-video-2.mp4");
    assert_int_equal(x.members[1].length, end - second);
    assert_int_equal(x.reading.damage_count, 0);
    photo_result_done(&x);
}

static void an_announced_picture_that_is_not_there(void **state)
{
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    (void)put_mpf(&b, 17, 100000, 5000);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(photo_damage(&x, "further picture of 5000 bytes")->bytes_lost, 5000);
    assert_int_equal(x.member_count, 0);
    photo_result_done(&x);
}

static void put_extension(struct buffer *b, const char *guid, uint32_t total, uint32_t offset, const char *part,
                          size_t n)
{
    char body[512];

    memcpy(body, guid, 32);
    for (int i = 0; i < 4; i++) {
        body[32 + i] = (char)(total >> (24 - 8 * i));
        body[36 + i] = (char)(offset >> (24 - 8 * i));
    }
    memcpy(body + 40, part, n);
    jpeg_app(b, 0xe1, "http://ns.adobe.com/xmp/extension/", body, 40 + n);
}

static void extended_xmp_is_joined(void **state)
{
    static const char guid[] = "0123456789ABCDEF0123456789ABCDEF";
    static const char packet[] = "<a xmlns:q='urn:x' q:CameraSerialNumber='JOINED-0001'/>";
    const uint32_t total = sizeof packet - 1, cut = 30; /* inside the name */
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    put_extension(&b, guid, total, cut, packet + cut, total - cut); /* out of order */
    put_extension(&b, guid, total, 0, packet, cut);
    put_extension(&b, guid, total, 0, packet, cut);                 /* given twice */
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(x.reading.damage_count, 0);
    const struct fact_identifier *id = photo_identifier(&x, "serial", "JOINED-0001");
    assert_non_null(id);
    assert_memory_equal(x.copy.at + id->head.origin.offset, "JOINED-0001", 11);
    photo_result_done(&x);

    begin(&b);
    put_extension(&b, guid, total + 9, 0, packet, total);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(photo_damage(&x, "extended XMP")->bytes_lost, 9);
    assert_non_null(photo_identifier(&x, "serial", "JOINED-0001"));
    photo_result_done(&x);
}

static void thermal_core_serial_and_raw_frame(void **state)
{
    static uint8_t parameters[2560], frame[160 * 120 * 2];
    const struct tiff_input tiff = { .ifd0 = ifd0 };
    struct photo_result x;
    struct buffer b;

    (void)state;
    memcpy(parameters, "\xaa\x55\x12\x06", 4);
    memcpy(parameters + 0x500, "\x55\xaa\x12\x06" "0TESTTHERM0001", 18);
    begin(&b);
    jpeg_segment(&b, 0xe3, frame, 30000);
    jpeg_segment(&b, 0xe3, frame + 30000, sizeof frame - 30000);
    jpeg_segment(&b, 0xe4, parameters, sizeof parameters);
    jpeg_exif(&b, &tiff); /* the make may come later */
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(x.reading.damage_count, 0);
    assert_true(photo_has_serial(&x, "0TESTTHERM0001"));
    assert_false(fact_known_int(photo_identifier(&x, "serial", "0TESTTHERM0001")->device));
    photo_result_done(&x);
}

static void vendor_text_blocks(void **state)
{
    static const char debug[] = "[sensor_id:0TESTSENSOR01\0\0][ae_dbg_info:]x\1][new_thing:abc]";
    static const char gopro[] = "DEVC\0\1\0\x28" "CASNc\1\0\xe" "C0000000000001\0\0" "MUIDL\4\0\1\1\2\3\4" "\0\0\0\0";
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_app(&b, 0xe7, "DJI-DBG", debug, sizeof debug - 1);
    jpeg_app(&b, 0xe6, "GoPro", gopro, sizeof gopro - 1);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_true(photo_has_serial(&x, "0TESTSENSOR01"));
    assert_true(photo_has_serial(&x, "C0000000000001"));
    assert_non_null(photo_identifier(&x, "uuid", "01020304"));
    assert_non_null(photo_damage(&x, "key \"new_thing\""));
    assert_int_equal(x.reading.damage_count, 1);
    photo_result_done(&x);
}

static void flir_records_over_two_segments(void **state)
{
    static uint8_t fff[0x40 + 0x40 + 0x300 + 0x40];
    struct photo_result x;
    struct buffer b;
    const double latitude = 52.25, longitude = 5.5;
    char body[1200];

    (void)state;
    memcpy(fff, "FFF\0", 4);
    fff[0x17] = 100;
    fff[0x1b] = 0x40;
    fff[0x1f] = 2;
    memcpy(fff + 0x40, "\0\x20", 2);
    memcpy(fff + 0x4c, "\0\0\0\x80\0\0\3\0", 8);
    memcpy(fff + 0x60, "\0\x2b", 2);
    memcpy(fff + 0x6c, "\0\0\3\x80\0\0\0\x40", 8);
    memcpy(fff + 0x80 + 0x104, "FLIR00001", 9);
    fff[0x380] = 1;
    memcpy(fff + 0x390, &latitude, 8);
    memcpy(fff + 0x398, &longitude, 8);
    begin(&b);
    for (size_t i = 0; i < 2; i++) {
        const size_t from = i * 0x150, n = i ? sizeof fff - 0x150 : 0x150;
        memcpy(body, i ? "\1\1\1" : "\1\0\1", 3);
        memcpy(body + 3, fff + from, n);
        jpeg_app(&b, 0xe1, "FLIR", body, n + 3);
    }
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_int_equal(x.reading.damage_count, 0);
    assert_true(photo_has_serial(&x, "FLIR00001"));
    assert_true(photo_media(&x)->latitude_deg == latitude && photo_media(&x)->longitude_deg == longitude);
    assert_memory_equal(x.copy.at + photo_identifier(&x, "serial", "FLIR00001")->head.origin.offset, "FLIR00001", 9);
    photo_result_done(&x);
}

static void iptc_names(void **state)
{
    static const char resources[] = "8BIM\4\4\0\0\0\0\0\x18" "\x1c\2\x50\0\6A Name" "\x1c\2\x5a\0\7Utrecht\0";
    struct photo_result x;
    struct buffer b;

    (void)state;
    begin(&b);
    jpeg_app(&b, 0xed, "Photoshop 3.0", resources, 12 + 0x18);
    jpeg_picture(&b);
    read_and_free(&x, &b);
    assert_non_null(photo_identifier(&x, "name", "A Name"));
    assert_non_null(photo_identifier(&x, "place", "Utrecht"));
    assert_int_equal(x.reading.damage_count, 0);
    photo_result_done(&x);
}

static void recognises_by_content(void **state)
{
    (void)state;
    assert_false(jpeg_recognise((struct bytes){ .at = (const uint8_t *)"\xff\xd8\xff", .len = 3 }));
    assert_false(jpeg_recognise((struct bytes){ .at = (const uint8_t *)"\xff\xd8\xff\0\0", .len = 5 }));
    assert_false(jpeg_recognise((struct bytes){ .at = (const uint8_t *)"\x89PNG\r\n", .len = 6 }));
    assert_true(jpeg_recognise((struct bytes){ .at = (const uint8_t *)"\xff\xd8\xff\xe1", .len = 4 }));
    assert_false(jpeg_recognise((struct bytes){ .at = (const uint8_t *)"", .len = 0 }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_whole_photo_in_both_byte_orders),
        cmocka_unit_test(writes_devices_and_positions_that_refer_to_each_other),
        cmocka_unit_test(every_identifier_points_at_its_bytes),
        cmocka_unit_test(a_cut_photo_is_never_whole),
        cmocka_unit_test(a_photo_without_zone_has_no_utc),
        cmocka_unit_test(satellite_time_gives_utc),
        cmocka_unit_test(judges_positions),
        cmocka_unit_test(two_places_that_disagree_are_both_told),
        cmocka_unit_test(fill_bytes_and_empty_lengths),
        cmocka_unit_test(metadata_between_the_scans_of_a_progressive_file),
        cmocka_unit_test(what_is_unknown_is_said),
        cmocka_unit_test(padding_behind_the_picture_is_nothing),
        cmocka_unit_test(second_pictures_become_members),
        cmocka_unit_test(a_picture_that_no_index_announces_is_found),
        cmocka_unit_test(an_announced_picture_that_is_not_there),
        cmocka_unit_test(extended_xmp_is_joined),
        cmocka_unit_test(thermal_core_serial_and_raw_frame),
        cmocka_unit_test(vendor_text_blocks),
        cmocka_unit_test(flir_records_over_two_segments),
        cmocka_unit_test(iptc_names),
        cmocka_unit_test(recognises_by_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
