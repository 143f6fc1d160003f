#include "media/gopro_track.h"

#include <inttypes.h>
#include <math.h>

#include "base/timestamp.h"
#include "media/gpmf.h"

enum kind { KIND_GPS9, KIND_GPS5, KIND_GLPI, KIND_GPRI, KIND_COUNT };

/* Where the fields stand in a structure; -1: not there. */
static const struct {
    uint32_t key;
    const char *name;
    int8_t time, latitude, longitude, altitude;
    bool tried;                      /* on real files */
} kinds[KIND_COUNT] = {
    [KIND_GPS9] = { GPMF_KEY('G', 'P', 'S', '9'), "GPS9", -1, 0, 1, 2, true },
    [KIND_GPS5] = { GPMF_KEY('G', 'P', 'S', '5'), "GPS5", -1, 0, 1, 2, true },
    [KIND_GLPI] = { GPMF_KEY('G', 'L', 'P', 'I'), "GLPI", 0, 1, 2, 3, true },
    [KIND_GPRI] = { GPMF_KEY('G', 'P', 'R', 'I'), "GPRI", 0, 1, 2, 3, true },
};
enum { GPS9_DAYS = 5, GPS9_SECONDS = 6, GPS9_FIX = 8 };

struct gopro {
    struct movie_path path;
    int kind;                        /* of the path; KIND_COUNT: none yet */
    int64_t others[KIND_COUNT];
    uint64_t cut, payloads;
    int64_t stale;                   /* places beside which it says that there is no fix: the last known ones */
    bool takes_stale;                /* there are no others in the track */
    bool names_karma, in_karma;      /* a device is the aircraft; the one being read is */
    /* Of the payload. */
    const struct movie_sample *sample;
    double system_s, unix_s;         /* a pair of SYST, NaN before the first */
};

/* What a stream says before its data, and of what follows. */
struct stream {
    struct gpmf_item scale, gpsu;
    struct gpmf_types scale_types, types;
    bool has_scale, has_types;
    int fix;                         /* GPSF; -1 unknown */
    const char *alt_ref;
};

static bool scaled(const struct stream *s, const struct gpmf_item *item, const struct gpmf_types *types, uint32_t row,
                   int index, double *ret)
{
    double divisor = 1;

    if (index < 0 || !gpmf_number(item, types, row, (uint32_t)index, ret))
        return false;
    /* One divisor for all, or one for each: structures of SCAL are rows. */
    if (s->has_scale && !gpmf_number(&s->scale, &s->scale_types, s->scale.count > 1 ? (uint32_t)index : 0, 0, &divisor))
        return false;
    if (divisor == 0)
        return false;
    *ret /= divisor;
    return true;
}

/* "170417192757.366": UTC. */
static int64_t utc_of(const struct gpmf_item *item)
{
    const struct text t = text_of_padded(item->data);
    int64_t part[6], ns;
    double fraction = 0;

    if (t.len < 12)
        return FACT_UNKNOWN_INT;
    for (int i = 0; i < 6; i++)
        if (!text_to_int((struct text){ t.at + 2 * i, 2 }, 0, 99, &part[i]))
            return FACT_UNKNOWN_INT;
    if (!timestamp_from_civil((int)(2000 + part[0]), (int)part[1], (int)part[2], (int)part[3], (int)part[4],
                              (int)part[5],
                              &ns))
        return FACT_UNKNOWN_INT;
    if (t.len > 13 && t.at[12] == '.' && text_to_real((struct text){ t.at + 12, t.len - 12 }, &fraction) &&
        fraction >= 0 &&
        fraction < 1)
        ns += llround(fraction * 1e9);
    return ns;
}

static int64_t unix_ns(double s)
{
    return s > 0 && s < 4e9 ? (int64_t)llround(s * 1e3) * (NS_PER_S / 1000) : FACT_UNKNOWN_INT;
}

