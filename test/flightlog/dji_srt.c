#include "flightlog/text_log.h"

#include <math.h>

#include "flightlog/dji_srt.h"

/* Made up; each in the form of one generation of cameras. */

#define SPAN(n) "00:00:0" n ",000 --> 00:00:0" n ",500\n"
static const char mavic_pro[] =
    "1\n" SPAN("1") "HOME(-5.2500,45.5000) 2018.8.19 08:00:36\nGPS(-5.2501,45.5001,11) BAROMETER:1.9\nISO:100 Shutter:60 EV: Fnum:2.2 \n\n"
    "2\n" SPAN("2") "HOME(-5.2500,45.5000) 2018.08.19 08:00:37\nGPS(-5.2502,45.5002,12) BAROMETER:-2.5\nISO:100 Shutter:60 EV: Fnum:2.2 \n\n";
static const char phantom_hb[] =
    "1\r\n" "00:00:01,000 --> 00:00:02,000\r\nHOME(149.0251,-20.2532) 2017.8.5 14:11:51\r\nGPS(149.0251,-20.2533,16) Hb:1.9 Hs:1.8\r\n\r\n"
    "2\r\n" "00:00:02,000 --> 00:00:03,000\r\nHOME(149.0251,-20.2532) 2017.8.5 14:11:52\r\nGPS(149.0252,-20.2533,16) Hb:2.0 Hs:2.0\r\n\r\n";
static const char matrice[] =
    "1\n00:00:00,000 --> 00:00:01,000\n2022.06.21 16:06:17\nGPS(36.6146,-6.1120,0.0M) BAROMETER:0.3M\n\n"
    "2\n00:00:01,000 --> 00:00:02,000\n2022.06.21 16:06:18\nGPS(36.6147,-6.1121,0.0M) BAROMETER:0.8M\n\n";
static const char avata[] =
    "1\n00:00:00,000 --> 00:00:01,000\nGPS(39.906217,76.391305,69.800) BAROMETER(91.2) HOME(39.906206,76.391400)\n\n"
    "2\n00:00:01,000 --> 00:00:02,000\nGPS(39.906218,76.391306,69.900) BAROMETER(91.3) HOME(39.906206,76.391400)\n\n";
static const char phantom_rtk[] =
    "1\n00:00:00,000 --> 00:00:01,000\nF/5.6, SS 400, ISO 100, EV 0, GPS (-58.851745, -34.237922, 15), HOME (-58.847509, -34.232707, -57.98m), "
    "D 698.70m, H 85.80m, H.S n/a, V.S 0.00m/s, F.PRY (2.7\xc2\xb0, -7.0\xc2\xb0, 110.1\xc2\xb0)\n\n"
    "2\n00:00:01,000 --> 00:00:02,000\nF/5.6, SS 400, ISO 100, EV 0, GPS (0.000000, 0.000000, 0), HOME (0.0, 0.0, 0.00m), D 0m, H 0.00m, H.S n/a\n\n";
static const char mavic_2_style[] =
    "1\n2017.08.05 14:11:51,393,525,393,525\n[latitude : -20.2533] [longtitude : 149.0251] [iso : 100] [ev : 0]\n\n"
    "2\n2017.08.05 14:11:52,393,525\n[latitude : -20.2534] [longtitude : 149.0252] [iso : 100] [ev : 0]\n";
static const char air_2[] =
    "\xef\xbb\xbf" "1\n00:00:00,000 --> 00:00:00,033\n<font size=\"36\">SrtCnt : 1, DiffTime : 33ms\n2022-08-07 13:40:40,774,808\n"
    "[iso : 100] [shutter : 1/80.0] [fnum : 280] [ct : 5744] [latitude: 41.424724] [longitude: 2.234156] [altitude: 117.000000] </font>\n\n"
    "2\n00:00:00,033 --> 00:00:00,066\n<font size='36'>SrtCnt : 2, DiffTime : 33ms\n2022-08-07 13:40:40,808,164\n"
    "[iso : 100] [latitude: 0.000000] [longitude: 0.000000] [altitude: 117.100000] </font>\n\n";
