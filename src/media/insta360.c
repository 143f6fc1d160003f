#include "media/insta360.h"

#include <inttypes.h>
#include <math.h>

#include "base/protobuf.h"
#include "base/timestamp.h"
#include "media/photo_form.h"

/* The end of the trailer: 32 bytes, then
 *
 *     u32  length of the trailer, these 72 bytes included
 *     u32  version
 *     32   letters
 *
 * Before it records: body, u16 kind, u32 length of the body.  A last record of kind 0 lists the others: u16 kind, u32
 * length, u32 offset from the trailer's beginning.  All little-endian. */
enum { END_BYTES = 72, LENGTH_AT = 32, FOOT_BYTES = 6, INDEX_ENTRY_BYTES = 10, RECORDS_MAX = 256, BOXES_MAX = 1 << 16 };
static const char letters[] = "8db42d694ccc418790edff439fe026bf";

/* Kinds: 0x101 protocol buffers about the camera, 0x200 previews, 0x700 positions; the others that are named here are
 * measurements (0x300 acceleration and rotation, 0x400 exposure, 0x600 times of frames). */
enum { KIND_INDEX = 0, KIND_CAMERA = 0x101, KIND_PREVIEW = 0x200, KIND_MOTION = 0x300, KIND_EXPOSURE = 0x400,
       KIND_TIMES = 0x600, KIND_GPS = 0x700 };

struct bytes insta360_trailer(struct bytes file)
{
    const struct bytes none = { 0 };

    if (file.len < END_BYTES || memcmp(file.at + file.len - (sizeof letters - 1), letters, sizeof letters - 1) != 0)
        return none;
    struct cursor c = cursor_over(bytes_part(file, file.len - END_BYTES + LENGTH_AT, 4));
    const uint32_t length = cursor_u32le(&c);
    return length < END_BYTES || length > file.len ? none : bytes_part(file, file.len - length, length);
}

struct bytes insta360_behind_boxes(struct bytes file)
{
    const struct bytes trailer = insta360_trailer(file);
    uint64_t end = file.origin;
    struct box_walk w;
    struct box box;

    if (trailer.len == 0)
        return trailer;
    box_walk_init(&w, file);
    for (unsigned i = 0; i < BOXES_MAX && end < trailer.origin && box_walk_next(&w, &box) && !box.size_wrong &&
         box.missing == 0; i++)
        end = box.whole.origin + box.whole.len;
    return end == trailer.origin ? trailer : (struct bytes){ 0 };
}

struct bytes insta360_in_box(const struct box *box)
{
    const struct bytes trailer = box->type == BOX_TYPE('i', 'n', 's', 't')
        ? insta360_trailer(box->body) : (struct bytes){ 0 };

    return trailer.len == box->body.len ? trailer : (struct bytes){ 0 };
}

void insta360_walk_init(struct insta360_walk *w, struct bytes trailer)
{
    struct insta360_record last;

    *w = (struct insta360_walk){ .trailer = trailer,
                                 .rest = bytes_part(trailer, 0,
                                                    trailer.len < END_BYTES ? 0 : trailer.len - END_BYTES) };
    struct insta360_walk ahead = *w;
    if (insta360_walk_next(&ahead, &last) && last.kind == KIND_INDEX && last.body.len >= INDEX_ENTRY_BYTES) {
        w->index = last.body;
        w->by_index = true;
        w->rest = bytes_part(w->rest, 0, 0);
    }
}

/* The next one of the index that lies in the trailer. */
static bool next_by_index(struct insta360_walk *w, struct insta360_record *ret)
{
    while (w->index.len >= INDEX_ENTRY_BYTES) {
        struct cursor c = cursor_over(bytes_part(w->index, 0, INDEX_ENTRY_BYTES));
        const uint16_t kind = cursor_u16le(&c);
        const uint32_t length = cursor_u32le(&c), offset = cursor_u32le(&c);
        w->index = bytes_part(w->index, INDEX_ENTRY_BYTES, UINT64_MAX);
        if (kind == KIND_INDEX || length == 0 || (uint64_t)offset + length > w->trailer.len)
            continue;
        *ret = (struct insta360_record){ kind, bytes_part(w->trailer, offset, length) };
        return true;
    }
    return false;
}

