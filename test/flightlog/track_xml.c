#include "flightlog/text_log.h"

#include <math.h>

#include "base/buffer.h"
#include "flightlog/track_xml.h"

#define READ_GPX(o, text) log_read_text(o, gpx_read, "gpx", text, sizeof text - 1)
#define READ_KML(o, text) log_read_text(o, kml_read, "kml", text, sizeof text - 1)

static const char gpx[] =
    "<?xml version=\"1.0\"?>\n<!-- <gpx> -->\n<!DOCTYPE gpx [<!ENTITY a \"aaaa\">]>\n"
    "<gpx version=\"1.1\" creator=\"A &amp; B\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n"
    "<metadata><name>not the track</name><time>2024-05-01T00:00:00Z</time></metadata>\n"
    "<wpt lat=\"45.4\" lon=\"-5.2\"><name>Take-off</name></wpt>\n<wpt lat=\"45.41\" lon=\"-5.21\"><name>Pilot</name></wpt>\n"
    "<rte><rtept lat='45.42' lon='-5.22'/></rte>\n"
    "<trk><name>One &lt;&a;&gt;</name><trkseg>\n"
    "<trkpt lat=\"45.5\" lon=\"-5.25\"><ele>12.5</ele><time>2024-05-01T09:30:00.250Z</time><extensions><x:p><ele>99</ele></x:p></extensions></trkpt>\n"
    "<trkpt lon=\"-5.26\" lat=\"45.6\"><ele>13.5</ele><time>2024-05-01T11:30:01+02:00</time></trkpt>\n"
    "</trkseg><trkseg><trkpt lat=\"0\" lon=\"0\"/><trkpt lat=\"45.7\" lon=\"-5.27\"><time>2024-05-01T09:30:02</time></trkpt></trkseg></trk>\n"
    "<trk><trkseg><trkpt lat=\"46.5\" lon=\"-5.25\"/><trkpt lat=\"x\" lon=\"1\"/></trkseg></trk>\n</gpx>\n";

static void gpx_tracks_and_points(void **state)
{
    struct log_outcome o;

    (void)state;
    READ_GPX(&o, gpx);
    assert_int_equal(o.status, PARSE_OK);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 2);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(f->points, 3);
    assert_int_equal(f->start, log_time("2024-05-01T09:30:00.25Z"));
    assert_int_equal(f->end, log_time("2024-05-01T09:30:01Z"));
    assert_text_equal(f->start_local, "2024-05-01T09:30:02");
    assert_text_equal(f->alt_ref, "unknown");
    assert_text_equal(f->app, "A & B");
    assert_true(log_says(f, "Its name is \"One <&a;>\"")); /* no entity is expanded */
    assert_true(log_says(f, "2 segments"));
    assert_true(log_says(f, "1 positions without a fix (0/0)"));
    assert_int_equal(log_flight(&o, 1)->points, 1);

    const struct fact_position *p = log_position(&o, "aircraft", 0);
    assert_place(p, -5.25, 45.5);
    assert_true(fabs(p->altitude_m - 12.5) < 1e-9);
    assert_text_equal(p->time_basis, "utc");
    assert_int_equal(p->head.origin.offset, strstr(gpx, "<trkpt lat=\"45.5\"") - gpx);
    assert_int_equal(log_position(&o, "aircraft", 2)->time, FACT_UNKNOWN_INT);
    assert_text_equal(log_position(&o, "aircraft", 2)->time_basis, "zone_unknown");
    assert_place(log_position(&o, "home", 0), -5.2, 45.4);
    assert_place(log_position(&o, "operator", 0), -5.21, 45.41);
    assert_place(log_position(&o, "target", 0), -5.22, 45.42);
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(log_damage(&o, 0)->head.origin.offset, strstr(gpx, "<trkpt lat=\"x\"") - gpx);
    log_done(&o);
}

