/* The messages, as exiftool/exiftool lib/Image/ExifTool/DJI.pm at commit 38bdbac and AdrianEddy/telemetry-parser
 * src/dji/dvtm_library.proto describe them; numbers are field numbers, a path goes into messages.  certainty:
 * C = confirmed there with that product's files, R = written there without that word.  No real file was seen here.
 *
 *   1        of the clip, in the first message
 *   1-1-1    text    name of the product's schema, "dvtm_Air3.proto"          C
 *   1-1-5    text    serial number of the product                             C for Mavic 3, R for others
 *   1-1-6    text    firmware of the product                                  C (the schema's own name)
 *   1-1-7    varint  encryption of the messages, 0 none                       C
 *   1-1-8    varint  compression of the messages, 0 none                      C
 *   1-1-10   text    name of the product                                      C
 *   2-2-3-1  text    a second serial number (Avata 2, Neo)                    R
 *   3        of the frame
 *   3-1-2    varint  microseconds since power-up                              C
 *   3-A-B-1  message position: 1 varint unit (0 radians, 1 degrees), 2 f64 latitude, 3 f64 longitude
 *   3-A-B-2  varint  height in mm, of a reference that nobody names           R
 *   3-A-B-6-1 text   "YYYY-MM-DD HH-MM-SS", of a zone that nobody names       R
 *   3-A-(B+1)-1 f32  height in mm above take-off                              R
 * A and B depend on the product: the table below.  All else (exposure, lens, attitude of aircraft and gimbal) is
 * counted. */
#include "media/dji_track.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/timestamp.h"
#include "base/protobuf.h"

enum { LOOK_DEPTH = 5, LOOK_FIELDS_MAX = 512, LOOK_FRAMES_MAX = 64, LOOK_BYTES_MAX = 1 << 16, PATH_LENGTH = 6,
       SERIAL_MAX = 64 };

struct schema {
    const char *name;
    uint8_t device, position;    /* A and B; 0: this product has none */
    bool relative;               /* it has the height above take-off */
    bool aircraft;
    bool second_serial;
};

static const struct schema schemas[] = {
    { "dvtm_AVATA2.proto",    4, 4, true,  true,  true },
    { "dvtm_dji_neo.proto",   4, 4, false, true,  true },
    { "dvtm_wm265e.proto",    3, 4, true,  true,  false }, /* Mavic 3 */
    { "dvtm_pm320.proto",     3, 4, true,  true,  false }, /* Matrice 30 */
    { "dvtm_Mini4_Pro.proto", 3, 4, true,  true,  false },
    { "dvtm_Air3.proto",      3, 4, true,  true,  false },
    { "dvtm_Air3s.proto",     3, 4, true,  true,  false },
    { "dvtm_wa345e.proto",    3, 4, true,  true,  false }, /* Matrice 4E */
    { "dvtm_wm261.proto",     3, 4, true,  true,  false }, /* Mavic 3 Pro */
    { "dvtm_Mavic4.proto",    3, 4, true,  true,  false },
    { "dvtm_Mini5Pro.proto",  3, 4, true,  true,  false },
    { "dvtm_ac203.proto",     4, 2, false, false, false }, /* Osmo Action 4 */
    { "dvtm_ac204.proto",     4, 2, false, false, false }, /* Osmo Action 5 */
    { "dvtm_ac206.proto",     4, 2, false, false, false }, /* Osmo Action 6 */
    { "dvtm_oq101.proto",     4, 2, false, false, false }, /* Osmo 360 */
    { "dvtm_PP-101.proto",    0, 0, false, false, false }, /* Osmo Pocket 3 */
};

struct dji {
    struct movie_path path;
    const struct schema *schema;     /* NULL: not known */
    struct text schema_name, serial;
    uint8_t found_at[PATH_LENGTH];   /* schema not known: the path of the first thing in the form of a position */
    bool encrypted;
    uint64_t frames, other_fields, not_messages, no_position;
};

static struct text printable(struct bytes b)
{
    const struct text t = text_of_padded(b);

    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] < ' ' || t.at[i] > '~')
            return TEXT_UNKNOWN;
    return t.len <= SERIAL_MAX ? t : TEXT_UNKNOWN;
}

