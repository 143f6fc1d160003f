#include "media/camm_track.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/timestamp.h"
#include "flightlog/boot_clock.h"

enum { KIND_PLACE = 5, KIND_GPS = 6, KIND_LAST = 7, HALF_DAY_ZONES_S = 15 * 3600 };

/* GPS seconds that begin week 0; with 604,800 s in each. */
static int64_t from_gps_epoch_ns(double s)
{
    if (!(s > 0 && s < 4e9))
        return FACT_UNKNOWN_INT;
    const int64_t week = (int64_t)(s / 604800), us = gps_time_utc_us(week, llround((s - (double)week * 604800) * 1000));

    return fact_known_int(us) ? us * 1000 : FACT_UNKNOWN_INT;
}

static int64_t from_unix_epoch_ns(double s)
{
    return s > 0 && s < 4e9 ? llround(s * 1000) * (NS_PER_S / 1000) : FACT_UNKNOWN_INT;
}

/* The movie's clock may be a local one, so it decides by the day. */
static bool is_near(int64_t utc_ns, int64_t movie_ns)
{
    return fact_known_int(utc_ns) && fact_known_int(movie_ns) &&
           llabs(utc_ns / NS_PER_S - movie_ns / NS_PER_S) <= HALF_DAY_ZONES_S + 9 * 3600;
}

static struct flight_time gps_time(struct movie_path *path, uint64_t ticks, double s)
{
    const struct flight_time by_movie = movie_sample_time(path->movie, path->track, ticks);
    const int64_t movie_ns = fact_known_int(by_movie.utc_ns) ? by_movie.utc_ns : by_movie.local_ns;
    const int64_t readings[] = { from_gps_epoch_ns(s), from_unix_epoch_ns(s) };

    for (size_t i = 0; i < 2; i++)
        if (is_near(readings[i], movie_ns)) {
            path->by_satellite = true;
            return (struct flight_time){ readings[i], FACT_UNKNOWN_INT, "utc" };
        }
    return by_movie;
}

struct camm {
    bool takes_stale;            /* the track has no fix: its places are the last known ones */
    struct movie_path path;
    uint64_t other, unknown, cut;
};

static double f32_or_unknown(struct cursor *c)
{
    const float value = cursor_f32le(c);

    return isfinite(value) ? (double)value : FACT_UNKNOWN_REAL;
}

static void take_sample(struct camm *x, const struct movie_sample *sample)
{
    struct cursor c = cursor_over(sample->data);
    struct flight_point point;
    struct flight_time time = movie_sample_time(x->path.movie, x->path.track, sample->time);

    cursor_skip(&c, 2);
    const uint16_t kind = cursor_u16le(&c);
    const struct bytes at = c.rest;
    uint32_t fix = 3;
    if (!c.failed && kind != KIND_PLACE && kind != KIND_GPS) {
        x->other += kind <= KIND_LAST;
        x->unknown += kind > KIND_LAST;
        return;
    }
    if (kind == KIND_GPS) {
        const double s = cursor_f64le(&c);
        fix = cursor_u32le(&c);
        if (!x->takes_stale)
            time = gps_time(&x->path, sample->time, s);
    }
    point.latitude_deg = cursor_f64le(&c);
    point.longitude_deg = cursor_f64le(&c);
    point.altitude_m = kind == KIND_GPS ? f32_or_unknown(&c) : cursor_f64le(&c);
    if (!isfinite(point.altitude_m))
        point.altitude_m = FACT_UNKNOWN_REAL;
    if (c.failed)
        x->cut++;
    else if (fix == 0 && !x->takes_stale)
        x->path.without_fix++;
    else
        (void)movie_path_put(&x->path, at, point, "unknown", &time);
}

void camm_track_read(struct movie *m, const struct movie_track *track)
{
    struct movie_samples s;
    struct movie_sample sample;
    struct camm x = { 0 };
    uint64_t outside = 0;

    movie_path_init(&x.path, m, track, "camm");
    for (movie_samples_init(&s, track, m->file); movie_samples_next(&s, &sample); ) {
        outside += sample.data.len < sample.size;
        take_sample(&x, &sample);
    }
    movie_samples_damage(m, &s, outside);
    if (!x.path.begun && x.path.without_fix > 0) {
        x.takes_stale = true;
        x.other = x.cut = x.unknown = 0;
        for (movie_samples_init(&s, track, m->file); movie_samples_next(&s, &sample); )
            take_sample(&x, &sample);
    }
    if (x.cut + x.unknown > 0)
        reading_damage(m->photo.r, track->trak.origin, FACT_UNKNOWN_INT, (int64_t)(x.cut + x.unknown),
                       "%" PRIu64 " camera motion samples are too short, %" PRIu64 " of unknown kind", x.cut, x.unknown);
    if (x.path.begun)
        flight_rows_note(&x.path.rows, "Path of a video with camera motion metadata; what carried the camera is not in it. Untested on real files. "
                         "%" PRIu64 " samples of orientation and sensors were not read.", x.other);
    if (x.path.begun && x.takes_stale)
        flight_rows_note(&x.path.rows, "The satellite receiver had no fix in the whole track: its places are the last known ones, perhaps of another day, and times are the recording's.");
    movie_path_end(&x.path, TEXT_UNKNOWN);
}