static const char mavic_3[] =
    "1\n00:00:00,000 --> 00:00:00,041\n<font size=\"28\">FrameCnt: 1, DiffTime: 41ms, FrameId: 4787\n2026-05-27 13:10:00.015\n"
    "[iso: 200] [color_md: dlog_m] [ae_meter_md: 0], [latitude: 53.365080] [longitude: 6.460739] [rel_alt: 5.400 abs_alt: -124.744] "
    "[gb_yaw: -162.8 gb_pitch: 0.0] [shift x: 0.00, y: 0.00]</font>\n\n"
    "2\n00:00:00,041 --> 00:00:00,082\n<font size=\"28\">FrameCnt: 2, DiffTime: 41ms, FrameId: 4788\n2026-05-27 13:10:00.056\n"
    "[iso: 200] [latitude: 53.365081] [longitude: 6.460740] [rel_alt: 5.500 abs_alt: -124.644]</font>\n\n";
static const char no_position[] =
    "1\n00:00:00,000 --> 00:00:00,039\n<font size=\"36\">FrameCnt : 1, DiffTime : 39ms\n2018-02-19 08:04:51,265,847\n[iso : 100] [ct : 5627] </font>\n\n";
static const char letters[] =
    "1\n00:00:00,000 --> 00:00:01,000\nHOME(W: 82.666946, N: 27.771621) 2020-06-21 12:00:00\nGPS(W: 82.666947, S: 27.771622, 10.5m)\n\n";

static const char decimal_commas[] =
    "1\n00:00:00,000 --> 00:00:00,033\n<font size=\"28\">FrameCnt: 1, DiffTime: 33ms\n2024-05-01 09:30:00,015\n"
    "[iso: 100] [Latitude: 45,500003] [Longitude: -5,259987] [rel_alt: 30,5 abs_alt: 260,125] </font>\n\n"
    "2\n00:00:00,033 --> 00:00:00,066\n<font size=\"28\">FrameCnt: 2, DiffTime: 33ms\n2024-05-01 09:30:00,048\n"
    "[iso: 100] [Latitude: 45,500004] [Longitude: -5,259987] [rel_alt: 30,6 abs_alt: 260,225] </font>\n\n";

static const char dock_2[] =
    "1\n00:00:00,000 --> 00:00:00,033\nFrameCnt: 0 2025-11-26 10:58:25.417\n"
    "[iso: 170] [color_md: default] [dzoom_ratio: 1.00], [latitude: 45.500003] [longitude: -5.259987] [rel_alt: 134.974 abs_alt: 428.593] [gb_yaw: 4.5 gb_pitch: -20.0]\n\n"
    "2\n00:00:00,033 --> 00:00:00,066\nFrameCnt: 1 2025-11-26 10:58:25.452\n"
    "[iso: 170] [color_md: default]\n[dzoom_ratio: 1.00],\n[latitude: 45.500004] [longitude: -5.259987]\n[rel_alt: 134.975 abs_alt: 428.594]\n\n";
static const char no_colons[] =
    "1\n00:00:00,000 --> 00:00:00,033\n<font size=\"28\">SrtCnt : 1, DiffTime : 33ms\n2021-05-01 09:30:00.015\n"
    "[iso : 100] [latitude 45.500003] [longitude -5.259987] [rel_alt 57.2 abs_alt 204.6] </font>\n\n";
static const char matrice_settings[] = /* with a blank line and a "0" within each subtitle, as the Matrice's cameras write them */
    "1\n00:00:00,000 --> 00:00:00,033\n<font size=\"28\">FrameCnt: 1, DiffTime: 33ms\n2025-12-04 16:36:51.746\n"
    "[iso: 150] [dzoom: 1.00]\n[latitude: 45.500003] [longitude: -5.259987] [rel_alt: 12.500 abs_alt: 17.337]\n[drone_yaw: 1.9 drone_pitch: 0.0]\n\n"
    "0\n[ae_meter_md : 0] [dzoom_ratio: 10000, delta:0]\n</font>\n\n"
    "2\n00:00:00,033 --> 00:00:00,066\n<font size=\"28\">FrameCnt: 2, DiffTime: 33ms\n2025-12-04 16:36:51.778\n"
    "[iso: 150] [dzoom: 1.00]\n[latitude: 45.500004] [longitude: -5.259987] [rel_alt: 12.600 abs_alt: 17.437]\n[drone_yaw: 1.9 drone_pitch: 0.0]\n\n"
    "0\n[ae_meter_md : 0] [dzoom_ratio: 10000, delta:0]\n</font>\n\n";