static void take_serial(struct dji *d, struct bytes value, const char *name, int rank)
{
    struct photo *p = &d->path.movie->photo;
    const bool aircraft = d->schema && d->schema->aircraft;

    if (!text_known(printable(value)))
        return;
    if (!text_known(d->serial) && aircraft)
        d->serial = printable(value);
    /* Of a product that is not known, whether it is the aircraft or a camera is not known either. */
    photo_name(p, "serial", value,
               aircraft ? PHOTO_DEVICE_AIRCRAFT : d->schema ? PHOTO_DEVICE_CAMERA : PHOTO_DEVICE_NONE,
               rank, photo_where(p, value, "djmd", NULL, text_of(name)));
}

static void take_model(struct dji *d, struct bytes value)
{
    struct photo *p = &d->path.movie->photo;
    const struct text name = printable(value);
    const struct photo_where where = photo_where(p, value, "djmd", NULL, TEXT("product name"));

    if (!text_known(name))
        return;
    if (d->schema && d->schema->aircraft) {
        p->aircraft_model = name;
        p->aircraft_vendor = TEXT("DJI");
        p->aircraft_where = where;
    } else if (!text_known(p->model)) {
        p->make = TEXT("DJI");
        p->model = name;
        p->camera_where = where;
    }
}

static void take_clip(struct dji *d, struct bytes header)
{
    struct photo *p = &d->path.movie->photo;
    struct protobuf_field f;

    if (text_known(d->schema_name) || !protobuf_find(header, 1, PROTOBUF_LEN, &f) || !text_known(printable(f.body)))
        return;
    d->schema_name = printable(f.body);
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        if (text_equal(d->schema_name, text_of(schemas[i].name)))
            d->schema = &schemas[i];
    if (protobuf_find(header, 5, PROTOBUF_LEN, &f))
        take_serial(d, f.body, "product serial number", PHOTO_RANK_EXIF);
    if (protobuf_find(header, 6, PROTOBUF_LEN, &f) && text_known(printable(f.body)))
        photo_firmware(p, f.body, d->schema && d->schema->aircraft ? PHOTO_DEVICE_AIRCRAFT : PHOTO_DEVICE_CAMERA,
                       photo_where(p, f.body, "djmd", NULL, TEXT("product firmware")));
    if (protobuf_find(header, 10, PROTOBUF_LEN, &f))
        take_model(d, f.body);
    d->encrypted = (protobuf_find(header, 7, PROTOBUF_VARINT, &f) && f.value != 0) ||
                   (protobuf_find(header, 8, PROTOBUF_VARINT, &f) && f.value != 0);
}

/* A message in the form of a position.  The unit 0, radians, may be left out, as all zeros may. */
static bool position_of(struct bytes message, struct flight_point *ret)
{
    struct protobuf_field unit, latitude, longitude;

    if (!protobuf_find(message, 2, PROTOBUF_I64, &latitude) || !protobuf_find(message, 3, PROTOBUF_I64, &longitude))
        return false;
    const bool degrees = protobuf_find(message, 1, PROTOBUF_VARINT, &unit) && unit.value == 1;
    const double factor = degrees ? 1 : 180 / M_PI;
    *ret = (struct flight_point){ .latitude_deg = protobuf_double(&latitude) * factor,
                                  .longitude_deg = protobuf_double(&longitude) * factor, .altitude_m =
                                      FACT_UNKNOWN_REAL };
    return true;
}

/* "2024-05-01 11-30-00". */
static int64_t local_time_of(struct bytes value)
{
    struct photo_clock clock;

    return photo_parse_clock(text_of_padded(value), &clock) ? clock.as_if_utc_ns : FACT_UNKNOWN_INT;
}

static void put_position(struct dji *d, const struct movie_sample *sample, struct bytes around, struct bytes at,
                         struct flight_point point, struct bytes relative)
{
    struct flight_time time = movie_sample_time(d->path.movie, d->path.track, sample->time);
    const char *alt_ref = "unknown";
    struct protobuf_field f;