bool insta360_walk_next(struct insta360_walk *w, struct insta360_record *ret)
{
    if (w->by_index)
        return next_by_index(w, ret);
    if (w->rest.len < FOOT_BYTES || w->ended)
        return false;
    struct cursor foot = cursor_over(bytes_part(w->rest, w->rest.len - FOOT_BYTES, FOOT_BYTES));
    const uint16_t kind = cursor_u16le(&foot);
    const uint32_t length = cursor_u32le(&foot);
    if (length > w->rest.len - FOOT_BYTES) {
        w->ended = true;
        return false;
    }
    const size_t before = w->rest.len - FOOT_BYTES - length;
    *ret = (struct insta360_record){ kind, bytes_part(w->rest, before, length) };
    w->rest = bytes_part(w->rest, 0, before);
    return true;
}

static void read_camera(struct photo *p, struct bytes body)
{
    static const char *const names[] = { NULL, "SerialNumber", "Model", "Firmware" };
    struct cursor c = cursor_over(body);
    struct protobuf_field f;
    uint64_t others = 0;

    while (protobuf_next(&c, &f)) {
        const struct photo_where where = photo_where(p, f.body, "Insta360 trailer",
                                                     f.number <= 3 ? names[f.number] : NULL, TEXT_UNKNOWN);
        if (f.wire == PROTOBUF_LEN && f.number == 1)
            photo_name(p, "serial", f.body, PHOTO_DEVICE_CAMERA, PHOTO_RANK_VENDOR, where);
        else if (f.wire == PROTOBUF_LEN && f.number == 2 && !text_known(p->model))
            p->model = text_of_bytes(f.body), p->make = TEXT("Insta360"), p->camera_where = where;
        else if (f.wire == PROTOBUF_LEN && f.number == 3)
            photo_firmware(p, f.body, PHOTO_DEVICE_CAMERA, where);
        else
            others += f.number == 2 && f.wire == PROTOBUF_LEN ? 0 : f.body.len;
    }
    if (others + (c.failed ? c.rest.len : 0) > 0)
        photo_unread(p, body.origin, others + (c.failed ? c.rest.len : 0), "settings in Insta360's trailer");
}

void insta360_read(struct photo *p, struct bytes trailer)
{
    struct insta360_record record;
    struct insta360_walk w;
    uint64_t unknown = 0, first = trailer.origin;
    unsigned records = 0;

    for (insta360_walk_init(&w, trailer); records < RECORDS_MAX && insta360_walk_next(&w, &record); records++) {
        switch (record.kind) {
        case KIND_CAMERA: read_camera(p, record.body); break;
        case KIND_PREVIEW:
            if (bytes_start_with(record.body, "\xff\xd8\xff", 3) && p->r->member)
                p->r->member(p->r, TEXT("insta360-preview.jpg"), record.body);
            break;
        case KIND_INDEX: case KIND_MOTION: case KIND_EXPOSURE: case KIND_TIMES: case KIND_GPS: break;
        default:
            first = record.body.origin;
            unknown += record.body.len;
        }
    }
    if (records > 0)
        photo_untested(p, TEXT("What Insta360's cameras write behind their files is untested on real files."));
    unknown += w.rest.len;
    if (unknown > 0)
        photo_unread(p, w.rest.len ? w.rest.origin : first, unknown, "records of Insta360's trailer");
}

/* seconds, ?, milliseconds, A or V, latitude, N or S, longitude, E or W (O in French), speed, track, altitude */
enum { FIX_BYTES = 53 };

struct fix {
    struct flight_point point;
    int64_t utc_ns;
};

