#ifndef LEASH_MEDIA_MOVIE_PATH_H
#define LEASH_MEDIA_MOVIE_PATH_H

#include "flightlog/flight_rows.h"
#include "media/movie_track.h"
#include "media/photo.h"

enum { MOVIE_UNKNOWN_MAX = 48 };

/* What is known of a movie while its tracks are read. */
struct movie {
    struct photo photo;
    struct bytes file;
    struct movie_context *context;
    /* Boxes that are not understood, by type and place; the last one stands for all further kinds. */
    struct { uint32_t type; const char *in; uint64_t offset, length; uint32_t count; } unknown[MOVIE_UNKNOWN_MAX];
    size_t unknown_count;
    /* When the recording began: UTC where a box states the zone, else by the camera's clock; or unknown. */
    int64_t start_utc_ns, start_local_ns;
    unsigned members;
};

/* The path that one track tells, as a flight of its own: one `flight` row and a `position` row for every fix.
 * Positions carry the subject "aircraft": the aircraft's, or what the camera was carried by, which the
 * flight's note says is not in the video unless it is. */
struct movie_path {
    struct movie *movie;
    const struct movie_track *track;
    const char *format;                    /* "gopro-gpmf", "camm", "dji-djmd" ... */
    struct flight_rows rows;
    bool begun;
    bool by_satellite;                     /* its times are those of the satellites: they are the movie's, too */
    int64_t without_fix, repeated;         /* samples that say they have no fix; the same fix again */
    struct flight_point last;
    int64_t last_ms;
};

void movie_path_init(struct movie_path *path, struct movie *m, const struct movie_track *track, const char *format);

/* When a sample was taken, by the movie's start and the track's clock; what is not known of it is unknown. */
struct flight_time movie_sample_time(const struct movie *m, const struct movie_track *track, uint64_t ticks);
/* The same in milliseconds since the movie began; less than 0 for what its edit list leaves out. */
int64_t movie_sample_ms(const struct movie_track *track, uint64_t ticks);
/* How long so many of the track's ticks are. */
int64_t movie_ticks_ms(const struct movie_track *track, uint64_t ticks);

/* Puts a fix.  The first one begins the flight.  False: no place on the globe, or 0/0; counted. */
bool movie_path_put(struct movie_path *path, struct bytes at, struct flight_point point, const char *alt_ref,
                    const struct flight_time *time);
/* The same for formats that repeat a fix with every frame: one that is the same as the last one and less than a second
 * later is counted and not put. */
void movie_path_put_changed(struct movie_path *path, struct bytes at, struct flight_point point, const char *alt_ref,
                            const struct flight_time *time, int64_t at_ms);

/* Ends the flight, when there is one, and tells the movie's own place and time where nothing better does. */
void movie_path_end(struct movie_path *path, struct text aircraft_serial);

/* Says that samples of a track are not understood: damage with their number and size. */
__attribute__((format(printf, 3, 4)))
void movie_track_unread(struct movie *m, const struct movie_track *track, const char *what_format, ...);

/* Says what is wrong with the track's tables, once its samples were walked. */
void movie_samples_damage(struct movie *m, const struct movie_samples *s, uint64_t samples_outside);

#endif
