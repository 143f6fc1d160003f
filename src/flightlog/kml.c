/* <Placemark> holds a name and one geometry:
 *   <Point><coordinates>lon,lat,alt</coordinates></Point>, with <TimeStamp><when> when each fix is a placemark of its
 * own
 *   <LineString><coordinates>lon,lat,alt lon,lat,alt ...</coordinates></LineString>
 *   <gx:Track> (KML 2.3: <Track>) <when>time</when>... <gx:coord>lon lat alt</gx:coord>... </gx:Track>, the nth of
 * both together; an empty one is a time or a place that is not known (OGC 12-007r2, 12.8.3)  <altitudeMode>:
 * clampToGround (the default), relativeToGround, absolute (above sea level). */
#include "flightlog/track_xml.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flightlog/track_place.h"

enum { LOOK_BYTES = 16 * 1024, PASSED_STEP = 1 << 20, NAME_SHOWN_MAX = 200 };

static const struct flight_time no_time = { FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, NULL };

enum geometry { GEOMETRY_NONE, GEOMETRY_POINT, GEOMETRY_LINE, GEOMETRY_TRACK, GEOMETRY_SHAPE };

struct kml {
    struct reading *r;
    struct bytes whole;
    struct xml_reader xml;
    uint64_t passed;

    struct flight_rows path;        /* of lines and tracks */
    struct flight_rows points;      /* of placemarks with a place and a time */
    bool path_open, points_open;
    uint64_t path_from, points_from;
    bool path_is_line;
    struct flight_point line_end;

    uint64_t placemark_from;
    struct text name, path_name;    /* as written */
    struct flight_time when;        /* of the placemark */
    struct flight_point at;         /* of its point */
    bool has_point;

    enum geometry geometry;
    size_t geometry_depth;
    size_t coordinates_depth;       /* of the line's; 0: none is open */
    const char *alt_ref;            /* by the geometry's altitude mode; NULL: on the ground */
    struct xml_reader whens;        /* reads the track's times, beside its coordinates, where all times come first */
    struct flight_time last_when;   /* where they take turns: the one ahead of the coordinates */
    int64_t whens_seen, coords_seen; /* of the track */
    bool empty, whens_empty;        /* a time or place of the track was opened and nothing seen in it yet; by the other reader */
    int64_t timeless, placeless;    /* of the path: places whose time is empty, times whose place is */
    uint64_t track_read;            /* what is before this of the track was let go */
    bool times_first, line_goes_on; /* line_goes_on: a piece of this geometry's coordinates was read */
    int64_t shapes, links, unreadable, lonely_points, over_ground;
    struct text first_link;
};

/* Flights */

static void open_path(struct kml *k, uint64_t from, bool is_line)
{
    flight_rows_begin(&k->path, k->r, "kml");
    k->path.paced = true;
    k->path_open = true;
    k->path_is_line = is_line;
    k->path_from = from;
    k->path_name = k->name;
}

static void end_flight(struct kml *k, struct flight_rows *f, const char *what, struct text name, uint64_t from,
                       uint64_t to)
{
    flight_rows_note(f, "%s It does not say what moved along it: it is taken to be the aircraft.", what);
    track_note_name(f, name);
    if (k->over_ground > 0)
        flight_rows_note(f, "Heights count from the ground below, or the file says to draw it on the ground.");
    k->over_ground = 0;
    if (f == &k->path && k->placeless > 0)
        flight_rows_note(f, "%" PRId64 " of its times have no place.", k->placeless);
    if (f == &k->path && k->timeless > 0)
        flight_rows_note(f, "%" PRId64 " of its places have no time.", k->timeless);
    k->placeless = k->timeless = 0;
    if (f->path.points > 0 && !f->time_basis)
        flight_rows_note(f, "Its points have no times.");
    flight_rows_end(f, bytes_part(k->whole, from - k->whole.origin, to - from));
}

static void close_path(struct kml *k, uint64_t to)
{
    if (!k->path_open)
        return;
    k->path_open = false;
    end_flight(k, &k->path, k->path_is_line ? "A line in a KML document." : "A track in a KML document.", k->path_name,
               k->path_from, to);
}

