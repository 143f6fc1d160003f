#include "story/photo_flight.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/timestamp.h"

/* Makers whose cameras on drones name them, and how such a model begins.  Hasselblad's L1D and L2D are those of Mavic 2
 * and 3. */
static const char *const flying_cameras[] = {
    "DJI FC", "DJI ZH20", "DJI H20", "DJI H30", "DJI M3", "DJI M30", "DJI M4", "DJI XT", "DJI MAVIC", "DJI PHANTOM", "DJI P4",
    "Hasselblad L1D", "Hasselblad L2D", "Autel", "Parrot", "PARROT", "Skydio", "Yuneec",
};

struct series_photo {
    struct text camera;
    bool local;
    int64_t time_ns;
    size_t nth;
};

static int by_camera_and_time(const void *a, const void *b)
{
    const struct series_photo *x = a, *y = b;
    const int cameras = text_compare(x->camera, y->camera);

    if (cameras)
        return cameras;
    if (x->local != y->local)
        return x->local ? 1 : -1;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return (x->nth > y->nth) - (x->nth < y->nth);
}

static bool flies(const struct source *photo)
{
    if (photo->names_aircraft)
        return true;
    for (size_t i = 0; i < sizeof flying_cameras / sizeof *flying_cameras; i++)
        if (text_starts_with(photo->camera, text_of(flying_cameras[i])))
            return true;
    return false;
}

static bool goes_on(const struct sources *s, const struct series_photo *a, const struct series_photo *b)
{
    const struct source *x = &s->at[a->nth], *y = &s->at[b->nth];
    const double apart_s = time_between_s(a->time_ns, b->time_ns);

    return text_equal(a->camera, b->camera) && a->local == b->local && apart_s <= PHOTO_FLIGHT_GAP_S &&
           place_distance_m(x->longitude_deg, x->latitude_deg, y->longitude_deg, y->latitude_deg) <=
               PHOTO_FLIGHT_SPEED_MPS * (apart_s + 1); /* clocks of whole seconds */
}

static size_t different_times(const struct series_photo *p, size_t count)
{
    size_t n = count > 0;

    for (size_t i = 1; i < count; i++)
        n += p[i].time_ns / NS_PER_S != p[i - 1].time_ns / NS_PER_S;
    return n;
}

/* "media-0123456789ab-1" gives "flight-0123456789ab-1-photos". */
static struct text id_of_flight(struct sources *s, struct text media)
{
    const size_t kind = sizeof "media-" - 1;

    return arena_printf(s->arena, "flight-%.*s-photos", media.len > kind ? (int)(media.len - kind) : 0,
                        media.at + kind);
}

static bool add_flight(struct joining *j, const struct series_photo *p, size_t count)
{
    struct sources *s = j->s;
    struct source *flight = sources_add(s); /* others move */

    if (!flight)
        return false;
    const struct source *first = &s->at[p[0].nth];
    flight->id = id_of_flight(s, first->id);
    flight->format = TEXT("photos");
    flight->time_basis = first->time_basis;
    flight->alt_ref = first->alt_ref;
    flight->camera = first->camera;
    flight->serial = first->serial_of_aircraft;
    flight->local = p[0].local;
    flight->offset_ns = p[0].local ? FACT_UNKNOWN_INT : 0;
    flight->from_ns = p[0].time_ns;
    flight->to_ns = p[count - 1].time_ns;
    flight->duration_s = time_between_s(flight->from_ns, flight->to_ns);
    flight->points = (int64_t)count;
    flight->longitude_deg = first->longitude_deg;
    flight->latitude_deg = first->latitude_deg;
    flight->home_longitude_deg = flight->home_latitude_deg = FACT_UNKNOWN_REAL;
    flight->west = flight->south = INFINITY;
    flight->east = flight->north = -INFINITY;
    size_t *photos = arena_alloc(s->arena, count, sizeof *photos);
    flight->photos = photos;
    timeline_init(&flight->track, STORY_TRACK_SAMPLES_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct source *photo = &s->at[p[i].nth];
        photos[i] = p[i].nth;
        flight->west = fmin(flight->west, photo->longitude_deg);
        flight->east = fmax(flight->east, photo->longitude_deg);
        flight->south = fmin(flight->south, photo->latitude_deg);
        flight->north = fmax(flight->north, photo->latitude_deg);
        if (!text_equal(photo->alt_ref, first->alt_ref))
            flight->alt_ref = TEXT("unknown");
        if (!text_equal(photo->serial_of_aircraft, flight->serial))
            flight->serial = TEXT_UNKNOWN;
        if (photo->track.count == 1)
            timeline_add(&flight->track, photo->track.at[0]);
    }
    timeline_end(&flight->track);
    const size_t nth = s->count - 1;
    for (size_t i = 0; i < count; i++)
        story_join(j, nth, p[i].nth, RULE_SERIES, (struct timeline_fit){ 0, FACT_UNKNOWN_REAL, FACT_UNKNOWN_REAL,
                                                                         FACT_UNKNOWN_REAL });
    return true;
}

