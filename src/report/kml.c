#include "report/kml.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "report/path.h"
#include "report/xml_write.h"

struct kml {
    struct fact_case *c;
    FILE *out;
    char flight[64];    /* whose folder is open; empty: none */
};

/* What KML can say of heights.  The take-off's ground is the best that a viewer has for heights above it. */
static const char *altitude_mode(const char *alt_ref)
{
    if (alt_ref && (strcmp(alt_ref, "msl") == 0 || strcmp(alt_ref, "ellipsoid") == 0))
        return "absolute";
    return alt_ref && strcmp(alt_ref, "takeoff") == 0 ? "relativeToGround" : "clampToGround";
}

/* Viewers show values in balloons, which are HTML: what would be an element there is not one. */
static void put_data(FILE *out, const char *name, const char *value)
{
    if (!value)
        return;
    fprintf(out, "<Data name=\"%s\"><value>", name);
    for (const char *at = value; *at;) {
        const size_t plain = strcspn(at, "<>&");
        xml_put_text(out, (struct text){ .at = at, .len = plain });
        at += plain;
        if (*at)
            fprintf(out, "\\x%02x", *at++);
    }
    fputs("</value></Data>", out);
}

static void put_coordinates(FILE *out, const struct path_point *p, char separator)
{
    xml_put_degrees(out, p->longitude_deg);
    putc(separator, out);
    xml_put_degrees(out, p->latitude_deg);
    if (!isnan(p->altitude_m)) {
        putc(separator, out);
        xml_put_metres(out, p->altitude_m);
    }
}

static int put_when(void *user, const struct path_point *p)
{
    struct kml *k = user;

    fputs("<when>", k->out);
    xml_put_text(k->out, text_of(p->time));
    fputs("</when>\n", k->out);
    return 0;
}

static int put_track_coordinates(void *user, const struct path_point *p)
{
    struct kml *k = user;

    fputs("<gx:coord>", k->out);
    put_coordinates(k->out, p, ' ');
    fputs("</gx:coord>\n", k->out);
    return 0;
}

static int put_line_coordinates(void *user, const struct path_point *p)
{
    struct kml *k = user;

    put_coordinates(k->out, p, ',');
    putc('\n', k->out);
    return 0;
}

static int put_track(struct kml *k, const struct path *path)
{
    fprintf(k->out, "<gx:Track><altitudeMode>%s</altitudeMode>\n", altitude_mode(path->alt_ref));
    int error = path_points(k->c, path, true, put_when, k);
    if (!error)
        error = path_points(k->c, path, true, put_track_coordinates, k);
    fputs("</gx:Track>", k->out);
    return error;
}

static int put_line(struct kml *k, const struct path *path)
{
    fprintf(k->out, "<LineString><altitudeMode>%s</altitudeMode><coordinates>\n", altitude_mode(path->alt_ref));
    const int error = path_points(k->c, path, false, put_line_coordinates, k);
    fputs("</coordinates></LineString>", k->out);
    return error;
}

static void put_description(FILE *out, const char *alt_ref, const char *tried_on)
{
    fputs("<description>", out);
    if (alt_ref && strcmp(alt_ref, "takeoff") == 0)
        fputs("Heights count from the take-off; a viewer draws them from the ground below each point.", out);
    else if (alt_ref && strcmp(alt_ref, "ellipsoid") == 0)
        fputs("Heights count from the ellipsoid WGS-84, not from the sea.", out);
    else if (!alt_ref || strcmp(alt_ref, "unknown") == 0)
        fputs("What heights count from is not known; they are written, and drawn on the ground.", out);
    else
        fputs("Heights count from the sea.", out);
    if (tried_on)
        fprintf(out, " The log is of a form that is %s.", tried_on);
    fputs("</description>\n", out);
}

static void begin_placemark(struct kml *k, const struct path *path)
{
    fputs("<Placemark>", k->out);
    xml_put_element(k->out, "name", path->subject);
    put_description(k->out, path->alt_ref, path->tried_on);
    fprintf(k->out, "<styleUrl>#%s</styleUrl>\n<ExtendedData>", strcmp(path->subject, "aircraft") == 0 ? "aircraft" :
            "person");
    put_data(k->out, "flight", path->flight);
    put_data(k->out, "subject", path->subject);
    put_data(k->out, "alt_ref", path->alt_ref);
    put_data(k->out, "start_local", path->start_local);
    fputs("</ExtendedData>\n", k->out);
}

static void close_folder(struct kml *k)
{
    if (k->flight[0] != '\0')
        fputs("</Folder>\n", k->out);
    k->flight[0] = '\0';
}