/* Coordinates */

static void skip_blanks(struct text *t)
{
    while (t->len > 0 && memchr(" \t\r\n", t->at[0], 4)) {
        t->at++;
        t->len--;
    }
}

static bool take_number(struct text *t, double *ret)
{
    skip_blanks(t);
    return text_take_real(t, ret);
}

static bool take_comma(struct text *t)
{
    if (t->len == 0 || t->at[0] != ',')
        return false;
    t->at++;
    t->len--;
    return true;
}

/* Heights of a path that is drawn on the ground are zeros, which say nothing. */
static void set_altitude(struct kml *k, struct flight_point *p, double altitude_m)
{
    if (!k->alt_ref && altitude_m == 0)
        return;
    p->altitude_m = altitude_m;
    k->over_ground += !k->alt_ref || strcmp(k->alt_ref, "unknown") == 0;
}

/* "lon,lat" or "lon,lat,alt". */
static bool take_tuple(struct kml *k, struct text *t, struct flight_point *ret)
{
    double altitude_m;

    ret->altitude_m = FACT_UNKNOWN_REAL;
    if (!take_number(t, &ret->longitude_deg) || !take_comma(t) || !take_number(t, &ret->latitude_deg))
        return false;
    if (take_comma(t) && take_number(t, &altitude_m))
        set_altitude(k, ret, altitude_m);
    return true;
}

static void complain_of_tuple(struct kml *k, struct text *rest, uint64_t origin)
{
    size_t n = 0;

    while (n < rest->len && !memchr(" \t\r\n", rest->at[n], 4))
        n++;
    k->unreadable++;
    reading_damage(k->r, origin, (int64_t)n, 1, "coordinates that are no numbers");
    rest->at += n + (n == 0 && rest->len > 0);
    rest->len -= n + (n == 0 && rest->len > 0);
}

/* Of a track whose times all come first both lists are gone through at once, and twice the times: what lies behind
 * either place is let go, or the file's half would stay. */
static void let_go(struct kml *k, uint64_t *from, uint64_t origin)
{
    if (!k->r->let_go || origin < *from + PASSED_STEP)
        return;
    k->r->let_go(k->r, bytes_part(k->whole, *from - k->whole.origin, origin - *from));
    *from = origin;
}

static void pass(struct kml *k, uint64_t origin)
{
    if (k->r->passed && origin - k->whole.origin >= k->passed + PASSED_STEP) {
        k->passed = origin - k->whole.origin;
        k->r->passed(k->r, origin);
    }
}

/* A line that goes on where the one before ended is the same flight: programs colour each step of a path. */
static void join_or_open(struct kml *k, struct flight_point first)
{
    const bool joins = k->path_open && k->path_is_line && k->line_end.longitude_deg == first.longitude_deg &&
                       k->line_end.latitude_deg == first.latitude_deg;

    if (joins)
        return;
    close_path(k, k->placemark_from);
    open_path(k, k->placemark_from, true);
}

static void take_line(struct kml *k, struct bytes value)
{
    struct text rest = text_of_bytes(value);
    bool first = !k->line_goes_on; /* damage parts the text into pieces */

    skip_blanks(&rest);
    while (rest.len > 0) {
        const uint64_t from = value.origin + (value.len - rest.len);
        struct flight_point p;
        if (take_tuple(k, &rest, &p)) {
            const uint64_t to = value.origin + (value.len - rest.len);
            const bool opened = first && k->path_open;
            if (first)
                join_or_open(k, p);
            const bool repeated = opened && k->path.path.points > 0 && k->line_end.longitude_deg == p.longitude_deg &&
                                  k->line_end.latitude_deg == p.latitude_deg;
            first = false;
            k->line_goes_on = true;
            k->line_end = p;
            if (!repeated)
                flight_rows_put(&k->path, "aircraft", bytes_part(value, from - value.origin, to - from), p,
                                k->alt_ref ? k->alt_ref : "unknown", &no_time);
            pass(k, from);
        } else {
            complain_of_tuple(k, &rest, from);
        }
        skip_blanks(&rest);
    }
}