    if (relative.len > 0 && protobuf_find(relative, 1, PROTOBUF_I32, &f) && isfinite(protobuf_float(&f))) {
        point.altitude_m = (double)protobuf_float(&f) / 1000;
        alt_ref = "takeoff";
    } else if (d->schema && protobuf_find(around, 2, PROTOBUF_VARINT, &f)) {
        point.altitude_m = (double)(int64_t)f.value / 1000;
    }
    if (protobuf_find_path(around, (const uint8_t[]){ 6, 1, 0 }, PROTOBUF_LEN, &f)) {
        const int64_t local_ns = local_time_of(f.body);
        if (fact_known_int(local_ns))
            time = (struct flight_time){ FACT_UNKNOWN_INT, local_ns, "zone_unknown" };
    }
    movie_path_put_changed(&d->path, at, point, alt_ref, &time, movie_sample_ms(d->path.track, sample->time));
}

static void take_known_frame(struct dji *d, const struct movie_sample *sample, struct bytes frame)
{
    const struct schema *s = d->schema;
    struct protobuf_field device, around, at, relative = { 0 };
    struct flight_point point;

    if (s->device == 0)
        return;
    if (!protobuf_find(frame, s->device, PROTOBUF_LEN, &device) ||
        !protobuf_find(device.body, s->position, PROTOBUF_LEN, &around) ||
        !protobuf_find(around.body, 1, PROTOBUF_LEN, &at) || !position_of(at.body, &point)) {
        d->no_position++;
        return;
    }
    if (s->relative)
        (void)protobuf_find(device.body, s->position + 1u, PROTOBUF_LEN, &relative);
    put_position(d, sample, around.body, at.body, point, relative.body);
}

/* Looks for the form of a position, in the order of the fields. */
static bool look(struct dji *d, struct bytes message, unsigned depth, unsigned *fields_left)
{
    struct cursor c = cursor_over(message);
    struct protobuf_field f;
    struct flight_point point;

    while (*fields_left > 0 && protobuf_next(&c, &f)) {
        --*fields_left;
        if (f.wire != PROTOBUF_LEN || f.number > UINT8_MAX || !protobuf_is_message(f.body))
            continue;
        d->found_at[depth] = (uint8_t)f.number;
        if (position_of(f.body, &point) && flight_path_accepts(NULL, point.longitude_deg, point.latitude_deg))
            return true;
        if (depth + 1 < LOOK_DEPTH && look(d, f.body, depth + 1, fields_left))
            return true;
        d->found_at[depth] = 0;
    }
    return false;
}

static void take_unknown_frame(struct dji *d, const struct movie_sample *sample, struct bytes frame)
{
    unsigned fields_left = LOOK_FIELDS_MAX;
    struct protobuf_field at;
    struct flight_point point;

    if (!d->found_at[0] && (d->frames > LOOK_FRAMES_MAX || frame.len > LOOK_BYTES_MAX ||
                            !look(d, frame, 0, &fields_left))) {
        memset(d->found_at, 0, sizeof d->found_at);
        d->no_position++;
        return;
    }
    if (protobuf_find_path(frame, d->found_at, PROTOBUF_LEN, &at) && position_of(at.body, &point))
        put_position(d, sample, at.body, at.body, point, (struct bytes){ 0 });
    else
        d->no_position++;
}

static void take_sample(struct dji *d, const struct movie_sample *sample)
{
    static const uint8_t header_path[] = { 1, 1, 0 }, second_serial[] = { 2, 2, 3, 1, 0 };
    struct protobuf_field f, serial;
    struct cursor c = cursor_over(sample->data);

    d->frames++;
    if (protobuf_find_path(sample->data, header_path, PROTOBUF_LEN, &f))
        take_clip(d, f.body);
    if (d->encrypted)
        return;
    if (d->frames == 1 && d->schema && d->schema->second_serial &&
        protobuf_find_path(sample->data, second_serial, PROTOBUF_LEN, &serial))
        take_serial(d, serial.body, "second serial number", PHOTO_RANK_VENDOR);
    while (protobuf_next(&c, &f)) {
        if (f.number != 3 || f.wire != PROTOBUF_LEN)
            continue;
        struct cursor inside = cursor_over(f.body);
        struct protobuf_field part;
        while (protobuf_next(&inside, &part))
            d->other_fields += part.number != 1; /* the frame's head; devices are counted, positions among them */
        if (d->schema)
            take_known_frame(d, sample, f.body);
        else
            take_unknown_frame(d, sample, f.body);
    }
    d->not_messages += c.failed;
}

