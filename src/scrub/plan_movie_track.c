#include "scrub/plan_movie.h"

#include "media/track_boxes.h"
#include "scrub/coordinate.h"
#include "scrub/plan_jpeg.h"
#include "scrub/plan_log.h"
#include "scrub/plan_vendor.h"

/* What is done with the samples of one track. */

static void take_gopro(struct plan *p, struct bytes sample)
{
    plan_gpmf(p, sample, "GoPro track");
}

/* Google's camera motion metadata (developers.google.com/streetview/publish/camm-spec): kinds 5 and 6 hold
 * positions. */
static void take_camm(struct plan *p, struct bytes sample)
{
    static const struct { uint16_t kind; uint8_t latitude, longitude; } kinds[] = { { 5, 4, 12 }, { 6, 16, 24 } };
    struct cursor c = cursor_over(sample);

    cursor_skip(&c, 2);
    const uint16_t kind = cursor_u16le(&c);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].kind != kind)
            continue;
        plan_coordinate(p, bytes_part(sample, kinds[i].latitude, 8), COORDINATE_F64_DEG, false, AXIS_LATITUDE,
                        SCRUB_POSITION, "camm track");
        plan_coordinate(p, bytes_part(sample, kinds[i].longitude, 8), COORDINATE_F64_DEG, false, AXIS_LONGITUDE,
                        SCRUB_POSITION, "camm track");
        if (kind == 6)
            plan_fill(p, bytes_part(sample, 4, 8), 0, SCRUB_TIME, "camm track");
    }
}

/* Telemetry as in subtitles beside a video; the length of the text stands before it. */
static void take_text(struct plan *p, struct bytes sample)
{
    struct cursor c = cursor_over(sample);
    const uint16_t length = cursor_u16be(&c);

    plan_srt_cue(p, bytes_part(c.rest, 0, length));
}

static void take_picture(struct plan *p, struct bytes sample)
{
    if (plan_drops(p, SCRUB_THUMBNAIL))
        plan_fill(p, sample, 0, SCRUB_THUMBNAIL, "picture track");
    else if (bytes_start_with(sample, "\xff\xd8\xff", 3))
        plan_jpeg_inside(p, sample, "picture track");
}

/* By the type of the first sample description.  No function: the whole track goes when `kind` does. */
static const struct track_kind {
    char type[5];
    void (*take)(struct plan *p, struct bytes sample);
    enum scrub_kind kind;
    const char *what;
} track_kinds[] = {
    { "gpmd", take_gopro, SCRUB_POSITION, "GoPro track" },
    { "camm", take_camm, SCRUB_POSITION, "camm track" },
    { "tx3g", take_text, SCRUB_POSITION, "text track" }, { "text", take_text, SCRUB_POSITION, "text track" },
    { "jpeg", take_picture, SCRUB_THUMBNAIL, "picture track" },
    { "fdsc", NULL, SCRUB_SERIAL, "GoPro recovery track" },
    { "djmd", NULL, SCRUB_POSITION, "DJI telemetry track" }, { "dbgi", NULL, SCRUB_POSITION, "DJI debug track" },
    { "mebx", NULL, SCRUB_POSITION, "timed metadata track" }, { "mett", NULL, SCRUB_POSITION, "timed metadata track" },
};

static bool is_one_of(uint32_t type, const char *types)
{
    const char name[5] = { (char)(type >> 24), (char)(type >> 16), (char)(type >> 8), (char)type, 0 };

    return type != 0 && strstr(types, name) != NULL;
}

static bool is_sound_or_picture(const struct movie_track *t)
{
    enum { PICTURES_MAX = 4 };

    if (t->entry_type == BOX_TYPE('j', 'p', 'e', 'g') && t->sample_count > 0 && t->sample_count <= PICTURES_MAX)
        return false;
    return is_one_of(t->handler, "vide soun tmcd hint clcp auxv pict") ||
        t->entry_type == BOX_TYPE('t', 'm', 'c', 'd') || !t->has_samples;
}

static const struct track_kind *kind_of(const struct movie_track *t)
{
    for (size_t i = 0; i < sizeof track_kinds / sizeof *track_kinds; i++) {
        const char *k = track_kinds[i].type;
        if (BOX_TYPE(k[0], k[1], k[2], k[3]) == t->entry_type)
            return &track_kinds[i];
    }
    return NULL;
}