#define READ(o, text) log_read_text(o, dji_srt_read, "dji-srt", text, sizeof text - 1)

static const struct form {
    const char *name, *text;
    size_t len;
    int64_t points;
    double longitude, latitude, altitude;   /* of the first */
    const char *alt_ref, *local;            /* or NULL */
    const char *says;
} forms[] = {
    { "Mavic Pro", mavic_pro, sizeof mavic_pro, 2, -5.2501, 45.5001, 1.9, "takeoff", "2018-08-19T08:00:36",
      "Order assumed: positions are two numbers without labels, and the longitude was taken to be the first" },
    { "Phantom, CR LF", phantom_hb, sizeof phantom_hb, 2, 149.0251, -20.2533, 1.9, "takeoff", "2017-08-05T14:11:51", "is shown by numbers beyond 90" },
    { "decimal commas, other case", decimal_commas, sizeof decimal_commas, 2, -5.259987, 45.500003, 30.5, "takeoff", "2024-05-01T09:30:00.015", "" },
    { "Matrice 300", matrice, sizeof matrice, 2, -6.1120, 36.6146, 0.3, "takeoff", "2022-06-21T16:06:17", "and the latitude was taken to be the first" },
    { "Avata 2", avata, sizeof avata, 2, 76.391305, 39.906217, 91.2, "unknown", NULL, "no clock" },
    { "Phantom 4 RTK", phantom_rtk, sizeof phantom_rtk, 1, -58.851745, -34.237922, 85.8, "takeoff", NULL, "1 positions without a fix (0/0) left out" },
    { "Mavic 2, no times", mavic_2_style, sizeof mavic_2_style, 2, 149.0251, -20.2533, NAN, NULL, "2017-08-05T14:11:51.393525", "clock has no zone" },
    { "Air 2", air_2, sizeof air_2, 1, 2.234156, 41.424724, 117, "unknown", "2022-08-07T13:40:40.774808", "2 subtitles" },
    { "Mavic 3", mavic_3, sizeof mavic_3, 2, 6.460739, 53.365080, 5.4, "takeoff", "2026-05-27T13:10:00.015", "2 subtitles" },
    { "Dock 2", dock_2, sizeof dock_2, 2, -5.259987, 45.500003, 134.974, "takeoff", "2025-11-26T10:58:25.417", "beside the counter" },
    { "labels without a colon", no_colons, sizeof no_colons, 1, -5.259987, 45.500003, 57.2, "takeoff", "2021-05-01T09:30:00.015", "Labels have no colon" },
    { "Matrice, a blank line within", matrice_settings, sizeof matrice_settings, 2, -5.259987, 45.500003, 12.5, "takeoff", "2025-12-04T16:36:51.746",
      "2 subtitles of a camera beside its video. Its clock has no zone" },
    { "letters", letters, sizeof letters, 1, -82.666947, -27.771622, 10.5, "unknown", "2020-06-21T12:00:00",
      "name the home point: where it took off, or where its operator set it. Letters name the axis and half of the globe, a form that is untested on real files." },
};

static void every_generation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const struct form *form = &forms[i];
        struct log_outcome o;

        print_message("# %s\n", form->name);
        log_read_text(&o, dji_srt_read, "dji-srt", form->text, form->len - 1);
        const struct fact_flight *f = log_flight(&o, 0);
        const struct fact_position *p = log_position(&o, "aircraft", 0);
        assert_int_equal(o.status, PARSE_OK);
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(f->points, form->points);
        assert_place(p, form->longitude, form->latitude);
        assert_true(form->alt_ref ? fabs(p->altitude_m - form->altitude) < 1e-9 : isnan(p->altitude_m));
        assert_true(form->alt_ref ? text_equal(p->alt_ref, text_of(form->alt_ref)) : !text_known(p->alt_ref));
        assert_int_equal(p->time, FACT_UNKNOWN_INT);
        if (form->local) {
            assert_text_equal(p->time_local, form->local);
            assert_text_equal(p->time_basis, "zone_unknown");
            assert_text_equal(f->start_local, form->local);
        } else {
            assert_false(text_known(p->time_local));
            assert_false(text_known(p->time_basis));
        }
        assert_true(log_says(f, form->says));
        log_done(&o);
    }
}