static void waypoints_alone(void **state)
{
    static const char text[] = "<gpx creator='x'><wpt lat='45.4' lon='-5.2'/></gpx>";
    struct log_outcome o;

    (void)state;
    READ_GPX(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_true(log_says(log_flight(&o, 0), "without a track; 1 way and route points"));
    log_done(&o);
}

#define KML_HEAD "<?xml version='1.0' encoding='UTF-8'?>\n<kml xmlns='http://www.opengis.net/kml/2.2' xmlns:gx='http://www.google.com/kml/ext/2.2'><Document><name>D</name>"
static const char kml_track[] =
    KML_HEAD "<Placemark><name>Flight</name><gx:Track><altitudeMode>absolute</altitudeMode>\n"
    "<when>2024-05-01T09:30:00Z</when><when>2024-05-01T09:30:01Z</when><when>2024-05-01T09:30:02.5Z</when>\n"
    "<gx:coord>-5.25 45.5 100</gx:coord><gx:coord>-5.26 45.6 101.5</gx:coord><gx:coord>-5.27 45.7 102</gx:coord><gx:coord>-5.28 45.8</gx:coord>\n"
    "</gx:Track></Placemark>"
    "<Placemark><name>Home</name><Point><coordinates>-5.2,45.4,0</coordinates></Point></Placemark>"
    "<Placemark><name>Zone</name><Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4 5,6</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    "<NetworkLink><Link><href>http://tiles.example/x?a=1&amp;b=2</href></Link></NetworkLink></Document></kml>";

static void kml_tracks_have_times(void **state)
{
    struct log_outcome o;

    (void)state;
    READ_KML(&o, kml_track);
    const struct fact_flight *f = log_flight(&o, 0);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 1);
    assert_int_equal(o.reading.damage_count, 1); /* places without times, which KML does not have */
    assert_int_equal(log_damage(&o, 0)->records_lost, 1);
    assert_int_equal(f->points, 4);
    assert_text_equal(f->alt_ref, "msl");
    assert_int_equal(f->end, log_time("2024-05-01T09:30:02.5Z"));
    assert_true(fabs(log_position(&o, "aircraft", 1)->altitude_m - 101.5) < 1e-9);
    assert_int_equal(log_position(&o, "aircraft", 1)->time, log_time("2024-05-01T09:30:01Z"));
    assert_int_equal(log_position(&o, "aircraft", 3)->time, FACT_UNKNOWN_INT);
    assert_place(log_position(&o, "home", 0), -5.2, 45.4);
    assert_true(log_says(f, "Its name is \"Flight\""));
    assert_true(log_says(f, "1 areas, models or overlays, which are not read"));
    assert_true(log_says(f, "1 links of the document, the first to http://tiles.example/x?a=1&b=2; leash does not."));
    log_done(&o);
}

