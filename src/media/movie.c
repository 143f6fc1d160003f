#include "media/movie.h"

#include <inttypes.h>

#include "base/timestamp.h"
#include "flightlog/dji_srt.h"
#include "media/camm_track.h"
#include "media/dji_track.h"
#include "media/gopro_track.h"
#include "media/heif.h"
#include "media/insta360.h"
#include "media/mebx_track.h"
#include "media/movie_gaps.h"
#include "media/movie_meta.h"
#include "media/samsung_sef.h"
#include "media/track_boxes.h"

enum { TOP_BOXES_MAX = 1 << 16, TRACKS_MAX = 256, PICTURES_OF_TRACK_MAX = 4, LOOK_BOXES = 16, HEIF_BRANDS_MAX = 32 };

/* Seconds from 1904-01-01, which the format counts from, to 1970. */
#define EPOCH_1904_S UINT64_C(2082844800)

struct reader {
    struct movie m;
    bool has_movie, has_items, cut;
    uint32_t tracks;
    struct movie_gaps gaps;
};

static bool is_one_of(uint32_t type, const char *const *types)
{
    for (; *types; types++)
        if (BOX_TYPE((*types)[0], (*types)[1], (*types)[2], (*types)[3]) == type)
            return true;
    return false;
}

/* Tracks */

static void read_texts(struct movie *m, const struct movie_track *track)
{
    struct dji_srt_track *texts = dji_srt_track_begin(m->photo.r, m->photo.media);
    struct dji_srt_summary found;
    struct movie_samples s;
    struct movie_sample sample;
    uint64_t outside = 0;

    if (!texts)
        return;
    for (movie_samples_init(&s, track, m->file); movie_samples_next(&s, &sample); ) {
        struct cursor c = cursor_over(sample.data);
        const uint16_t length = cursor_u16be(&c);
        outside += sample.data.len < sample.size;
        if (length > 0)
            dji_srt_track_cue(texts, bytes_part(c.rest, 0, length), movie_sample_ms(track, sample.time),
                              movie_sample_ms(track, sample.time + sample.duration));
    }
    movie_samples_damage(m, &s, outside);
    if (!dji_srt_track_end(texts, track->trak, &found)) {
        movie_track_unread(m, track, "subtitles that are no camera's");
        return;
    }
    if (found.points == 0)
        return;
    m->photo.timed_points = (fact_known_int(m->photo.timed_points) ? m->photo.timed_points : 0) + found.points;
    const struct photo_place place = { .subject = "camera", .source = "subtitles", .latitude_deg = found.latitude_deg,
        .longitude_deg = found.longitude_deg, .altitude_m = found.altitude_m, .alt_ref = found.alt_ref,
        .rank = PHOTO_RANK_VENDOR, .where = photo_where(&m->photo, track->trak, "MP4", "subtitles", TEXT_UNKNOWN) };
    photo_locate(&m->photo, &place);
}

/* Some cameras put a picture of the video beside it as a track of its own. */
static void read_pictures(struct movie *m, const struct movie_track *track)
{
    struct movie_samples s;
    struct movie_sample sample;

    if (track->sample_count > PICTURES_OF_TRACK_MAX || track->sample_count == 0)
        return; /* a video of JPEGs */
    for (movie_samples_init(&s, track, m->file); movie_samples_next(&s, &sample); )
        (void)movie_picture(m, sample.data, "preview");
}

/* By the type of the first sample description. */
static const struct {
    char type[5];
    void (*read)(struct movie *m, const struct movie_track *track);
} track_kinds[] = {
    { "gpmd", gopro_track_read }, { "fdsc", gopro_recovery_read }, { "camm", camm_track_read }, { "djmd", dji_track_read },
    { "dbgi", dji_debug_read }, { "mebx", mebx_track_read }, { "tx3g", read_texts }, { "text", read_texts }, { "jpeg", read_pictures },
};

/* Pictures, sound, time codes, how others are to be sent. */
static bool names_nothing(const struct movie_track *t)
{
    static const char *const handlers[] = { "vide", "soun", "tmcd", "hint", "clcp", "auxv", "pict", NULL };

    return is_one_of(t->handler, handlers) || t->entry_type == BOX_TYPE('t', 'm', 'c', 'd') || !t->has_samples;
}