/* Sixteen places are looked at at once: what stands ahead of the brackets, and between them, moves them through all. */
static void labels_at_every_place(void **state)
{
    static const char settings[] = "[iso: 100] [ev: 0] x[1] [shutter: 1/60]                 ";
    char text[400];

    (void)state;
    for (size_t before = 0; before < sizeof settings; before++)
        for (size_t between = 0; between < 34; between++) {
            struct log_outcome o;
            const int len = snprintf(text, sizeof text, "1\n" SPAN("1") "%.*s[latitude: 45.5]%*s[LONGITUDE: -5.25]%*s[rel_alt: 1.0 abs_alt: 2.0]", (int)before,
                                     settings, (int)between, "", (int)(between * 7 % 34), "");
            assert_in_range(len, 1, sizeof text - 1);
            log_read_text(&o, dji_srt_read, "dji-srt", text, (size_t)len);
            assert_int_equal(o.reading.damage_count, 0);
            assert_int_equal(log_count(&o, "aircraft"), 1);
            assert_place(log_position(&o, "aircraft", 0), -5.25, 45.5);
            assert_true(log_position(&o, "aircraft", 0)->altitude_m == 1);
            log_done(&o);
        }
}

/* Recordings one behind the other whose numbers begin at 0. */
static void a_zero_may_be_a_number(void **state)
{
    static const char text[] =
        "0\n" SPAN("1") "[latitude: 45.5] [longitude: -5.25] [rel_alt: 1.0]\n\n" "1\n" SPAN("2") "[latitude: 45.6] [longitude: -5.25] [rel_alt: 1.0]\n\n"
        "0\n" SPAN("1") "[latitude: 45.7] [longitude: -5.25] [rel_alt: 1.0]\n\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(log_count(&o, "aircraft"), 3);
    assert_true(log_says(log_flight(&o, 0), "The numbers start again 1 times"));
    log_done(&o);
}

static void home_is_a_place_of_its_own(void **state)
{
    struct log_outcome o;

    (void)state;
    READ(&o, mavic_pro);
    assert_int_equal(log_count(&o, "home"), 1);
    assert_place(log_position(&o, "home", 0), -5.25, 45.5);
    assert_true(fabs(log_flight(&o, 0)->home_longitude_deg + 5.25) < 1e-9);
    log_done(&o);

    READ(&o, avata);
    assert_place(log_position(&o, "home", 0), 76.3914, 39.906206);
    log_done(&o);

    READ(&o, phantom_rtk);
    assert_int_equal(log_count(&o, "home"), 1);
    assert_true(fabs(log_position(&o, "home", 0)->altitude_m + 57.98) < 1e-9);
    assert_text_equal(log_position(&o, "home", 0)->alt_ref, "unknown");
    log_done(&o);
}

static void nothing_is_made_up_without_positions(void **state)
{
    struct log_outcome o;

    (void)state;
    READ(&o, no_position);
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_POSITION), 0);
    assert_true(log_says(log_flight(&o, 0), "None of them holds a position."));
    assert_text_equal(log_flight(&o, 0)->start_local, "2018-02-19T08:04:51.265847");
    log_done(&o);
}

/* One number beyond 90 settles the order for the ones that could be read both ways. */
static void not_available_is_no_damage(void **state)
{
    static const char text[] =
        "1\n00:00:01,000 --> 00:00:02,000\nHOME(N/A,N/A) 2018.08.19 08:00:50\nGPS(N/A,N/A,3) BAROMETER:0.0\n\n"
                               "2\n00:00:02,000 --> 00:00:03,000\nHOME(-5.25,45.5) 2018.08.19 08:00:51\nGPS(-5.25,45.5,9) BAROMETER:0.0\n\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(o.reading.damage_count, 0);
    assert_int_equal(log_flight(&o, 0)->points, 1);
    assert_true(log_says(log_flight(&o, 0), "1 of them hold no position."));
    log_done(&o);
}