/* A ring that is in no polygon is an area as well. */
static void a_ring_alone(void **state)
{
    static const char text[] = KML_HEAD "<Placemark><LinearRing><coordinates>1,2 3,4 5,6</coordinates></LinearRing></Placemark></Document></kml>";
    struct log_outcome o;

    (void)state;
    READ_KML(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_true(log_says(log_flight(&o, 0), "1 areas, models or overlays, which are not read"));
    log_done(&o);
}

static size_t let_go_bytes;

static void count_let_go(struct reading *r, struct bytes part)
{
    (void)r;
    assert_true(part.len > 0 && part.at[0] != 0 && part.at[part.len - 1] != 0); /* it lies in the text */
    let_go_bytes += part.len;
}

/* A track of three megabytes whose times come first is not kept in memory while its two lists are gone through. */
static void kml_tracks_are_let_go(void **state)
{
    enum { POINTS = 32768, LEAST_LET_GO = 2 << 20 };
    struct buffer text;
    struct log_outcome o;

    (void)state;
    buffer_init(&text, 8 << 20);
    buffer_add_text(&text, TEXT(KML_HEAD "<Placemark><gx:Track>"));
    for (unsigned i = 0; i < POINTS; i++)
        buffer_printf(&text, "<when>2024-05-01T%02u:%02u:%02uZ</when>\n", 8 + i / 3600, i / 60 % 60, i % 60);
    for (unsigned i = 0; i < POINTS; i++)
        buffer_printf(&text, "<gx:coord>-5.25%04u 45.5%04u 100.5</gx:coord>\n", i % 10000, i % 10000);
    buffer_add_text(&text, TEXT("</gx:Track></Placemark></Document></kml>"));
    assert_false(text.overflowed);
    let_go_bytes = 0;
    kept_facts_init(&o.facts);
    o.reading = reading_for_test(&o.facts);
    o.reading.let_go = count_let_go;
    o.status = kml_read(&o.reading, (struct bytes){ .at = text.at, .len = text.len });
    assert_int_equal(log_flight(&o, 0)->points, POINTS);
    assert_int_equal(log_position(&o, "aircraft", POINTS - 1)->time, log_time("2024-05-01T17:06:07Z"));
    assert_in_range(let_go_bytes, LEAST_LET_GO, text.len);
    log_done(&o);
    buffer_done(&text);
}

static void kml_lines(void **state)
{
    static const char text[] =
        KML_HEAD "<Placemark><LineString><altitudeMode>relativeToGround</altitudeMode><coordinates>\n -5.25,45.5,10 -5.26,45.6,11\n</coordinates></LineString></Placemark>"
        "<Placemark><LineString><coordinates>-5.26,45.6,11 -5.27,45.7,12 oops -5.28,45.8</coordinates></LineString></Placemark>"
        "<Placemark><LineString><coordinates>1,2,0 3,4,0</coordinates></LineString></Placemark></Document></kml>";
    struct log_outcome o;

    (void)state;
    READ_KML(&o, text);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 2); /* the second line goes on where the first ends */
    assert_int_equal(log_flight(&o, 0)->points, 4);
    assert_text_equal(log_flight(&o, 0)->alt_ref, "unknown");
    assert_true(log_says(log_flight(&o, 0), "Heights count from the ground below"));
    assert_true(log_says(log_flight(&o, 0), "no times"));
    assert_int_equal(log_flight(&o, 1)->points, 2);
    assert_true(isnan(log_position(&o, "aircraft", 4)->altitude_m)); /* zeros of what is drawn on the ground */
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(log_damage(&o, 0)->head.origin.offset, strstr(text, "oops") - text);
    assert_int_equal(log_damage(&o, 0)->bytes_lost, 4);
    log_done(&o);
}

static void kml_goes_on_behind_noise_in_a_line(void **state)
{
    static const char text[] =
        KML_HEAD "<Placemark><LineString><coordinates>-5.25,45.5 -5.26,45.6 <q \x01=<zz>\x80</\x02 -5.27,45.7 -5.28,45.8 </nn> -5.29,45.9\n"
        "</coordinates></LineString></Placemark></Document></kml>";
    struct log_outcome o;

    (void)state;
    READ_KML(&o, text);
    assert_int_equal(kept_facts_count(&o.facts, FACT_FLIGHT), 1);
    assert_int_equal(log_flight(&o, 0)->points, 5);
    assert_place(log_position(&o, "aircraft", 4), -5.29, 45.9);
    assert_true(o.reading.damage_count >= 2);
    log_done(&o);
}

/* What stands in turns keeps its own times, whatever is lost before. */
static void kml_times_that_take_turns_stay_with_their_places(void **state)
{
    static const char text[] =
        KML_HEAD "<Placemark><gx:Track><when>2024-05-01T09:30:00Z</when><gx:coord>-5.25 45.5 1</gx:coord>"
        "<gx:coord>-5.26 45.6 1</gx:coord><when>2024-05-01T09:30:02Z</when><gx:coord>-5.27 45.7 1</gx:coord></gx:Track></Placemark></Document></kml>";
    struct log_outcome o;

    (void)state;
    READ_KML(&o, text);
    assert_int_equal(log_position(&o, "aircraft", 1)->time, FACT_UNKNOWN_INT);
    assert_int_equal(log_position(&o, "aircraft", 2)->time, log_time("2024-05-01T09:30:02Z"));
    assert_int_equal(o.reading.damage_count, 1);
    assert_int_equal(log_damage(&o, 0)->records_lost, 1);
    log_done(&o);
}