/* False: it says that it is none. */
static bool read_fix(struct bytes at, struct fix *ret)
{
    struct cursor c = cursor_over(at);
    const int64_t seconds = cursor_u32le(&c);
    cursor_skip(&c, 4);
    const int64_t ms = cursor_u16le(&c);
    const uint8_t status = cursor_u8(&c);
    const double latitude = cursor_f64le(&c);
    const uint8_t north = cursor_u8(&c);
    const double longitude = cursor_f64le(&c);
    const uint8_t east = cursor_u8(&c);
    cursor_skip(&c, 16);
    const double altitude = cursor_f64le(&c);

    if (c.failed || status != 'A' || (north != 'N' && north != 'S') || (east != 'E' && east != 'W' && east != 'O'))
        return false;
    ret->point = (struct flight_point){ .longitude_deg = east != 'E' ? -fabs(longitude) : longitude,
                                        .latitude_deg = north == 'S' ? -fabs(latitude) : latitude,
                                        .altitude_m = isfinite(altitude) ? altitude : FACT_UNKNOWN_REAL };
    ret->utc_ns = seconds * NS_PER_S + ms * (NS_PER_S / 1000);
    return true;
}

static void take_fix(struct movie_path *path, struct bytes at)
{
    struct fix fix;

    if (!read_fix(at, &fix)) {
        path->without_fix++;
        return;
    }
    const struct flight_time time = { fix.utc_ns, FACT_UNKNOWN_INT, "utc" };
    path->by_satellite = true;
    (void)movie_path_put(path, at, fix.point, "unknown", &time);
}

void insta360_read_place(struct photo *p, struct bytes trailer)
{
    struct insta360_record record;
    struct insta360_walk w;
    unsigned records = 0, fixes = 0;
    struct fix fix;

    for (insta360_walk_init(&w, trailer); records < RECORDS_MAX && insta360_walk_next(&w, &record); records++)
        for (uint64_t i = 0; record.kind == KIND_GPS && record.body.len - i >= FIX_BYTES && fixes < PHOTO_PLACES_MAX;
             i += FIX_BYTES) {
            const struct bytes at = bytes_part(record.body, i, FIX_BYTES);
            if (!read_fix(at, &fix))
                continue;
            fixes++;
            const struct photo_place place = { .subject = "camera", .source = "Insta360's trailer",
                                               .latitude_deg = fix.point.latitude_deg,
                .longitude_deg = fix.point.longitude_deg, .altitude_m = fix.point.altitude_m,
                .alt_ref = fact_known_real(fix.point.altitude_m) ? "unknown" : NULL, .rank = PHOTO_RANK_VENDOR,
                .where = photo_where(p, at, "Insta360 trailer", "GPS", TEXT_UNKNOWN) };
            photo_locate(p, &place);
            if (!p->gps_utc_known)
                p->gps_utc_ns = fix.utc_ns;
            p->gps_utc_known = true;
        }
}

void insta360_read_path(struct movie *m, struct bytes trailer)
{
    const struct movie_track whole = { .trak = trailer };
    struct insta360_record record;
    struct insta360_walk w;
    struct movie_path path;
    unsigned records = 0;
    uint64_t odd = 0;

    movie_path_init(&path, m, &whole, "insta360");
    for (insta360_walk_init(&w, trailer); records < RECORDS_MAX && insta360_walk_next(&w, &record); records++) {
        if (record.kind != KIND_GPS)
            continue;
        for (uint64_t i = 0; record.body.len - i >= FIX_BYTES; i += FIX_BYTES)
            take_fix(&path, bytes_part(record.body, i, FIX_BYTES));
        odd += record.body.len % FIX_BYTES;
    }
    if (odd > 0)
        reading_damage(m->photo.r, trailer.origin, (int64_t)odd, FACT_UNKNOWN_INT,
                       "%" PRIu64 " bytes of positions in Insta360's trailer are not a whole one", odd);
    if (path.begun)
        flight_rows_note(&path.rows,
                         "Path of an Insta360 camera; what carried the camera is not in it. Untested on real files.");
    movie_path_end(&path, TEXT_UNKNOWN);
}
