#include "flightlog/track_xml.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/timestamp.h"
#include "base/xml_read.h"
#include "flightlog/flight_rows.h"
#include "flightlog/log_clock.h"
#include "flightlog/track_place.h"

enum { LOOK_BYTES = 16 * 1024, PASSED_STEP = 1 << 20 };

enum point_kind { POINT_NONE, POINT_TRACK, POINT_ROUTE, POINT_WAY };

struct gpx {
    struct reading *r;
    struct bytes whole;
    struct xml_reader xml;
    struct flight_rows rows;       /* of the track that is open, or of none */
    bool track_open, track_put;
    uint64_t track_from;
    struct text creator, track_name; /* the name as written */

    enum point_kind kind;          /* the point that is open */
    size_t point_depth;
    uint64_t point_from;
    struct flight_point at;
    struct flight_time time;
    struct text name;
    int64_t segments, pauses, points_without_place, targets;
};

static double real_of(struct bytes value)
{
    double v;

    return text_to_real(text_of_bytes(value), &v) ? v : FACT_UNKNOWN_REAL;
}

static void open_track(struct gpx *g, uint64_t from)
{
    flight_rows_begin(&g->rows, g->r, "gpx");
    g->rows.paced = true;
    g->track_open = true;
    g->track_from = from;
    g->track_name = TEXT_UNKNOWN;
    g->segments = g->points_without_place = 0;
}

static void close_track(struct gpx *g, uint64_t to)
{
    struct flight_rows *f = &g->rows;

    if (!g->track_open)
        return;
    g->track_open = false;
    g->track_put = true;
    flight_rows_note(f, "A GPX track. It does not say what moved along it, nor what its heights count from: it is "
                     "taken to be the aircraft's.");
    track_note_name(f, g->track_name);
    if (g->segments > 1)
        flight_rows_note(f, "It has %" PRId64 " segments: between them it was not recorded.", g->segments);
    if (g->points_without_place > 0)
        flight_rows_note(f, "%" PRId64 " points hold no place.", g->points_without_place);
    if (f->path.points > 0 && !f->time_basis)
        flight_rows_note(f, "Its points have no times.");
    f->row.app = g->creator;
    flight_rows_end(f, bytes_part(g->whole, g->track_from - g->whole.origin, to - g->track_from));
}

static void put_target(struct gpx *g, struct bytes at)
{
    const char *subject = g->kind == POINT_WAY ? track_place_subject(g->name) : "target";

    if (track_place_put(g->r, g->track_open ? &g->rows : NULL, subject, at, g->at, "unknown", &g->time))
        g->targets++;
}

static void close_point(struct gpx *g, uint64_t to)
{
    const struct bytes at = bytes_part(g->whole, g->point_from - g->whole.origin, to - g->point_from);

    if (isnan(g->at.longitude_deg) || isnan(g->at.latitude_deg)) {
        g->points_without_place++;
        reading_damage(g->r, g->point_from, (int64_t)at.len, 1, "a point without a readable place");
    } else if (g->kind == POINT_TRACK) {
        flight_rows_put(&g->rows, "aircraft", at, g->at, "unknown", &g->time);
    } else {
        put_target(g, at);
    }
    g->kind = POINT_NONE;
}

static void open_point(struct gpx *g, enum point_kind kind, uint64_t from)
{
    if (g->kind != POINT_NONE) /* the end of the one before is lost */
        close_point(g, from);
    if (kind == POINT_TRACK && !g->track_open)
        open_track(g, from); /* a piece of a file: what opened the track is lost */
    g->kind = kind;
    g->point_depth = g->xml.depth;
    g->point_from = from;
    g->at = (struct flight_point){ FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL };
    g->time = FLIGHT_TIME_UNKNOWN;
    g->name = TEXT_UNKNOWN;
}