/* An empty time or place stands for one that is not known: the others keep theirs, in whichever order they come. */
static void kml_empty_times_and_places(void **state)
{
    static const char *const texts[] = {
        KML_HEAD "<Placemark><gx:Track><when>2024-05-01T09:30:00Z</when><when>2024-05-01T09:30:01Z</when><when/><when> </when><when>2024-05-01T09:30:04Z</when>"
        "<gx:coord/><gx:coord>-5.25 45.5 1</gx:coord><gx:coord>-5.26 45.6 1</gx:coord><gx:coord></gx:coord><gx:coord>-5.27 45.7 1</gx:coord>"
        "</gx:Track></Placemark></Document></kml>",
        KML_HEAD "<Placemark><gx:Track><when>2024-05-01T09:30:00Z</when><gx:coord/><when>2024-05-01T09:30:01Z</when><gx:coord>-5.25 45.5 1</gx:coord>"
        "<when/><gx:coord>-5.26 45.6 1</gx:coord><when/><gx:coord/><when>2024-05-01T09:30:04Z</when><gx:coord>-5.27 45.7 1</gx:coord>"
        "</gx:Track></Placemark></Document></kml>",
    };
    struct log_outcome o;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        log_read_text(&o, kml_read, "kml", texts[i], strlen(texts[i]));
        assert_int_equal(o.reading.damage_count, 0);
        assert_int_equal(log_flight(&o, 0)->points, 3);
        assert_place(log_position(&o, "aircraft", 0), -5.25, 45.5);
        assert_int_equal(log_position(&o, "aircraft", 0)->time, log_time("2024-05-01T09:30:01Z"));
        assert_int_equal(log_position(&o, "aircraft", 1)->time, FACT_UNKNOWN_INT);
        assert_int_equal(log_position(&o, "aircraft", 2)->time, log_time("2024-05-01T09:30:04Z"));
        assert_true(log_says(log_flight(&o, 0), "2 of its times have no place. 2 of its places have no time."));
        log_cut_everywhere(kml_read, kml_recognise, texts[i], strlen(texts[i]));
        log_done(&o);
    }
}

/* A point that lost its end is over where the next one begins; and how long it is to the next is told. */
static void gpx_says_how_much_is_missing(void **state)
{
    char text[8192];
    int len = snprintf(text, sizeof text, "<gpx><trk><trkseg>");
    struct log_outcome o;

    (void)state;
    for (int i = 0; i < 40; i++)
        if (i < 21 || i > 25)
            len += snprintf(text + len, sizeof text - (size_t)len,
                            "<trkpt lat='45.%02d' lon='-5'><time>2024-05-01T09:30:%02dZ</time>%s", i, i,
                            i == 20 ? "" : "</trkpt>");
    snprintf(text + len, sizeof text - (size_t)len, "</trkseg></trk></gpx>");
    log_read(&o, gpx_read, (struct bytes){ .at = (const uint8_t *)text, .len = strlen(text) });
    assert_int_equal(log_flight(&o, 0)->points, 35);
    assert_int_equal(log_position(&o, "aircraft", 21)->time, log_time("2024-05-01T09:30:26Z"));
    bool told = log_says(log_flight(&o, 0), "1 times it is 3 times that or more, at most 6.000 s");
    for (int64_t i = 0; i < o.reading.damage_count; i++)
        told |= memmem(log_damage(&o, (size_t)i)->statement.at, log_damage(&o, (size_t)i)->statement.len,
                       "6.000 s pass", 12) != NULL;
    assert_true(told);
    log_done(&o);
}

/* Points twelve kilometres apart, so many seconds each; 0: without times. */
static void far_apart(char *to, size_t room, int seconds)
{
    enum { POINTS = 12 };
    size_t len = (size_t)snprintf(to, room, "<gpx><trk><trkseg>");

    for (int i = 0; i < POINTS; i++) {
        const int at = i * seconds;
        len += (size_t)snprintf(to + len, room - len, "<trkpt lat=\"41.5\" lon=\"%.3f\">", -5.25 + 0.144 * i);
        if (seconds > 0)
            len += (size_t)snprintf(to + len, room - len, "<time>2023-05-01T%02d:%02d:%02dZ</time>", 9 + at / 3600, at / 60 % 60,
                                    at % 60);
        len += (size_t)snprintf(to + len, room - len, "</trkpt>");
    }
    snprintf(to + len, room - len, "</trkseg></trk></gpx>");
}