int photo_flights_join(struct joining *j, sqlite3 *db)
{
    struct sources *s = j->s;
    const int error = sources_read_aircraft(s, db);
    struct series_photo *p = memory_alloc_array(s->count ? s->count : 1, sizeof *p);
    size_t count = 0;

    for (size_t i = 0; !error && i < s->count; i++) {
        const struct source *x = &s->at[i];
        if (x->media && x->points <= 1 && x->rule == RULE_NONE && fact_known_int(x->from_ns) &&
            fact_known_real(x->longitude_deg) &&
            fact_known_real(x->latitude_deg) && flies(x))
            p[count++] = (struct series_photo){ x->camera, x->local, x->from_ns, i };
    }
    if (count)
        qsort(p, count, sizeof *p, by_camera_and_time);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && goes_on(s, &p[end - 1], &p[end]); end++)
            ;
        if (different_times(&p[i], end - i) >= PHOTO_FLIGHT_POINTS && !add_flight(j, &p[i], end - i))
            break;
    }
    free(p);
    return error;
}

/* The rows */

static struct text local_text(struct sources *s, int64_t local_ns)
{
    char into[TIMESTAMP_TEXT_MAX];
    struct text t = timestamp_text(local_ns, into);

    t.len--; /* its Z */
    return arena_text(s->arena, t);
}

static int put_flight(struct sources *s, const struct source *x, const struct story_run *run)
{
    const size_t n = (size_t)x->points;
    const struct source *last = &s->at[x->photos[n - 1]];
    struct text *ids = memory_alloc_array(n, sizeof *ids);
    struct fact_flight row;

    fact_init(FACT_FLIGHT, &row);
    for (size_t i = 0; i < n; i++)
        ids[i] = s->at[x->photos[i]].id;
    row.head.id = x->id;
    row.aircraft_serial = x->serial;
    if (x->track.count > 0) {
        row.first_altitude_m = x->track.at[0].altitude_m;
        row.last_altitude_m = x->track.at[x->track.count - 1].altitude_m;
    }
    row.head.origin.rows = (struct text_list){ ids, n };
    row.format = x->format;
    row.start = source_utc_ns(x, x->from_ns);
    row.end = source_utc_ns(x, x->to_ns);
    if (x->local) {
        row.start_local = local_text(s, x->from_ns);
        row.end_local = local_text(s, x->to_ns);
    }
    row.duration_s = x->duration_s;
    row.points = x->points;
    row.bbox_west = x->west;
    row.bbox_south = x->south;
    row.bbox_east = x->east;
    row.bbox_north = x->north;
    row.first_longitude_deg = x->longitude_deg;
    row.first_latitude_deg = x->latitude_deg;
    row.last_longitude_deg = last->longitude_deg;
    row.last_latitude_deg = last->latitude_deg;
    row.alt_ref = x->alt_ref;
    row.operator_points = 0;
    row.encrypted_records = 0;
    row.time_basis = x->time_basis;
    row.note = arena_printf(s->arena, "Rebuilt from where %zu photos of one camera were taken (%.*s), which no log tells. Between two of them "
                            "it may have been anywhere; before the first and after the last it may have flown as well.", n,
                            (int)x->camera.len, x->camera.at);
    const int error = run->put(run->user, FACT_FLIGHT, &row);
    free(ids);
    return error;
}

/* One pass over the positions, which may be very many. */
static int give_positions(const struct sources *s, sqlite3 *db)
{
    sqlite3_stmt *keep = NULL;
    int error = sqlite3_exec(db, "CREATE TEMP TABLE photo_flight (media TEXT PRIMARY KEY, flight TEXT)", NULL, NULL,
                             NULL) ||
                sqlite3_prepare_v2(db, "INSERT INTO temp.photo_flight VALUES (?1, ?2)", -1, &keep, NULL) ? -EIO : 0;

    for (size_t i = 0; i < s->count && !error; i++) {
        const struct source *flight = &s->at[i];
        for (size_t k = 0; flight->photos && k < (size_t)flight->points && !error; k++) {
            const struct text media = s->at[flight->photos[k]].id;
            sqlite3_bind_text64(keep, 1, media.at, media.len, SQLITE_STATIC, SQLITE_UTF8);
            sqlite3_bind_text64(keep, 2, flight->id.at, flight->id.len, SQLITE_STATIC, SQLITE_UTF8);
            error = sqlite3_step(keep) == SQLITE_DONE ? 0 : -EIO;
            sqlite3_reset(keep);
        }
    }
    sqlite3_finalize(keep);
    if (!error && sqlite3_exec(db, "UPDATE position SET flight = (SELECT t.flight FROM temp.photo_flight t WHERE t.media = position.media)"
                                   " WHERE subject = 'camera' AND flight IS NULL AND media IN (SELECT media FROM temp.photo_flight);"
                                   " DROP TABLE temp.photo_flight", NULL, NULL, NULL))
        error = -EIO;
    return error;
}

int photo_flights_put(struct joining *j, sqlite3 *db, const struct story_run *run)
{
    struct sources *s = j->s;
    bool any = false;
    int error = 0;

    for (size_t i = 0; i < s->count && !error; i++) {
        if (!s->at[i].photos)
            continue;
        any = true;
        error = put_flight(s, &s->at[i], run);
    }
    return error || !any ? error : give_positions(s, db);
}
