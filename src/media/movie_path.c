#include "media/movie_path.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/timestamp.h"

enum { MS_PER_S = 1000, REPEAT_MS = 1000, WHAT_MAX = 160 };

void movie_path_init(struct movie_path *path, struct movie *m, const struct movie_track *track, const char *format)
{
    memset(path, 0, sizeof *path);
    path->movie = m;
    path->track = track;
    path->format = format;
    path->last_ms = FACT_UNKNOWN_INT;
}

int64_t movie_ticks_ms(const struct movie_track *track, uint64_t ticks)
{
    if (track->timescale == 0 || ticks > INT64_MAX / MS_PER_S)
        return FACT_UNKNOWN_INT;
    return (int64_t)(ticks * MS_PER_S / track->timescale);
}

int64_t movie_sample_ms(const struct movie_track *track, uint64_t ticks)
{
    const int64_t edit = track->edit_ticks;
    const uint64_t back = edit < 0 ? 0 - (uint64_t)edit : 0, on = edit > 0 ? (uint64_t)edit : 0;

    if (ticks > INT64_MAX - on)
        return FACT_UNKNOWN_INT;
    if (ticks + on >= back)
        return movie_ticks_ms(track, ticks + on - back);
    const int64_t before = movie_ticks_ms(track, back - ticks - on);
    return fact_known_int(before) ? -before : before;
}

static int64_t later(int64_t from_ns, int64_t ms)
{
    int64_t ns;

    if (!fact_known_int(from_ns) || !fact_known_int(ms) || __builtin_mul_overflow(ms, NS_PER_S / MS_PER_S, &ns) ||
        __builtin_add_overflow(from_ns, ns, &ns))
        return FACT_UNKNOWN_INT;
    return ns;
}

struct flight_time movie_sample_time(const struct movie *m, const struct movie_track *track, uint64_t ticks)
{
    const int64_t ms = movie_sample_ms(track, ticks);
    const int64_t utc_ns = later(m->start_utc_ns, ms), local_ns = later(m->start_local_ns, ms);

    if (fact_known_int(utc_ns))
        return (struct flight_time){ utc_ns, FACT_UNKNOWN_INT, "derived" };
    if (fact_known_int(local_ns))
        return (struct flight_time){ FACT_UNKNOWN_INT, local_ns, "zone_unknown" };
    return FLIGHT_TIME_UNKNOWN;
}

bool movie_path_put(struct movie_path *path, struct bytes at, struct flight_point point, const char *alt_ref,
                    const struct flight_time *time)
{
    if (!path->begun) {
        flight_rows_begin(&path->rows, path->movie->photo.r, path->format);
        path->rows.position.media = path->movie->photo.media;
        path->begun = true;
    }
    return flight_rows_put(&path->rows, "aircraft", at, point, alt_ref, time);
}

static bool same_reals(double a, double b)
{
    return a == b || (!fact_known_real(a) && !fact_known_real(b));
}

void movie_path_put_changed(struct movie_path *path, struct bytes at, struct flight_point point, const char *alt_ref,
                            const struct flight_time *time, int64_t at_ms)
{
    const bool soon = fact_known_int(path->last_ms) && fact_known_int(at_ms) && at_ms >= path->last_ms &&
                      at_ms - path->last_ms < REPEAT_MS;

    if (soon && point.longitude_deg == path->last.longitude_deg && point.latitude_deg == path->last.latitude_deg &&
        same_reals(point.altitude_m, path->last.altitude_m)) {
        path->repeated++;
        return;
    }
    path->last = point;
    path->last_ms = at_ms;
    (void)movie_path_put(path, at, point, alt_ref, time);
}

/* The first fix is where the recording began, unless a box says it better. */
static void tell_movie(struct movie_path *path)
{
    const struct flight_path *way = &path->rows.path;
    struct photo *p = &path->movie->photo;
    const struct photo_place place = { .subject = "camera", .source = "track", .latitude_deg = way->first.latitude_deg,
        .longitude_deg = way->first.longitude_deg, .altitude_m = way->first.altitude_m,
        .alt_ref = fact_known_real(way->first.altitude_m) ? path->rows.alt_ref : NULL, .rank = PHOTO_RANK_VENDOR,
        .where = photo_where(p, path->track->trak, "MP4", path->format, TEXT_UNKNOWN) };

    if (way->points == 0)
        return;
    p->timed_points = (fact_known_int(p->timed_points) ? p->timed_points : 0) + way->points;
    photo_locate(p, &place);
    if (!p->gps_utc_known && path->by_satellite && fact_known_int(way->first_utc_ns)) {
        p->gps_utc_known = true;
        p->gps_utc_ns = way->first_utc_ns;
    }
}

void movie_path_end(struct movie_path *path, struct text aircraft_serial)
{
    struct flight_rows *rows = &path->rows;

    if (!path->begun)
        return;
    tell_movie(path);
    rows->row.aircraft_serial = aircraft_serial;
    if (path->without_fix > 0)
        flight_rows_note(rows, "%" PRId64 " times without a fix.", path->without_fix);
    if (path->repeated > 0)
        flight_rows_note(rows, "%" PRId64 " frames repeat the fix before and have no point of their own.",
                         path->repeated);
    flight_rows_end(rows, path->track->trak);
}

void movie_track_unread(struct movie *m, const struct movie_track *track, const char *what_format, ...)
{
    char what[WHAT_MAX];
    struct movie_samples s;
    struct movie_run run;
    uint64_t bytes = 0, first = track->trak.origin;
    va_list arguments;

    va_start(arguments, what_format);
    vsnprintf(what, sizeof what, what_format, arguments);
    va_end(arguments);
    movie_samples_init(&s, track, m->file);
    for (bool any = false; movie_samples_next_run(&s, &run); any = true) {
        if (!any && run.offset < m->file.len)
            first = m->file.origin + run.offset;
        bytes += run.size;
    }
    reading_damage(m->photo.r, first, (int64_t)bytes, FACT_UNKNOWN_INT, "%s: not understood, samples of %" PRIu64
                   " bytes not read", what, bytes);
}

void movie_samples_damage(struct movie *m, const struct movie_samples *s, uint64_t samples_outside)
{
    const struct movie_track *t = s->track;
    struct reading *r = m->photo.r;

    if (s->overlapping)
        reading_damage(r, t->trak.origin, FACT_UNKNOWN_INT,
                       s->in_fragments ? FACT_UNKNOWN_INT : t->sample_count - s->number,
                       "the samples of track %u are larger than the file together: those behind the first %u were not read", t->id, s->number);
    else if (s->fragments.entries_lost > 0)
        reading_damage(r, t->trak.origin, FACT_UNKNOWN_INT, (int64_t)(s->fragments.entries_lost & INT64_MAX),
                       "fragments promise %" PRIu64 " samples of track %u that are not there", s->fragments.entries_lost, t->id);
    else if (s->tables_disagree)
        reading_damage(r, t->trak.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the tables of track %u contradict one another: %u of %u samples were found", t->id, s->number,
                       t->sample_count);
    if (t->edits_left)
        reading_damage(r, t->trak.origin, 0, 0,
                       "the edit list of track %u has several parts: its times hold for the first one", t->id);
    if (samples_outside > 0)
        reading_damage(r, m->file.origin + m->file.len, FACT_UNKNOWN_INT, (int64_t)samples_outside,
                       "%" PRIu64 " samples of track %u lie outside the file", samples_outside, t->id);
}