/* GPS5 has one time for many fixes, which are spread over the payload; the others one for each. */
static struct flight_time time_of(struct gopro *g, const struct stream *s, const struct gpmf_item *item,
                                  const struct gpmf_types *types, uint32_t row)
{
    struct flight_time time = FLIGHT_TIME_UNKNOWN;
    double days, seconds, system_s;

    if (g->kind == KIND_GPS9 && scaled(s, item, types, row, GPS9_DAYS, &days) &&
        scaled(s, item, types, row, GPS9_SECONDS, &seconds)) {
        time.utc_ns = unix_ns(946684800 + days * 86400 + seconds); /* days since 2000 */
        time.basis = "utc";
    } else if (g->kind == KIND_GPS5) {
        const int64_t ms = movie_ticks_ms(g->path.track, g->sample->duration), first = utc_of(&s->gpsu);
        if (fact_known_int(first) && fact_known_int(ms) && ms < 3600000) {
            time.utc_ns = first + row * ms * (NS_PER_S / 1000) / item->count;
            time.basis = row == 0 ? "utc" : "derived";
        }
    } else if (scaled(s, item, types, row, kinds[g->kind].time, &system_s) && fact_known_real(g->system_s)) {
        time.utc_ns = unix_ns(g->unix_s + system_s - g->system_s);
        time.basis = "derived";
    }
    if (fact_known_int(time.utc_ns) && !g->takes_stale)
        g->path.by_satellite = true;
    else
        time = movie_sample_time(g->path.movie, g->path.track, g->sample->time);
    return time;
}

static bool has_fix(const struct gopro *g, const struct stream *s, const struct gpmf_item *item,
                    const struct gpmf_types *types, uint32_t row)
{
    double fix;

    if (g->takes_stale)
        return true;
    if (g->kind == KIND_GPS9)
        return !scaled(s, item, types, row, GPS9_FIX, &fix) || fix != 0;
    return s->fix != 0;
}

static void take_fixes(struct gopro *g, const struct stream *s, const struct gpmf_item *item)
{
    const struct gpmf_types types = item->type == '?' && s->has_types ? s->types : gpmf_types_of(item);
    const int kind = g->kind;

    for (uint32_t row = 0; row < item->count; row++) {
        struct flight_point point = { .altitude_m = FACT_UNKNOWN_REAL };
        const bool placed = scaled(s, item, &types, row, kinds[kind].latitude, &point.latitude_deg) &&
                            scaled(s, item, &types, row, kinds[kind].longitude, &point.longitude_deg);
        if (!has_fix(g, s, item, &types, row)) {
            g->path.without_fix++;
            g->stale += placed && (point.latitude_deg != 0 || point.longitude_deg != 0);
            continue;
        }
        if (!placed) {
            g->cut++;
            continue;
        }
        (void)scaled(s, item, &types, row, kinds[kind].altitude, &point.altitude_m);
        const struct flight_time time = time_of(g, s, item, &types, row);
        (void)movie_path_put(&g->path, bytes_part(item->data, (uint64_t)row * item->size, item->size), point,
                             s->alt_ref,
                             &time);
    }
}

static void take_system_time(struct gopro *g, const struct stream *s, const struct gpmf_item *item)
{
    const struct gpmf_types types = item->type == '?' && s->has_types ? s->types : gpmf_types_of(item);
    double system_s, unix_s;

    if (!fact_known_real(g->system_s) && scaled(s, item, &types, 0, 0, &system_s) &&
        scaled(s, item, &types, 0, 1, &unix_s)) {
        g->system_s = system_s;
        g->unix_s = unix_s;
    }
}

static int kind_of(const struct gpmf_item *item)
{
    int kind = 0;

    while (kind < KIND_COUNT && kinds[kind].key != item->key)
        kind++;
    return kind;
}

/* GPSA names what heights count from; HERO5's text says WGS 84 (README), later ones' say MSLV.  Others do not. */
static const char *altitude_system(const struct gpmf_item *item)
{
    return bytes_start_with(item->data, "MSLV", 4) ? "msl" : "unknown";
}

enum pass { PASS_LOOK, PASS_TAKE };