static void take_attribute(struct gpx *g, const struct xml_token *t)
{
    if (g->kind != POINT_NONE && g->xml.depth == g->point_depth) {
        if (text_equal(t->name.local, TEXT("lat")))
            g->at.latitude_deg = real_of(t->value);
        else if (text_equal(t->name.local, TEXT("lon")))
            g->at.longitude_deg = real_of(t->value);
    } else if (g->xml.depth == 1 && text_equal(t->name.local, TEXT("creator"))) {
        g->creator = xml_text(g->r->arena, t->value);
    }
}

static void take_text(struct gpx *g, const struct xml_token *t)
{
    const struct text name = t->name.local;

    if (g->kind != POINT_NONE) {
        if (g->xml.depth != g->point_depth + 1) /* extensions say other things under the same names */
            return;
        if (text_equal(name, TEXT("ele")))
            g->at.altitude_m = real_of(t->value);
        else if (text_equal(name, TEXT("time")))
            g->time = track_time(text_of_bytes(t->value));
        else if (text_equal(name, TEXT("name")))
            g->name = text_of_bytes(t->value);
    } else if (g->track_open && !text_known(g->track_name) && text_equal(name, TEXT("name"))) {
        g->track_name = text_of_bytes(t->value);
    }
}

static void take_open(struct gpx *g, const struct xml_token *t)
{
    const struct text name = t->name.local;

    if (name.len == 5 && text_equal(name, TEXT("trkpt"))) {
        open_point(g, POINT_TRACK, t->origin);
    } else if (text_equal(name, TEXT("rtept"))) {
        open_point(g, POINT_ROUTE, t->origin);
    } else if (text_equal(name, TEXT("wpt"))) {
        open_point(g, POINT_WAY, t->origin);
    } else if (text_equal(name, TEXT("trkseg"))) {
        g->segments++;
    } else if (text_equal(name, TEXT("trk"))) {
        close_track(g, t->origin);
        open_track(g, t->origin);
    }
}

static void take_close(struct gpx *g, const struct xml_token *t)
{
    if (g->kind != POINT_NONE && g->xml.depth < g->point_depth)
        close_point(g, t->end);
    else if (text_equal(t->name.local, TEXT("trk")))
        close_track(g, t->end);
}

bool gpx_recognise(struct bytes whole)
{
    return track_root_is(bytes_part(whole, 0, LOOK_BYTES), TEXT("gpx"));
}

/* A document of waypoints alone, or of nothing: it still says who wrote it. */
static void put_empty(struct gpx *g)
{
    if (g->track_put)
        return;
    flight_rows_begin(&g->rows, g->r, "gpx");
    flight_rows_note(&g->rows, "A GPX document without a track; %" PRId64 " way and route points.", g->targets);
    g->rows.row.app = g->creator;
    flight_rows_end(&g->rows, g->whole);
}

enum parse_status gpx_read(struct reading *r, struct bytes whole)
{
    struct gpx *g;
    struct xml_token t;
    uint64_t passed = 0, broken = 0;

    if (!gpx_recognise(whole) || !(g = arena_alloc(r->arena, 1, sizeof *g)))
        return PARSE_INVALID;
    *g = (struct gpx){ .r = r, .whole = whole, .creator = TEXT_UNKNOWN };
    track_report_zeros(r, whole);
    for (xml_init(&g->xml, whole); xml_next(&g->xml, &t); ) {
        track_report_broken(r, &g->xml, &broken);
        switch (t.kind) {
        case XML_OPEN:      take_open(g, &t); break;
        case XML_ATTRIBUTE: take_attribute(g, &t); break;
        case XML_TEXT:      take_text(g, &t); break;
        case XML_CLOSE:     take_close(g, &t); break;
        }
        if (r->passed && g->xml.rest.origin - whole.origin - passed >= PASSED_STEP && g->kind == POINT_NONE) {
            passed = g->xml.rest.origin - whole.origin;
            r->passed(r, g->xml.rest.origin);
        }
    }
    track_report_broken(r, &g->xml, &broken);
    track_report_end(r, &g->xml, g->kind != POINT_NONE, g->point_from);
    close_track(g, whole.origin + whole.len);
    put_empty(g);
    return PARSE_OK;
}