/* Which bytes of the file the track's samples are. */
static void note_runs(struct movie_plan *m, const struct movie_track *t)
{
    /* Uncompressed sound: sizes in the table are no sizes (media/movie_track.h). */
    const bool no_sizes = t->same_size == 1 && t->handler == BOX_TYPE('s', 'o', 'u', 'n');
    struct movie_samples s;
    struct movie_run run;

    m->doubtful |= no_sizes || t->entries_lost > 0 || t->boxes_wrong > 0 || t->entry_count > 1;
    for (movie_samples_init(&s, t, m->file); movie_samples_next_run(&s, &run); ) {
        if (m->run_count == MOVIE_RUNS_MAX || run.offset > m->file.len || run.size > m->file.len - run.offset) {
            m->doubtful = true;
            return;
        }
        m->runs[m->run_count++] = (struct sample_run){ run.offset, run.offset + run.size };
    }
    m->doubtful |= s.overlapping || s.tables_disagree || s.fragments.entries_lost > 0;
}

static void take_samples(struct movie_plan *m, const struct movie_track *t, const struct track_kind *kind)
{
    struct movie_samples s;
    struct movie_sample sample;
    uint64_t outside = 0;

    for (movie_samples_init(&s, t, m->file); movie_samples_next(&s, &sample); ) {
        outside += sample.data.len < sample.size;
        if (kind->take)
            kind->take(&m->plan, sample.data);
        else
            plan_fill(&m->plan, sample.data, 0, kind->kind, kind->what);
    }
    if (outside || s.overlapping || s.tables_disagree || s.fragments.entries_lost > 0)
        reading_damage(m->plan.r, t->trak.origin, FACT_UNKNOWN_INT, (int64_t)outside,
                       "samples of the %s lie outside the file, or its tables disagree",
                       kind->what);
}

static void take_boxes(struct plan *p, struct bytes trak)
{
    struct track_box_walk w;
    enum track_box what;
    struct box box;

    for (track_box_walk_init(&w, trak); track_box_next(&w, &box, &what); )
        switch (what) {
        case TRACK_BOX_USER_DATA: plan_user_data(p, box.body, "track udta"); break;
        case TRACK_BOX_META: plan_movie_meta(p, box.body, "track meta"); break;
        case TRACK_BOX_TIMES: plan_header_times(p, box.body); break;
        case TRACK_BOX_UUID: plan_uuid_box(p, &box, "track"); break;
        case TRACK_BOX_FREE: plan_fill(p, box.body, 0, SCRUB_SERIAL, "free space"); break;
        case TRACK_BOX_UNKNOWN: plan_box_unknown(p, &box, "track"); break;
        case TRACK_BOX_NAMELESS: break;
        }
}

void plan_movie_track(struct movie_plan *m, const struct box *trak)
{
    static const struct track_kind unknown = { "", NULL, SCRUB_UNKNOWN, "track of unknown kind" };
    struct movie_track t;

    if (movie_track_open(trak->body, m->context, &t) != PARSE_OK) {
        reading_damage(m->plan.r, trak->whole.origin, (int64_t)trak->whole.len, 1,
                       "a track has neither a handler nor samples");
        plan_box_unknown(&m->plan, trak, "moov");
        return;
    }
    if (t.boxes_wrong > 0 || t.entries_lost > 0)
        reading_damage(m->plan.r, t.trak.origin, FACT_UNKNOWN_INT, 1, "boxes or tables of track %u have a false size",
                       t.id);
    note_runs(m, &t);
    take_boxes(&m->plan, trak->body);
    if (is_sound_or_picture(&t))
        return;
    const struct track_kind *kind = kind_of(&t);
    if (!kind && !plan_drops(&m->plan, SCRUB_UNKNOWN)) {
        plan_left(&m->plan, trak->body, unknown.what);
        return;
    }
    kind = kind ? kind : &unknown;
    take_samples(m, &t, kind);
    if (!kind->take) {
        plan_box_free(&m->plan, trak, kind->kind, kind->what);
        plan_movie_fragments_of(m, t.id, kind->kind, kind->what);
    }
}