static void read_stream(struct gopro *g, struct bytes data, enum pass pass)
{
    struct stream s = { .fix = -1, .alt_ref = "unknown" };
    struct cursor c = cursor_over(data);
    struct gpmf_item item;

    while (gpmf_next(&c, &item)) {
        double number;
        g->cut += item.cut && pass == PASS_TAKE;
        switch (item.key) {
        case GPMF_KEY('S', 'C', 'A', 'L'):
            s.scale = item;
            s.scale_types = gpmf_types_of(&item);
            s.has_scale = true;
            continue;
        case GPMF_KEY('T', 'Y', 'P', 'E'): s.has_types = gpmf_types_read(&item, &s.types); continue;
        case GPMF_KEY('G', 'P', 'S', 'U'): s.gpsu = item; continue;
        case GPMF_KEY('G', 'P', 'S', 'A'): s.alt_ref = altitude_system(&item); continue;
        case GPMF_KEY('G', 'P', 'S', 'F'): {
            const struct gpmf_types types = gpmf_types_of(&item);
            s.fix = gpmf_number(&item, &types, 0, 0, &number) ? (int)number : -1;
            continue;
        }
        case GPMF_KEY('F', 'W', 'V', 'S'):
            if (pass == PASS_LOOK && g->in_karma && !text_known(g->path.movie->photo.aircraft_firmware))
                photo_firmware(&g->path.movie->photo, item.data, PHOTO_DEVICE_AIRCRAFT,
                               photo_where(&g->path.movie->photo, item.data, "GPMF", "STRM", TEXT("FWVS")));
            continue;
        case GPMF_KEY('S', 'Y', 'S', 'T'):
            if (pass == PASS_LOOK)
                take_system_time(g, &s, &item);
            continue;
        }
        const int kind = kind_of(&item);
        if (kind == KIND_COUNT)
            continue;
        if (pass == PASS_LOOK && g->path.rows.path.points == 0 && item.count > 0 && kind < g->kind)
            g->kind = kind;
        else if (pass == PASS_TAKE && kind == g->kind)
            take_fixes(g, &s, &item);
        else if (pass == PASS_TAKE)
            g->others[kind] += item.count;
    }
}

static void take_device_name(struct gopro *g, const struct gpmf_item *item)
{
    struct photo *p = &g->path.movie->photo;
    const struct text name = text_of_padded(item->data);

    if (text_known(name) && memmem(name.at, name.len, "Karma", 5)) {
        g->names_karma = g->in_karma = true;
        if (!text_known(p->aircraft_model)) {
            p->aircraft_model = name;
            p->aircraft_vendor = TEXT("GoPro");
            p->aircraft_where = photo_where(p, item->data, "GPMF", "DEVC", TEXT("DVNM"));
        }
    } else if (text_known(name) && (text_starts_with(name, TEXT("Hero")) || text_starts_with(name, TEXT("HERO"))) &&
               !text_known(p->model)) {
        p->make = TEXT("GoPro");
        p->model = name;
        p->camera_where = photo_where(p, item->data, "GPMF", "DEVC", TEXT("DVNM"));
    }
}

static void read_device(struct gopro *g, struct bytes data, enum pass pass)
{
    struct cursor c = cursor_over(data);
    struct gpmf_item item;

    g->in_karma = false;
    while (gpmf_next(&c, &item)) {
        if (item.key == GPMF_KEY('S', 'T', 'R', 'M') && item.type == 0)
            read_stream(g, item.data, pass);
        else if (pass == PASS_LOOK && item.key == GPMF_KEY('D', 'V', 'N', 'M'))
            take_device_name(g, &item);
        else if (pass == PASS_LOOK && g->payloads == 0)
            (void)gpmf_take_name(&g->path.movie->photo, &item, "GPMF");
    }
}

static void read_payload(struct gopro *g, const struct movie_sample *sample, enum pass pass)
{
    struct cursor c = cursor_over(sample->data);
    struct gpmf_item item;

    g->sample = sample;
    while (gpmf_next(&c, &item)) {
        if (item.cut && pass == PASS_TAKE)
            reading_damage(g->path.movie->photo.r, item.data.origin, FACT_UNKNOWN_INT, 1,
                           "a GPMF payload ends in the middle; what was there was read");
        if (item.key == GPMF_KEY('D', 'E', 'V', 'C') && item.type == 0)
            read_device(g, item.data, pass);
    }
}