/* Samples may lie in another file: then the tables say nothing about this one. */
static bool is_elsewhere(const struct movie_track *t)
{
    struct box_walk w;
    struct full_box full;
    struct box box;

    box_walk_init(&w, t->data_reference);
    return box_walk_next(&w, &box) && full_box_open(box.body, &full) && !(full.flags & 1);
}

static void read_samples(struct movie *m, const struct movie_track *t)
{
    char name[BOX_NAME_BYTES], handler[BOX_NAME_BYTES];

    if (is_elsewhere(t) && !names_nothing(t)) {
        reading_damage(m->photo.r, t->trak.origin, FACT_UNKNOWN_INT, t->sample_count,
                       "the samples of track %u lie in another file", t->id);
        return;
    }
    for (size_t i = 0; i < sizeof track_kinds / sizeof *track_kinds; i++) {
        const char *k = track_kinds[i].type;
        if (BOX_TYPE(k[0], k[1], k[2], k[3]) == t->entry_type) {
            track_kinds[i].read(m, t);
            return;
        }
    }
    if (!names_nothing(t))
        movie_track_unread(m, t, "track %u of kind %s, %s", t->id, box_name(t->handler, handler),
                           box_name(t->entry_type, name));
}

static void read_track_boxes(struct movie *m, struct bytes trak)
{
    struct track_box_walk w;
    enum track_box what;
    struct box box;

    for (track_box_walk_init(&w, trak); track_box_next(&w, &box, &what); )
        switch (what) {
        case TRACK_BOX_USER_DATA: movie_user_data_read(m, box.body, "MP4 track udta"); break;
        case TRACK_BOX_META: movie_meta_read(m, box.body, "MP4 track meta"); break;
        case TRACK_BOX_UUID: movie_uuid_read(m, &box, "a track"); break;
        case TRACK_BOX_UNKNOWN: movie_box_unread(m, &box, "a track"); break;
        case TRACK_BOX_NAMELESS: case TRACK_BOX_TIMES: case TRACK_BOX_FREE: break;
        }
}

static void read_track(struct reader *x, const struct box *trak)
{
    struct movie *m = &x->m;
    struct movie_track t;

    if (++x->tracks > TRACKS_MAX)
        return;
    if (movie_track_open(trak->body, m->context, &t) != PARSE_OK) {
        movie_box_unread(m, trak, "moov");
        return;
    }
    if (t.boxes_wrong > 0)
        reading_damage(m->photo.r, t.first_wrong, FACT_UNKNOWN_INT, t.boxes_wrong,
                       "%u boxes of track %u have a false size",
                       t.boxes_wrong, t.id);
    if (t.entries_lost > 0)
        reading_damage(m->photo.r, t.trak.origin, FACT_UNKNOWN_INT, (int64_t)(t.entries_lost & INT64_MAX),
                       "the tables of track %u promise %" PRIu64 " entries that are not there", t.id, t.entries_lost);
    read_track_boxes(m, trak->body);
    read_samples(m, &t);
    if (!is_elsewhere(&t))
        movie_gaps_track(&x->gaps, m, &t);
}

/* The movie */

/* By the format in UTC; cameras write their own clock into it as often, so it counts as that. */
static void read_header(struct movie *m, struct bytes body)
{
    struct full_box full;

    if (!full_box_open(body, &full))
        return;
    struct cursor c = cursor_over(full.body);
    const uint64_t created_s = full.version == 1 ? cursor_u64be(&c) : cursor_u32be(&c);
    if (c.failed || created_s < EPOCH_1904_S || created_s - EPOCH_1904_S > UINT32_MAX)
        return; /* no clock: 0, or a time before there were such cameras */
    m->photo.xmp_clock = (struct photo_clock){ .known = true,
                                               .as_if_utc_ns = (int64_t)(created_s - EPOCH_1904_S) * NS_PER_S };
    if (!fact_known_int(m->start_local_ns))
        m->start_local_ns = m->photo.xmp_clock.as_if_utc_ns;
}

