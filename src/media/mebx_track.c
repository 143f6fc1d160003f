#include "media/mebx_track.h"

#include "media/location_text.h"

enum { KEYS_MAX = 64, KEY_NAME_AT = 4 };

struct mebx_key {
    uint32_t local;              /* its number in samples */
    struct text name;
    bool location, known;
    uint64_t values, bytes;
};

struct mebx {
    struct movie_path path;
    struct mebx_key keys[KEYS_MAX];
    size_t key_count;
    uint64_t bad;                /* locations that are none, boxes of no key */
};

/* Detected faces are rectangles and numbers of the recording; they tell nobody's name. */
static bool names_nothing(struct text name)
{
    static const struct text endings[] = {
        TEXT_INIT("detected-face"), TEXT_INIT("detected-human-body"), TEXT_INIT("detected-salient-object"),
        TEXT_INIT("detected-cat-body"), TEXT_INIT("detected-dog-body"), TEXT_INIT("video-orientation"), TEXT_INIT("still-image-time"),
        TEXT_INIT("live-photo-info"), TEXT_INIT("scene-illuminance"), TEXT_INIT("still-image-transform"),
        TEXT_INIT("still-image-transform-reference-dimensions"), TEXT_INIT("segment-identifier"),
    };

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (text_ends_with(name, endings[i]))
            return true;
    return false;
}

/* Boxes named by the local number, in each of them `keyd`: namespace (4 bytes), name. */
static void read_keys(struct mebx *x, struct bytes entry)
{
    struct box_walk w;
    struct box keys, key, keyd;

    /* Behind reserved bytes and the data reference. */
    if (!box_find(bytes_part(entry, 8, UINT64_MAX), BOX_TYPE('k', 'e', 'y', 's'), &keys))
        return;
    for (box_walk_init(&w, keys.body); x->key_count < KEYS_MAX && box_walk_next(&w, &key); ) {
        if (!box_find(key.body, BOX_TYPE('k', 'e', 'y', 'd'), &keyd))
            continue;
        struct mebx_key *k = &x->keys[x->key_count++];
        k->local = key.type;
        k->name = text_of_bytes(bytes_part(keyd.body, KEY_NAME_AT, UINT64_MAX));
        k->location = text_ends_with(k->name, TEXT("location.ISO6709"));
        k->known = k->location || names_nothing(k->name);
    }
}

static void take_location(struct mebx *x, const struct movie_sample *sample, struct bytes value)
{
    const struct flight_time time = movie_sample_time(x->path.movie, x->path.track, sample->time);
    struct location_text l;

    if (!location_text_parse(text_of_padded(value), &l)) {
        x->bad++;
        return;
    }
    const struct flight_point point = { .longitude_deg = l.longitude_deg, .latitude_deg = l.latitude_deg,
                                        .altitude_m = l.altitude_m };
    movie_path_put_changed(&x->path, value, point, l.above_ellipsoid ? "ellipsoid" : "unknown", &time,
                           movie_sample_ms(x->path.track, sample->time));
}

static void take_sample(struct mebx *x, const struct movie_sample *sample)
{
    struct box_walk w;
    struct box box;

    for (box_walk_init(&w, sample->data); box_walk_next(&w, &box); ) {
        size_t i = 0;
        while (i < x->key_count && x->keys[i].local != box.type)
            i++;
        if (i == x->key_count || box.size_wrong) {
            x->bad += box.type != 0;
            continue;
        }
        x->keys[i].values++;
        x->keys[i].bytes += box.body.len;
        if (x->keys[i].location)
            take_location(x, sample, box.body);
    }
}

void mebx_track_read(struct movie *m, const struct movie_track *track)
{
    struct mebx *x = arena_alloc(m->photo.r->arena, 1, sizeof *x);
    struct movie_samples s;
    struct movie_sample sample;
    uint64_t outside = 0;

    if (!x)
        return;
    movie_path_init(&x->path, m, track, "apple-mebx");
    read_keys(x, track->entry);
    for (movie_samples_init(&s, track, m->file); movie_samples_next(&s, &sample); ) {
        outside += sample.data.len < sample.size;
        take_sample(x, &sample);
    }
    movie_samples_damage(m, &s, outside);
    for (size_t i = 0; i < x->key_count; i++)
        if (!x->keys[i].known && x->keys[i].values > 0)
            photo_unread(&m->photo, track->trak.origin, x->keys[i].bytes, "timed key \"%.*s\"",
                         x->keys[i].name.len < 80 ? (int)x->keys[i].name.len : 80, x->keys[i].name.at);
    if (x->bad > 0)
        reading_damage(m->photo.r, track->trak.origin, FACT_UNKNOWN_INT, (int64_t)x->bad,
                       "%llu timed values of track %u are not as their key says", (unsigned long long)x->bad, track->id);
    if (x->path.begun)
        flight_rows_note(&x->path.rows, "Path of a video's timed locations; what carried the camera is not in it. Untested on real files.");
    movie_path_end(&x->path, TEXT_UNKNOWN);
}