static struct flight_time next_when(struct kml *k)
{
    struct xml_token t;

    while (k->whens.depth >= k->geometry_depth && xml_next(&k->whens, &t)) {
        const bool is_when = text_equal(t.name.local, TEXT("when")), was_empty = k->whens_empty;
        if (t.kind != XML_ATTRIBUTE)
            k->whens_empty = t.kind == XML_OPEN && is_when;
        if (is_when && t.kind == XML_TEXT)
            return track_time(text_of_bytes(t.value));
        if (is_when && t.kind == XML_CLOSE && was_empty)
            return FLIGHT_TIME_UNKNOWN;
    }
    return FLIGHT_TIME_UNKNOWN;
}

/* The time of the next place of the track. */
static struct flight_time take_place(struct kml *k)
{
    if (k->coords_seen++ == 0)
        k->times_first = k->whens_seen > 1;
    const struct flight_time time = k->times_first ? next_when(k) : k->last_when;
    k->last_when = no_time;
    return time;
}

/* <when/> and <gx:coord/> */
static void take_empty(struct kml *k, struct text name)
{
    if (text_equal(name, TEXT("coord"))) {
        take_place(k);
        k->placeless++;
    } else if (text_equal(name, TEXT("when"))) {
        k->whens_seen++;
        k->timeless++;
    }
}

static void take_coord(struct kml *k, struct bytes value)
{
    struct text rest = text_of_bytes(value);
    struct flight_point p = { .altitude_m = FACT_UNKNOWN_REAL };
    const struct flight_time time = take_place(k);
    double altitude_m;

    if (!take_number(&rest, &p.longitude_deg) || !take_number(&rest, &p.latitude_deg)) {
        k->unreadable++;
        reading_damage(k->r, value.origin, (int64_t)value.len, 1, "coordinates that are no numbers");
        return;
    }
    if (take_number(&rest, &altitude_m))
        set_altitude(k, &p, altitude_m);
    flight_rows_put(&k->path, "aircraft", value, p, k->alt_ref ? k->alt_ref : "unknown", &time);
    let_go(k, &k->track_read, value.origin);
    pass(k, k->times_first && k->whens.rest.origin < value.origin ? k->whens.rest.origin : value.origin);
}

/* Elements */

static enum geometry geometry_of(struct text name)
{
    static const struct { struct text name; enum geometry geometry; } names[] = {
        { TEXT_INIT("Point"), GEOMETRY_POINT }, { TEXT_INIT("LineString"), GEOMETRY_LINE },
        { TEXT_INIT("Track"), GEOMETRY_TRACK },
        { TEXT_INIT("Polygon"), GEOMETRY_SHAPE }, { TEXT_INIT("LinearRing"), GEOMETRY_SHAPE }, { TEXT_INIT("Model"), GEOMETRY_SHAPE },
        { TEXT_INIT("GroundOverlay"), GEOMETRY_SHAPE },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal(name, names[i].name))
            return names[i].geometry;
    return GEOMETRY_NONE;
}

static void open_geometry(struct kml *k, enum geometry geometry, uint64_t origin)
{
    k->geometry = geometry;
    k->geometry_depth = k->xml.depth;
    k->alt_ref = NULL;
    k->line_goes_on = false;
    k->coordinates_depth = 0;
    k->whens_seen = k->coords_seen = 0;
    k->last_when = no_time;
    k->empty = k->whens_empty = false;
    k->shapes += geometry == GEOMETRY_SHAPE;
    if (geometry != GEOMETRY_TRACK)
        return;
    k->whens = k->xml;
    k->track_read = k->xml.rest.origin;
    if (k->path_open && !k->path_is_line && k->path_from == k->placemark_from)
        return; /* another piece of the same placemark */
    close_path(k, k->placemark_from ? k->placemark_from : origin);
    open_path(k, k->placemark_from ? k->placemark_from : origin, false);
}

