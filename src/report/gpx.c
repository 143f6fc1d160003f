#include "report/gpx.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/path.h"
#include "report/xml_write.h"

struct gpx {
    struct fact_case *c;
    FILE *out;
};

/* The schema's longitudes are below 180. */
static void put_place(FILE *out, const char *element, const struct path_point *p)
{
    fprintf(out, "<%s lat=\"", element);
    xml_put_degrees(out, p->latitude_deg);
    fputs("\" lon=\"", out);
    xml_put_degrees(out, p->longitude_deg > 179.9999999994 ? -180 : p->longitude_deg);
    fputs("\">", out);
    if (!isnan(p->altitude_m)) {
        fputs("<ele>", out);
        xml_put_metres(out, p->altitude_m);
        fputs("</ele>", out);
    }
    xml_put_element(out, "time", p->time);
}

static void put_heights(FILE *out, const char *alt_ref)
{
    fputs("heights: ", out);
    xml_put_text(out, alt_ref ? text_of(alt_ref) : TEXT("unknown"));
}

static void put_tried_on(FILE *out, const char *tried_on)
{
    if (tried_on)
        fprintf(out, "; the log is of a form that is %s", tried_on);
}

static int put_track_point(void *user, const struct path_point *p)
{
    struct gpx *g = user;

    put_place(g->out, "trkpt", p);
    fputs("</trkpt>\n", g->out);
    return 0;
}

static int put_track(void *user, const struct path *path)
{
    struct gpx *g = user;

    fputs("<trk><name>", g->out);
    xml_put_text(g->out, text_of(path->subject));
    putc(' ', g->out);
    xml_put_text(g->out, text_of(path->flight));
    fputs("</name><desc>", g->out);
    put_heights(g->out, path->alt_ref);
    if (path->serial) {
        fputs("; aircraft ", g->out);
        xml_put_text(g->out, text_of(path->serial));
    }
    if (path->start_local) {
        fputs("; begins at ", g->out);
        xml_put_text(g->out, text_of(path->start_local));
        fputs(" of a clock whose zone is not known", g->out);
    }
    put_tried_on(g->out, path->tried_on);
    fputs("</desc>", g->out);
    xml_put_element(g->out, "src", path->format);
    fputs("<trkseg>\n", g->out);
    const int error = path_points(g->c, path, false, put_track_point, g);
    fputs("</trkseg></trk>\n", g->out);
    return error;
}

static int put_waypoint(void *user, const struct path_point *p)
{
    struct gpx *g = user;

    put_place(g->out, "wpt", p);
    xml_put_element(g->out, "name", strcmp(p->subject, "home") == 0 ? "take-off or home" : p->subject);
    fputs("<desc>", g->out);
    xml_put_text(g->out, text_of(p->id));
    if (!isnan(p->altitude_m)) {
        fputs("; ", g->out);
        put_heights(g->out, p->alt_ref);
    }
    put_tried_on(g->out, p->tried_on);
    fputs("</desc></wpt>\n", g->out);
    return 0;
}

int report_gpx_write(struct fact_case *c, FILE *out)
{
    struct gpx g = { .c = c, .out = out };

    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gpx version=\"1.1\" creator=\"leash\" "
          "xmlns=\"http://www.topografix.com/GPX/1/1\">\n", out);
    int error = single_points(c, put_waypoint, &g); /* the schema wants waypoints first */
    if (!error)
        error = paths_each(c, put_track, &g);
    fputs("</gpx>\n", out);
    return error ? error : ferror(out) ? -EIO : 0;
}