/* "Flight of 2026-09-30 10:00 UTC": what somebody looks for in the list of a viewer. */
static void put_flight_name(struct kml *k, const char *flight)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(case_db(k->c), "SELECT coalesce(start, start_local), start IS NOT NULL FROM flight WHERE id = ?1", -1, &s, NULL) == SQLITE_OK)
        sqlite3_bind_text(s, 1, flight, -1, SQLITE_STATIC);
    const char *start = s && sqlite3_step(s) == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
    if (start && strlen(start) >= 16) {
        fputs("Flight of ", k->out);
        xml_put_text(k->out, (struct text){ .at = start, .len = 10 });
        putc(' ', k->out);
        xml_put_text(k->out, (struct text){ .at = start + 11, .len = 5 });
        fputs(sqlite3_column_int(s, 1) ? " UTC" : " by a clock whose zone is not known", k->out);
    } else {
        xml_put_text(k->out, text_of(flight));
    }
    sqlite3_finalize(s);
}

static void open_folder(struct kml *k, const struct path *path)
{
    if (strncmp(k->flight, path->flight, sizeof k->flight - 1) == 0)
        return;
    close_folder(k);
    snprintf(k->flight, sizeof k->flight, "%s", path->flight);
    fputs("<Folder><name>", k->out);
    put_flight_name(k, path->flight);
    fputs("</name>\n<ExtendedData>", k->out);
    put_data(k->out, "flight", path->flight);
    put_data(k->out, "format", path->format);
    put_data(k->out, "aircraft_serial", path->serial);
    put_data(k->out, "evidence", path->evidence);
    put_data(k->out, "tried_on", path->tried_on);
    fputs("</ExtendedData>\n", k->out);
}

static int put_path(void *user, const struct path *path)
{
    struct kml *k = user;
    int error = 0;

    open_folder(k, path);
    if (path->timed > 0) {
        begin_placemark(k, path);
        error = put_track(k, path);
        fputs("</Placemark>\n", k->out);
    }
    if (!error && path->timed < path->points) {
        begin_placemark(k, path);
        error = put_line(k, path);
        fputs("</Placemark>\n", k->out);
    }
    return error;
}

static int put_point(void *user, const struct path_point *p)
{
    struct kml *k = user;

    fputs("<Placemark>", k->out);
    xml_put_element(k->out, "name", strcmp(p->subject, "home") == 0 ? "take-off or home" : p->subject);
    if (p->time) {
        fputs("<TimeStamp>", k->out);
        xml_put_element(k->out, "when", p->time);
        fputs("</TimeStamp>", k->out);
    }
    fprintf(k->out, "<styleUrl>#%s</styleUrl><ExtendedData>",
            p->media ? "photo" : strcmp(p->subject, "aircraft") == 0 ? "aircraft" : "person");
    put_data(k->out, "id", p->id);
    put_data(k->out, "subject", p->subject);
    put_data(k->out, "flight", p->flight);
    put_data(k->out, "media", p->media);
    put_data(k->out, "evidence", p->evidence);
    put_data(k->out, "alt_ref", p->alt_ref);
    put_data(k->out, "time_local", p->time_local);
    put_data(k->out, "tried_on", p->tried_on);
    fprintf(k->out, "</ExtendedData><Point><altitudeMode>%s</altitudeMode><coordinates>", altitude_mode(p->alt_ref));
    put_coordinates(k->out, p, ',');
    fputs("</coordinates></Point></Placemark>\n", k->out);
    return 0;
}

/* Colours are written as alpha, blue, green, red.  No icon is named: one would be fetched. */
static void put_about(struct kml *k)
{
    static const struct { const char *id, *colour; } styles[] = { { "aircraft", "ff3030d0" }, { "person", "ffd07030" },
                                                                  { "photo", "ff50a030" } };
    struct arena *arena = arena_new(0);
    const struct text label = case_get(k->c, "label", arena), started = case_get(k->c, "started", arena);

    fputs("<name>", k->out);
    xml_put_text(k->out, label.len > 0 ? label : TEXT("leash"));
    fputs("</name>\n<description>Flights, photos and broadcasts with a place, from the evidence of an audit with leash",
          k->out);
    if (started.len >= 10) {
        fputs(" on ", k->out);
        xml_put_text(k->out, (struct text){ .at = started.at, .len = 10 });
    }
    fputs(".</description>\n", k->out);
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
        fprintf(k->out, "<Style id=\"%s\"><IconStyle><color>%s</color></IconStyle><LineStyle><color>%s</color><width>3</width></LineStyle></Style>\n",
                styles[i].id, styles[i].colour, styles[i].colour);
    arena_free(arena);
}

int report_kml_write(struct fact_case *c, FILE *out)
{
    struct kml k = { .c = c, .out = out };

    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<kml xmlns=\"http://www.opengis.net/kml/2.2\" "
              "xmlns:gx=\"http://www.google.com/kml/ext/2.2\">\n<Document>", out);
    put_about(&k);
    int error = paths_each(c, put_path, &k);
    close_folder(&k);
    if (!error)
        error = single_points(c, put_point, &k);
    fputs("</Document></kml>\n", out);
    return error ? error : ferror(out) ? -EIO : 0;
}