static void read_movie(struct reader *x, struct bytes moov)
{
    static const char *const harmless[] = { "iods", "mvex", "free", "skip", "wide", "ctab", "prfl", "clip", NULL };
    struct movie *m = &x->m;
    struct box_walk w;
    struct box box;

    x->has_movie = true;
    movie_context_init(m->context, m->photo.r->arena, m->file, moov);
    if (m->photo.r->foresee)
        m->photo.r->foresee(m->photo.r, moov, true);
    /* Two rounds: what the movie says of itself first, because tracks are timed by it. */
    for (box_walk_init(&w, moov); box_walk_next(&w, &box); ) {
        if (box.size_wrong || box.missing > 0)
            reading_damage(m->photo.r, box.whole.origin, (int64_t)(box.missing & INT64_MAX), 1,
                           "a box of the movie has a false size");
        switch (box.type) {
        case BOX_TYPE('m', 'v', 'h', 'd'): read_header(m, box.body); break;
        case BOX_TYPE('u', 'd', 't', 'a'): movie_user_data_read(m, box.body, "MP4 udta"); break;
        case BOX_TYPE('m', 'e', 't', 'a'): movie_meta_read(m, box.body, "MP4 meta"); break;
        case BOX_TYPE('u', 'u', 'i', 'd'): movie_uuid_read(m, &box, "moov"); break;
        case BOX_TYPE('t', 'r', 'a', 'k'): break;
        default:
            if (!is_one_of(box.type, harmless))
                movie_box_unread(m, &box, "moov");
        }
    }
    for (box_walk_init(&w, moov); box_walk_next(&w, &box); )
        if (box.type == BOX_TYPE('t', 'r', 'a', 'k'))
            read_track(x, &box);
}

/* What says where samples lie names nothing; some writers put user data beside it. */
static void read_fragment_part(struct reader *x, const struct box *box, const char *in)
{
    static const char *const harmless[] = { "mfhd", "tfhd", "tfdt", "trun", "sdtp", "sbgp", "sgpd", "subs", "saiz",
                                            "saio", "free", NULL };
    struct movie *m = &x->m;

    if (box->size_wrong || box->missing > 0)
        reading_damage(m->photo.r, box->whole.origin, (int64_t)(box->missing & INT64_MAX), 1,
                       "a box of a fragment has a false size");
    switch (box->type) {
    case BOX_TYPE('u', 'd', 't', 'a'): movie_user_data_read(m, box->body, "MP4 fragment udta"); break;
    case BOX_TYPE('m', 'e', 't', 'a'): movie_meta_read(m, box->body, "MP4 fragment meta"); break;
    case BOX_TYPE('u', 'u', 'i', 'd'): movie_uuid_read(m, box, in); break;
    default:
        if (!is_one_of(box->type, harmless))
            movie_box_unread(m, box, in);
    }
}

static void read_fragment(struct reader *x, struct bytes moof)
{
    struct box_walk w, parts;
    struct box box, part;

    for (box_walk_init(&w, moof); box_walk_next(&w, &box); ) {
        if (box.type != BOX_TYPE('t', 'r', 'a', 'f')) {
            read_fragment_part(x, &box, "moof");
            continue;
        }
        for (box_walk_init(&parts, box.body); box_walk_next(&parts, &part); )
            read_fragment_part(x, &part, "traf");
    }
}

/* DJI fills free space with where its previews and highlights are: 16 bytes each, a type first, then zeros; or with the
 * highlights (exiftool/exiftool lib/Image/ExifTool/QuickTime.pm).  Neither names anything. */
static bool is_dji_index(struct bytes body)
{
    static const char *const types[] = { "covr", "snal", "tnal", "hglg", NULL };
    enum { RECORD_BYTES = 16, RECORDS_MAX = 64 };
    struct cursor c = cursor_over(body);
    int records = 0;

    if (bytes_start_with(body, "data", 4) && bytes_equal(bytes_part(body, 8, 4), "hglg", 4))
        return true;
    while (c.rest.len >= RECORD_BYTES && records < RECORDS_MAX) {
        struct cursor record = cursor_over(cursor_take(&c, RECORD_BYTES));
        if (!is_one_of(cursor_u32be(&record), types))
            break;
        records++;
    }
    const struct bytes rest = bytes_part(body, (uint64_t)records * RECORD_BYTES, UINT64_MAX);
    return records > 0 && (rest.len == 0 || (rest.at[0] == 0 && memcmp(rest.at, rest.at + 1, rest.len - 1) == 0));
}

static void read_top_meta(struct reader *x, struct bytes body)
{
    const struct bytes children = box_meta_children(body);
    struct box box;

    if (box_find(children, BOX_TYPE('i', 'i', 'n', 'f'), &box) ||
        box_find(children, BOX_TYPE('i', 'l', 'o', 'c'), &box)) {
        x->has_items = true;
        heif_read(&x->m, body);
    } else {
        movie_meta_read(&x->m, body, "MP4 file meta");
    }
}