static void numbers_prove_the_order(void **state)
{
    static const char text[] =
        "1\n00:00:00,000 --> 00:00:01,000\nGPS(20.5,120.25,5) BAROMETER:1\n\n2\n00:00:01,000 --> 00:00:02,000\nGPS(20.5,80.25,5) BAROMETER:1\n\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_place(log_position(&o, "aircraft", 0), 120.25, 20.5);
    assert_place(log_position(&o, "aircraft", 1), 80.25, 20.5);
    log_done(&o);
}

static void missing_and_cut_subtitles_are_damage(void **state)
{
    static const char text[] =
        "1\n00:00:01,000 --> 00:00:02,000\nGPS(-5.25,45.5,11) BAROMETER:1.9\n\n"
        "4\n00:00:04,000 --> 00:00:05,000\nGPS(-5.25,45.5,11) BAROMETER:1.9\n\n"
        "5\n00:00:05,000 --> 00:00:06,000\n[latitude: 45.5] [longi\n\n"
        "6\n00:00:06,000 --> 00:00:07,000\nGPS(-5.26,45.6";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 2);
    assert_int_equal(o.reading.damage_count, 3);
    assert_int_equal(log_damage(&o, 0)->records_lost, 2);
    assert_text_equal(log_damage(&o, 0)->statement, "subtitles 2 to 3 are missing: 2.000 s");
    assert_int_equal(log_damage(&o, 1)->records_lost, 1);
    assert_int_equal(log_damage(&o, 2)->head.origin.offset, strstr(text, "6\n00") - text);
    log_done(&o);
}

/* What was between the times of the second and the text of the eighth was taken out. */
static void subtitles_that_became_one(void **state)
{
    static const char text[] =
        "1\n00:00:01,000 --> 00:00:02,000\nGPS(-5.25,45.5,11) BAROMETER:1.9\n\n"
        "2\n00:00:0GPS(-5.25,45.5,11) BAROMETER:1.9\n\n"
        "9\n00:00:09,000 --> 00:00:10,000\nGPS(-5.25,45.5,11) BAROMETER:1.9\n\n";
    struct log_outcome o;

    (void)state;
    READ(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 3);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(log_damage(&o, 0)->records_lost, 6);
    assert_text_equal(log_damage(&o, 0)->statement, "subtitles 3 to 8 are missing: 7.000 s");
    log_done(&o);
}

static void a_file_that_begins_inside_a_subtitle(void **state)
{
    struct log_outcome o;
    const char *from = strstr(mavic_pro, "GPS(");

    (void)state;
    log_read_text(&o, dji_srt_read, "dji-srt", from, strlen(from));
    assert_int_equal(log_flight(&o, 0)->points, 2);
    log_done(&o);
}

static void other_subtitles_are_none(void **state)
{
    static const char *const texts[] = {
        "1\n00:00:01,000 --> 00:00:02,000\nDo you have GPS in there?\n\n2\n00:00:02,000 --> 00:00:03,000\nHOME\n\n",
        "1\n", "", "WEBVTT\n\n00:01.000 --> 00:04.000\n[music]\n", "GPS receivers: a short history\n[latitude is what sailors measured]\n",
    };

    (void)state;
    log_take_none(dji_srt_read, dji_srt_recognise, texts, sizeof texts / sizeof *texts);
}

static void cut_everywhere(void **state)
{
    (void)state;
    log_cut_everywhere(dji_srt_read, dji_srt_recognise, mavic_pro, sizeof mavic_pro - 1);
    log_cut_everywhere(dji_srt_read, dji_srt_recognise, mavic_3, sizeof mavic_3 - 1);
}

/* Real files.  The other program smooths what it reads, so its fixes are only counted; unlabelled pairs are
 * compared with what scanf finds in the same text, and labelled ones with its unsmoothed extremes. */