static void far_points_are_damage_where_their_times_do_not_explain_them(void **state)
{
    static const struct { int seconds; size_t damage; } cases[] = { { 200, 0 }, { 1, 1 }, { 0, 0 } };
    char text[2048];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_outcome o;
        far_apart(text, sizeof text, cases[i].seconds);
        log_read_text(&o, gpx_read, "gpx", text, strlen(text));
        assert_int_equal(o.reading.damage_count, cases[i].damage);
        assert_int_equal(log_flight(&o, 0)->points, 12);
        assert_true(log_says(log_flight(&o, 0), "11 times the path leaps more than 2 km"));
        log_done(&o);
    }
}

static void kml_points_with_times_are_a_path(void **state)
{
    static const char text[] =
        KML_HEAD "<Folder><Placemark><TimeStamp><when>2024-05-01T09:30:00Z</when></TimeStamp><Point><coordinates>-5.25,45.5</coordinates></Point></Placemark>"
        "<Placemark><Point><coordinates>-5.26,45.6</coordinates></Point><TimeStamp><when>2024-05-01T09:30:01Z</when></TimeStamp></Placemark>"
        "<Placemark><name>somewhere</name><Point><coordinates>-5.3,45.3</coordinates></Point></Placemark></Folder></Document></kml>";
    struct log_outcome o;

    (void)state;
    READ_KML(&o, text);
    assert_int_equal(log_flight(&o, 0)->points, 2);
    assert_int_equal(log_flight(&o, 0)->end, log_time("2024-05-01T09:30:01Z"));
    assert_int_equal(log_count(&o, "target"), 1);
    log_done(&o);
}

static void other_documents_are_none(void **state)
{
    static const char *const texts[] = { "<html><body>gpx</body></html>", "gpx", "<gp", "<!-- <gpx",
                                         "see <gpx> and <kml>", "", "<svg><gpx/></svg>", "\xff\xfe<\0g\0" };

    (void)state;
    log_take_none(gpx_read, gpx_recognise, texts, sizeof texts / sizeof *texts);
    log_take_none(kml_read, kml_recognise, texts, sizeof texts / sizeof *texts);
}

static void cut_everywhere(void **state)
{
    (void)state;
    log_cut_everywhere(gpx_read, gpx_recognise, gpx, sizeof gpx - 1);
    log_cut_everywhere(kml_read, kml_recognise, kml_track, sizeof kml_track - 1);
}

/* Nothing follows the depth, and nothing is expanded. */
static void deep_and_wide(void **state)
{
    enum { DEPTH = 20000 };
    char *text = calloc(DEPTH, 16);
    struct log_outcome o;

    (void)state;
    assert_non_null(text);
    char *end = text + snprintf(text, 32, "<gpx><trk><trkseg>");
    for (int i = 0; i < DEPTH; i++)
        end += snprintf(end, 16, "<a b='%d'>", i % 10);
    log_read_text(&o, gpx_read, "gpx", text, (size_t)(end - text));
    assert_int_equal(log_flight(&o, 0)->points, 0);
    assert_int_equal(o.reading.damage_count, 1);
    log_done(&o);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gpx_tracks_and_points),
        cmocka_unit_test(waypoints_alone),
        cmocka_unit_test(kml_tracks_have_times), cmocka_unit_test(a_ring_alone),
        cmocka_unit_test(kml_tracks_are_let_go),
        cmocka_unit_test(kml_lines),
        cmocka_unit_test(far_points_are_damage_where_their_times_do_not_explain_them),
        cmocka_unit_test(kml_points_with_times_are_a_path),
        cmocka_unit_test(kml_goes_on_behind_noise_in_a_line),
        cmocka_unit_test(kml_times_that_take_turns_stay_with_their_places),
        cmocka_unit_test(kml_empty_times_and_places),
        cmocka_unit_test(gpx_says_how_much_is_missing),
        cmocka_unit_test(other_documents_are_none),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(deep_and_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