static void read_insta360(struct movie *m, struct bytes trailer)
{
    insta360_read(&m->photo, trailer);
    insta360_read_path(m, trailer);
}

/* The video of a motion photo (Google, "Motion Photo format 1.0", ISO base media). */
static void read_motion(struct movie *m, const struct box *box)
{
    struct reading *r = m->photo.r;

    if (!movie_recognise(box->body))
        movie_box_unread(m, box, "file");
    else if (r->member)
        r->member(r, TEXT("motion-video.mp4"), box->body);
}

static void read_top_box(struct reader *x, const struct box *box)
{
    static const char *const harmless[] = { "ftyp", "styp", "wide", "pnot", "sidx", "mfra", "pdin", "PICT", NULL };
    struct movie *m = &x->m;

    switch (box->type) {
    case BOX_TYPE('m', 'o', 'o', 'v'): read_movie(x, box->body); break;
    case BOX_TYPE('m', 'e', 't', 'a'): read_top_meta(x, box->body); break;
    case BOX_TYPE('u', 'u', 'i', 'd'): movie_uuid_read(m, box, "file"); break;
    case BOX_TYPE('u', 'd', 't', 'a'): movie_user_data_read(m, box->body, "MP4 file udta"); break;
    case BOX_TYPE('f', 'r', 'e', 'e'): case BOX_TYPE('s', 'k', 'i', 'p'):
        if (!is_dji_index(box->body))
            movie_box_unread(m, box, "free space"); /* what stood there before */
        break;
    case BOX_TYPE('m', 'd', 'a', 't'): movie_gaps_media(&x->gaps, box); break;
    case BOX_TYPE('m', 'p', 'v', 'd'): read_motion(m, box); break;
    case BOX_TYPE('m', 'o', 'o', 'f'): read_fragment(x, box->body); break;
    case BOX_TYPE('X', 'M', 'P', '_'): case BOX_TYPE('E', 'x', 'i', 'f'):
        movie_user_data_read(m, box->whole, "MP4 file");
        break;
    case BOX_TYPE('s', 'e', 'f', 'd'):
        if (samsung_sef(box->body).len == box->body.len)
            (void)samsung_sef_read(&m->photo, box->body, 1);
        else
            movie_box_unread(m, box, "file");
        break;
    default:
        if (insta360_in_box(box).len > 0)
            read_insta360(m, box->body);
        else if (!is_one_of(box->type, harmless))
            movie_box_unread(m, box, "file");
    }
}

static void say_box_damage(struct reader *x, const struct box *box)
{
    struct reading *r = x->m.photo.r;
    char name[BOX_NAME_BYTES];

    if (box->size_wrong)
        reading_damage(r, box->whole.origin, (int64_t)box->whole.len, FACT_UNKNOWN_INT,
                       "box \"%s\" is said to be smaller than its head: the rest of the file, %zu bytes, was not read",
                       box_name(box->type, name), box->whole.len);
    else if (box->missing > 0)
        reading_damage(r, box->whole.origin, (int64_t)(box->missing & INT64_MAX), FACT_UNKNOWN_INT,
                       "box \"%s\" ends %" PRIu64 " bytes behind the end of the file", box_name(box->type, name), box->missing);
    x->cut |= box->size_wrong || box->missing > 0;
}