static const struct sample {
    const char *name;
    bool latitude_first, broken;
    int64_t points, damage;  /* of broken ones, counted by hand */
} samples[] = {
    { "old_format.SRT", false, false, 0, 0 },
    { "mavic_pro_buggy.SRT", false, true, 530, 0 }, /* and 16 that say N/A, which the other program fills */
    { "matrice_300.srt", true, false, 0, 0 },    { "p4_rtk.SRT", false, false, 0, 0 },
    { "mavic_mini.SRT", false, false, 0, 0 },    { "mavic_2_style.SRT", false, false, 0, 0 },
    { "m2zoom.SRT", false, false, 0, 0 },        { "air2s.srt", false, false, 0, 0 },
    { "air3S_clip.SRT", false, false, 0, 0 },    { "neo2_clip.SRT", false, false, 0, 0 },
    { "Avata360_clip.SRT", false, false, 0, 0 }, { "mavic_air.SRT", false, false, 0, 0 },
    { "broken_incomplete.SRT", false, true, 19, 1 }, { "broken_incomplete2.SRT", false, true, 4, 2 },
};

static void check_pairs(const struct log_outcome *o, struct bytes in, bool latitude_first)
{
    char *text = calloc(in.len + 1, 1), *at = text;
    size_t n = 0;
    double first, second;

    assert_non_null(text);
    memcpy(text, in.at, in.len);
    for (; (at = strstr(at, "GPS")); at++) {
        if (sscanf(at, "GPS (%lf , %lf ,", &first, &second) == 2 || sscanf(at, "GPS(%lf,%lf,", &first, &second) == 2) {
            assert_place(log_position(o, "aircraft", n), latitude_first ? second : first,
                         latitude_first ? first : second);
            n++;
        }
    }
    if (n > 0)
        assert_int_equal(n, log_count(o, "aircraft"));
    free(text);
}

static void check_extremes(const struct fact_flight *f, const struct truth *t)
{
    const char *east = truth_has(t, "LONGTITUDE") ? "LONGTITUDE" : "LONGITUDE";

    if (!truth_has(t, "LATITUDE") || truth_has(t, "SATELLITES"))
        return;
    assert_true(fabs(f->bbox_south - truth_number(t, "LATITUDE", 0)) < 1e-9);
    assert_true(fabs(f->bbox_north - truth_number(t, "LATITUDE", 1)) < 1e-9);
    assert_true(fabs(f->bbox_west - truth_number(t, east, 0)) < 1e-9);
    assert_true(fabs(f->bbox_east - truth_number(t, east, 1)) < 1e-9);
}

static void real_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct log_outcome o;
        print_message("# %s\n", samples[i].name);
        struct bytes in = log_read_sample(&o, dji_srt_read, "dji-srt", samples[i].name);
        struct truth t = truth_of(samples[i].name);
        const struct fact_flight *f = log_flight(&o, 0);

        assert_int_equal(o.status, PARSE_OK);
        assert_int_equal(f->points, samples[i].broken ? samples[i].points : (int64_t)truth_number(&t, "points", 0));
        assert_int_equal(o.reading.damage_count, samples[i].damage);
        check_pairs(&o, in, samples[i].latitude_first);
        if (!samples[i].broken && f->points > 0)
            check_extremes(f, &t);
        if (text_known(f->start_local) && truth_has(&t, "DATE")) {
            char start[48];
            snprintf(start, sizeof start, "%.*sZ", (int)f->start_local.len, f->start_local.at);
            /* the other program guesses a zone from the place: the rest must agree to the millisecond */
            const int64_t apart_ms = log_time(start) / 1000000 - (int64_t)truth_number(&t, "DATE", 0);
            assert_int_equal(apart_ms % (15 * 60 * 1000), 0);
            assert_true(llabs(apart_ms) <= 14 * 3600 * 1000);
        }
        truth_done(&t);
        log_done(&o);
        exact_copy_free(in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_generation),
        cmocka_unit_test(labels_at_every_place),
        cmocka_unit_test(a_zero_may_be_a_number),
        cmocka_unit_test(home_is_a_place_of_its_own),
        cmocka_unit_test(nothing_is_made_up_without_positions),
        cmocka_unit_test(not_available_is_no_damage),
        cmocka_unit_test(numbers_prove_the_order),
        cmocka_unit_test(missing_and_cut_subtitles_are_damage),
        cmocka_unit_test(subtitles_that_became_one),
        cmocka_unit_test(a_file_that_begins_inside_a_subtitle),
        cmocka_unit_test(other_subtitles_are_none),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