static void take_open(struct kml *k, const struct xml_token *t)
{
    const struct text name = t->name.local;

    k->empty = k->geometry == GEOMETRY_TRACK && (text_equal(name, TEXT("when")) || text_equal(name, TEXT("coord")));
    if (k->geometry == GEOMETRY_LINE && k->coordinates_depth == 0 && text_equal(name, TEXT("coordinates")))
        k->coordinates_depth = k->xml.depth;
    if (k->geometry != GEOMETRY_NONE)
        return;
    if (text_equal(name, TEXT("Placemark"))) {
        k->placemark_from = t->origin;
        k->name = TEXT_UNKNOWN;
        k->when = FLIGHT_TIME_UNKNOWN;
        k->has_point = false;
        return;
    }
    const enum geometry geometry = geometry_of(name);
    if (geometry != GEOMETRY_NONE)
        open_geometry(k, geometry, t->origin);
}

static const char *reference_of(struct text mode)
{
    if (text_equal(mode, TEXT("absolute")))
        return "msl";
    return text_equal(mode, TEXT("clampToGround")) || text_equal(mode, TEXT("clampToSeaFloor")) ? NULL : "unknown";
}

static void take_link(struct kml *k, struct bytes value)
{
    const struct text address = xml_text(k->r->arena, value);

    if (!text_starts_with(address, TEXT("http")))
        return;
    if (k->links++ == 0)
        k->first_link = arena_text(k->r->arena, address);
}

static void take_text(struct kml *k, const struct xml_token *t)
{
    const struct text name = t->name.local;

    k->empty = false;
    if (text_equal(name, TEXT("coord")) && k->geometry == GEOMETRY_TRACK) {
        take_coord(k, t->value);
    } else if (k->geometry == GEOMETRY_LINE && k->coordinates_depth > 0 && k->xml.depth > k->coordinates_depth) {
        take_line(k, t->value); /* what looked like a tag is noise: nothing lies inside coordinates */
    } else if (text_equal(name, TEXT("coordinates"))) {
        struct text rest = text_of_bytes(t->value);
        if (k->geometry == GEOMETRY_LINE)
            take_line(k, t->value);
        else if (k->geometry == GEOMETRY_POINT && !(k->has_point = take_tuple(k, &rest, &k->at)))
            complain_of_tuple(k, &rest, t->value.origin);
    } else if (text_equal(name, TEXT("altitudeMode"))) {
        k->alt_ref = reference_of(text_of_bytes(t->value));
    } else if (text_equal(name, TEXT("when")) && k->geometry == GEOMETRY_TRACK) {
        k->whens_seen++;
        if (!k->times_first)
            k->last_when = track_time(text_of_bytes(t->value));
        let_go(k, &k->track_read, t->value.origin);
    } else if (text_equal(name, TEXT("when")) && k->geometry == GEOMETRY_NONE) {
        k->when = track_time(text_of_bytes(t->value));
    } else if (text_equal(name, TEXT("name")) && k->geometry == GEOMETRY_NONE) {
        k->name = text_of_bytes(t->value);
    } else if (text_equal(name, TEXT("href"))) {
        take_link(k, t->value);
    }
}

static void put_point(struct kml *k, struct bytes at)
{
    const char *subject = text_known(k->name) ? track_place_subject(k->name) : "target";
    const char *alt_ref = k->alt_ref ? k->alt_ref : "unknown";

    if (!k->when.basis || strcmp(subject, "target") != 0) {
        k->lonely_points += track_place_put(k->r, NULL, subject, at, k->at, alt_ref, &k->when);
        return;
    }
    if (!k->points_open) {
        flight_rows_begin(&k->points, k->r, "kml");
        k->points.paced = true;
        k->points_open = true;
        k->points_from = at.origin;
    }
    flight_rows_put(&k->points, "aircraft", at, k->at, alt_ref, &k->when);
}