static void say_rest(struct reader *x, const struct box_walk *w, bool too_many)
{
    struct reading *r = x->m.photo.r;
    char name[BOX_NAME_BYTES];

    for (size_t i = 0; i < x->m.unknown_count; i++)
        photo_unread(&x->m.photo, x->m.unknown[i].offset, x->m.unknown[i].length, "%u box%s of kind \"%s\" in %s",
                     x->m.unknown[i].count, x->m.unknown[i].count > 1 ? "es" : "", box_name(x->m.unknown[i].type, name),
                     x->m.unknown[i].in);
    if (x->m.context->too_many)
        reading_damage(r, 0, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "more fragments than are read: %zu",
                       x->m.context->fragment_count);
    if (x->tracks > TRACKS_MAX)
        reading_damage(r, 0, FACT_UNKNOWN_INT, x->tracks - TRACKS_MAX, "more tracks than are read");
    if (w->rest.len > 0)
        reading_damage(r, w->rest.origin, (int64_t)w->rest.len, FACT_UNKNOWN_INT, too_many ?
                       "more boxes than are read: the rest of the file, %zu bytes, was not" :
                       "%zu bytes behind the last box belong to none", w->rest.len);
    if (!x->has_movie && !x->has_items)
        reading_damage(r, x->m.file.origin + x->m.file.len, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the recording has no table of contents (moov): it was not finished, or the file was cut off");
}

/* Brands (ISO/IEC 23008-12, section 10; AV1 Image File Format). */
static bool has_heif_brand(struct bytes whole)
{
    static const char *const brands[] = { "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "mif2", "msf1",
                                          "miaf", "avif",
                                          "avis", "avci", "j2ki", NULL };
    struct box_walk w;
    struct box box;

    box_walk_init(&w, whole);
    if (!box_walk_next(&w, &box) || box.type != BOX_TYPE('f', 't', 'y', 'p'))
        return false;
    struct cursor c = cursor_over(box.body);
    for (int i = 0; i < HEIF_BRANDS_MAX && c.rest.len >= 4; i++) {
        const uint32_t brand = cursor_u32be(&c);
        if (i != 1 && is_one_of(brand, brands)) /* the second is a version */
            return true;
    }
    return false;
}

bool heif_recognise(struct bytes whole)
{
    return has_heif_brand(whole);
}

/* Old QuickTime files have no file type: a first box of a known kind, and a movie or media within the first few. */
bool movie_recognise(struct bytes whole)
{
    static const char *const first[] = { "moov", "mdat", "wide", "free", "skip", "pnot", NULL };
    struct box_walk w;
    struct box box;

    box_walk_init(&w, whole);
    for (int i = 0; i < LOOK_BOXES && box_walk_next(&w, &box); i++) {
        if (box.type == BOX_TYPE('f', 't', 'y', 'p') && i == 0)
            return !has_heif_brand(whole);
        if (!is_one_of(box.type, first) || box.size_wrong)
            return false;
        if (box.type == BOX_TYPE('m', 'o', 'o', 'v'))
            return box.body.len >= 8;
    }
    return false;
}

static const char *format_of(struct bytes whole)
{
    const struct bytes brand = bytes_part(whole, 8, 4);

    if (has_heif_brand(whole))
        return bytes_start_with(brand, "avi", 3) ? "avif" : "heif";
    return bytes_equal(bytes_part(whole, 4, 4), "ftyp", 4) && !bytes_equal(brand, "qt  ", 4) ? "mp4" : "mov";
}

enum parse_status movie_read(struct reading *r, struct bytes whole)
{
    struct reader *x = arena_alloc(r->arena, 1, sizeof *x);
    uint32_t boxes = 0;
    struct box_walk w;
    struct box box;

    if (!x || (!movie_recognise(whole) && !heif_recognise(whole)))
        return PARSE_INVALID;
    x->m.context = arena_alloc(r->arena, 1, sizeof *x->m.context);
    if (!x->m.context)
        return PARSE_INVALID;
    photo_init(&x->m.photo, r, format_of(whole), whole.len);
    const struct bytes trailer = insta360_behind_boxes(whole);
    whole = bytes_part(whole, 0, whole.len - trailer.len);
    x->m.file = whole;
    x->m.start_utc_ns = x->m.start_local_ns = FACT_UNKNOWN_INT;
    if (r->foresee)
        r->foresee(r, whole, false);
    for (box_walk_init(&w, whole); boxes < TOP_BOXES_MAX && box_walk_next(&w, &box); boxes++) {
        say_box_damage(x, &box);
        if (!box.size_wrong)
            read_top_box(x, &box);
    }
    if (x->has_movie && !x->has_items && !x->cut && !x->m.context->too_many && x->tracks <= TRACKS_MAX)
        movie_gaps_tell(&x->gaps, &x->m);
    say_rest(x, &w, boxes == TOP_BOXES_MAX);
    if (trailer.len > 0)
        read_insta360(&x->m, trailer);
    photo_put(&x->m.photo);
    if (r->passed)
        r->passed(r, whole.len + trailer.len);
    return x->cut || (!x->has_movie && !x->has_items) ? PARSE_TRUNCATED : PARSE_OK;
}