static void note(struct gopro *g)
{
    struct flight_rows *rows = &g->path.rows;

    flight_rows_note(rows, "Path of a GoPro video (%s).%s", kinds[g->kind].name,
                     kinds[g->kind].tried ? "" : " Untested on real files.");
    if (g->takes_stale)
        flight_rows_note(rows, "The satellite receiver had no fix in the whole track: its places are the last known ones, perhaps of another day, and times are the recording's.");
    if (!g->names_karma)
        flight_rows_note(rows, "What carried the camera is not in the video.");
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (g->others[kind] > 0)
            flight_rows_note(rows, "%" PRId64 " fixes of %s, which tell the same path, are not in it.", g->others[kind],
                             kinds[kind].name);
}

/* Where there never was a fix, the last known place is what the file tells, and what it gives away. */
static void take_stale(struct gopro *g, const struct movie_track *track)
{
    struct movie_samples s;
    struct movie_sample sample;

    g->takes_stale = true;
    g->cut = 0;
    memset(g->others, 0, sizeof g->others);
    for (movie_samples_init(&s, track, g->path.movie->file); movie_samples_next(&s, &sample); ) {
        g->system_s = g->unix_s = FACT_UNKNOWN_REAL;
        read_payload(g, &sample, PASS_TAKE);
    }
}

void gopro_track_read(struct movie *m, const struct movie_track *track)
{
    struct gopro g = { .kind = KIND_COUNT, .system_s = FACT_UNKNOWN_REAL, .unix_s = FACT_UNKNOWN_REAL };
    struct movie_samples s;
    struct movie_sample sample;
    uint64_t outside = 0;

    movie_path_init(&g.path, m, track, "gopro-gpmf");
    for (movie_samples_init(&s, track, m->file); movie_samples_next(&s, &sample); g.payloads++) {
        outside += sample.data.len < sample.size;
        g.system_s = g.unix_s = FACT_UNKNOWN_REAL;
        read_payload(&g, &sample, PASS_LOOK);
        read_payload(&g, &sample, PASS_TAKE);
    }
    movie_samples_damage(m, &s, outside);
    if (!g.path.begun && g.stale > 0)
        take_stale(&g, track);
    if (g.cut > 0)
        reading_damage(m->photo.r, track->trak.origin, FACT_UNKNOWN_INT, (int64_t)g.cut,
                       "%" PRIu64 " fixes or items of the GoPro track are not as their type says", g.cut);
    if (g.path.begun)
        note(&g);
    movie_path_end(&g.path, TEXT_UNKNOWN);
}

void gopro_recovery_read(struct movie *m, const struct movie_track *track)
{
    enum field { FIRMWARE, LENS, CAMERA, MODEL };
    static const struct { uint16_t at, len; const char *name; } fields[] = {
        [FIRMWARE] = { 0x08, 15, "firmware" }, [LENS] = { 0x17, 16, "lens serial" }, [CAMERA] = { 0x57, 15, "camera serial" },
        [MODEL] = { 0x66, 16, "model" },
    };
    struct photo *p = &m->photo;
    struct movie_samples s;
    struct movie_sample sample;

    movie_samples_init(&s, track, m->file);
    if (!movie_samples_next(&s, &sample) || !bytes_start_with(sample.data, "GPRO", 4))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct bytes value = bytes_part(sample.data, fields[i].at, fields[i].len);
        const struct text t = text_of_padded(value);
        bool printable = text_known(t);
        for (size_t k = 0; k < t.len; k++)
            printable = printable && t.at[k] >= ' ' && t.at[k] <= '~';
        if (!printable)
            continue;
        value.len = t.len;
        const struct photo_where where = photo_where(p, value, "MP4", "fdsc", text_of(fields[i].name));
        if (i == FIRMWARE) {
            photo_firmware(p, value, PHOTO_DEVICE_CAMERA, where);
        } else if (i == MODEL && !text_known(p->model)) {
            p->make = TEXT("GoPro");
            p->model = t;
            p->camera_where = where;
        } else if (i != MODEL) {
            photo_name(p, "serial", value, i == CAMERA ? PHOTO_DEVICE_CAMERA : PHOTO_DEVICE_NONE, PHOTO_RANK_VENDOR,
                       where);
        }
    }
}