/* Where all times come first, one that is lost moves all that follow. */
static void compare_counts(struct kml *k, uint64_t origin)
{
    if (k->geometry == GEOMETRY_TRACK && k->whens_seen > 0 && k->whens_seen != k->coords_seen)
        reading_damage(k->r, origin, FACT_UNKNOWN_INT, llabs(k->whens_seen - k->coords_seen),
                       "a track of %" PRId64 " times and %"
                       PRId64 " places: %s", k->whens_seen, k->coords_seen, k->times_first ?
                       "behind what is missing, times belong to other places than told" : "some have lost the other");
}

static void take_close(struct kml *k, const struct xml_token *t)
{
    if (k->empty)
        take_empty(k, t->name.local);
    k->empty = false;
    if (k->xml.depth < k->coordinates_depth)
        k->coordinates_depth = 0;
    if (k->geometry != GEOMETRY_NONE && k->xml.depth < k->geometry_depth)
        compare_counts(k, t->origin);
    if (k->geometry != GEOMETRY_NONE && k->xml.depth < k->geometry_depth)
        k->geometry = GEOMETRY_NONE;
    if (!text_equal(t->name.local, TEXT("Placemark")))
        return;
    if (k->has_point)
        put_point(k, bytes_part(k->whole, k->placemark_from - k->whole.origin, t->end - k->placemark_from));
    k->has_point = false;
    k->name = TEXT_UNKNOWN; /* names behind it are of other things */
    pass(k, t->end);
}

static void note_document(struct kml *k, struct flight_rows *f)
{
    const int shown = (int)(k->first_link.len < NAME_SHOWN_MAX ? k->first_link.len : NAME_SHOWN_MAX);

    if (k->lonely_points > 0)
        flight_rows_note(f, "The document has %" PRId64 " single points.", k->lonely_points);
    if (k->shapes > 0)
        flight_rows_note(f, "The document has %" PRId64 " areas, models or overlays, which are not read.", k->shapes);
    if (k->links > 0)
        flight_rows_note(f, "A viewer would open %" PRId64 " links of the document, the first to %.*s; leash does "
                         "not.", k->links, shown,
                         k->first_link.at);
}

/* The flights that are still open; what else the document holds is said with the last, or with one of no points. */
static void put_rest(struct kml *k)
{
    const uint64_t end = k->whole.origin + k->whole.len;

    if (k->path_open && k->points_open)
        close_path(k, end);
    if (k->path_open) {
        note_document(k, &k->path);
        close_path(k, end);
    } else if (k->points_open) {
        note_document(k, &k->points);
        end_flight(k, &k->points, "Points with times, each a placemark of its own, in a KML document.", TEXT_UNKNOWN,
                   k->points_from, end);
    } else {
        flight_rows_begin(&k->path, k->r, "kml");
        flight_rows_note(&k->path, "A KML document without a path.");
        note_document(k, &k->path);
        flight_rows_end(&k->path, k->whole);
    }
}

bool kml_recognise(struct bytes whole)
{
    return track_root_is(bytes_part(whole, 0, LOOK_BYTES), TEXT("kml"));
}

enum parse_status kml_read(struct reading *r, struct bytes whole)
{
    struct kml *k;
    struct xml_token t;
    uint64_t broken = 0;

    if (!kml_recognise(whole) || !(k = arena_alloc(r->arena, 1, sizeof *k)))
        return PARSE_INVALID;
    *k = (struct kml){ .r = r, .whole = whole, .name = TEXT_UNKNOWN, .first_link = TEXT_UNKNOWN,
                       .when = FLIGHT_TIME_UNKNOWN };
    track_report_zeros(r, whole);
    for (xml_init(&k->xml, whole); xml_next(&k->xml, &t); ) {
        track_report_broken(r, &k->xml, &broken);
        switch (t.kind) {
        case XML_OPEN:      take_open(k, &t); break;
        case XML_ATTRIBUTE: break;
        case XML_TEXT:      take_text(k, &t); break;
        case XML_CLOSE:     take_close(k, &t); break;
        }
    }
    compare_counts(k, k->xml.rest.origin);
    track_report_broken(r, &k->xml, &broken);
    track_report_end(r, &k->xml, false, 0);
    put_rest(k);
    return PARSE_OK;
}