static void note(struct dji *d)
{
    struct flight_rows *rows = &d->path.rows;
    char at[4 * PATH_LENGTH + 1] = "";
    const struct text name = text_known(d->schema_name) ? d->schema_name : TEXT("none is named");

    flight_rows_note(rows, "Path of a DJI video, from its metadata track (schema %.*s). Untested on real files.",
                     (int)name.len, name.at);
    if (d->schema) {
        flight_rows_note(rows,
                         "Where the fields stand is known from others' reading of such files, not from the maker.");
        if (!d->schema->aircraft)
            flight_rows_note(rows, "What carried the camera is not in the video.");
    } else {
        for (size_t i = 0, n = 0; i < PATH_LENGTH && d->found_at[i]; i++)
            n += (size_t)snprintf(at + n, sizeof at - n, "%s%u", i ? "-" : "", d->found_at[i]);
        flight_rows_note(rows, "Uncertain: this schema is not known, and positions were found by their form alone "
                         "(frame field %s).", at);
    }
    if (d->no_position > 0)
        flight_rows_note(rows, "%" PRIu64 " frames without a position.", d->no_position);
    flight_rows_note(rows,
                     "%" PRIu64 " groups of fields in %" PRIu64 " frames (camera, attitude, gimbal, among them the "
                     "positions) are counted and otherwise not read.", d->other_fields, d->frames);
}

static void say_unread(struct dji *d)
{
    struct movie *m = d->path.movie;
    const bool nothing = !d->path.begun;

    if (d->not_messages > 0)
        reading_damage(m->photo.r, d->path.track->trak.origin, FACT_UNKNOWN_INT, (int64_t)d->not_messages,
                       "%" PRIu64 " samples of DJI's metadata track are no whole messages", d->not_messages);
    if (d->encrypted)
        movie_track_unread(m, d->path.track, "DJI's metadata track is encrypted or compressed");
    else if (!d->schema)
        movie_track_unread(m, d->path.track, "DJI's metadata track by the schema \"%.*s\"%s", (int)d->schema_name.len,
                           d->schema_name.at ? d->schema_name.at : "", nothing ? "" : ", of which only positions were looked for");
    else if (nothing && d->schema->device != 0 && d->no_position > 0)
        reading_damage(m->photo.r, d->path.track->trak.origin, 0, 0,
                       "no frame of DJI's metadata track holds a position "
                       "where %s has it", d->schema->name);
}

void dji_track_read(struct movie *m, const struct movie_track *track)
{
    struct movie_samples s;
    struct movie_sample sample;
    struct dji d = { 0 };
    uint64_t outside = 0;

    movie_path_init(&d.path, m, track, "dji-djmd");
    for (movie_samples_init(&s, track, m->file); movie_samples_next(&s, &sample); ) {
        outside += sample.data.len < sample.size;
        take_sample(&d, &sample);
    }
    movie_samples_damage(m, &s, outside);
    say_unread(&d);
    if (d.path.begun)
        note(&d);
    movie_path_end(&d.path, d.serial);
}

void dji_debug_read(struct movie *m, const struct movie_track *track)
{
    static const uint8_t schema_path[] = { 1, 1, 2, 2, 0 };
    struct movie_samples s;
    struct movie_sample sample;
    struct protobuf_field f;
    struct text name = TEXT("not named");

    movie_samples_init(&s, track, m->file);
    if (movie_samples_next(&s, &sample) && protobuf_find_path(sample.data, schema_path, PROTOBUF_LEN, &f) &&
        text_known(printable(f.body)))
        name = printable(f.body);
    movie_track_unread(m, track, "DJI's debug track (dbgi), schema %.*s", (int)name.len, name.at);
}
