#include "report/map_tile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/protobuf.h"

/* Fields of the messages, by number (vector_tile.proto). */
enum { TILE_LAYER = 3, LAYER_NAME = 1, LAYER_FEATURE = 2, LAYER_KEY = 3, LAYER_VALUE = 4, LAYER_EXTENT = 5,
       FEATURE_TAGS = 2, FEATURE_TYPE = 3, FEATURE_GEOMETRY = 4, VALUE_STRING = 1 };
enum { TYPE_POINT = 1, TYPE_LINE = 2, TYPE_POLYGON = 3 };
enum { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7 };
enum { KEYS_MAX = 1024, VALUES_MAX = 65536, EXTENT_MAX = 1 << 16, COORDINATE_MAX = 1 << 22,
       OUTSIDE_MAX = MAP_TILE_SIDE / 4 };

const char *const map_shape_names[MAP_SHAPES] = {
    [MAP_GREEN] = "green", [MAP_BUILT] = "built", [MAP_WATER] = "water", [MAP_STREAM] = "stream", [MAP_BUILDING] = "building",
    [MAP_BORDER] = "border", [MAP_ROAD] = "road", [MAP_ROAD_LARGE] = "road-large",
};

/* What a layer holds, by its name: o OpenMapTiles, p Protomaps, s Shortbread. */
enum layer_kind { LAYER_NONE, LAYER_WATER, LAYER_STREAM, LAYER_LAND, LAYER_BUILDING, LAYER_ROAD, LAYER_BORDER,
                  LAYER_PLACES };
static const struct { const char *name; enum layer_kind kind; } layers[] = {
    { "water", LAYER_WATER } /* o p */, { "ocean", LAYER_WATER } /* s */, { "water_polygons", LAYER_WATER } /* s */,
    { "waterway", LAYER_STREAM } /* o */, { "water_lines", LAYER_STREAM } /* s */,
    { "landcover", LAYER_LAND } /* o p */, { "landuse", LAYER_LAND } /* o p */, { "park", LAYER_LAND } /* o */,
    { "land", LAYER_LAND } /* s */, { "sites", LAYER_LAND } /* s */,
    { "building", LAYER_BUILDING } /* o */, { "buildings", LAYER_BUILDING } /* p s */,
    { "transportation", LAYER_ROAD } /* o */, { "roads", LAYER_ROAD } /* p */, { "streets", LAYER_ROAD } /* s */,
    { "boundary", LAYER_BORDER } /* o */, { "boundaries", LAYER_BORDER } /* p s */,
    { "place", LAYER_PLACES } /* o */, { "places", LAYER_PLACES } /* p */, { "place_labels", LAYER_PLACES } /* s */,
};

static const char *const green_words[] = { "wood", "forest", "grass", "park", "scrub", "heath", "meadow",
                                           "nature_reserve", "national_park",
    "garden", "cemetery", "golf_course", "pitch", "farmland", "orchard", "vineyard", "allotments", "recreation_ground", "village_green",
    "wetland", "crop", "grassland", "shrub", "protected_area", "farm", "zoo", "playground" };
static const char *const built_words[] = { "residential", "commercial", "industrial", "retail", "urban_area", "railway",
                                           "suburb", "quarter",
    "neighbourhood", "military", "hospital", "school", "university", "college", "aerodrome", "airfield", "stadium", "pedestrian", "parking" };
static const char *const large_words[] = { "motorway", "trunk", "primary", "secondary", "highway", "major_road",
                                           "motorway_link", "trunk_link" };
static const char *const place_words[] = { "city", "town", "village", "suburb", "borough", "hamlet", "quarter",
                                           "neighbourhood", "locality" };
static const int place_ranks[] = { 0, 1, 2, 3, 3, 4, 4, 5, 5 };

/* What a field of bytes holds; nothing of a field of another kind. */
static struct bytes bytes_of(const struct protobuf_field *f)
{
    return f->wire == PROTOBUF_LEN ? f->body : (struct bytes){ 0 };
}

struct layer {
    enum layer_kind kind;
    uint32_t extent;
    struct bytes *keys, *values;  /* values: their strings */
    size_t key_count, value_count;
    bool damaged;
};

static bool word_in(struct bytes word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(word, list[i], strlen(list[i])))
            return true;
    return false;
}
#define WORD_IN(word, list) word_in((word), (list), sizeof (list) / sizeof *(list))

static struct bytes string_of(struct bytes value)
{
    struct protobuf_field f;

    return protobuf_find(value, VALUE_STRING, PROTOBUF_LEN, &f) ? f.body : (struct bytes){ 0 };
}

/* The value under a key, of a feature's tags: pairs of indexes. */
static struct bytes tag(const struct layer *l, struct bytes tags, struct text key)
{
    struct cursor c = cursor_over(tags);

    while (!c.failed && c.rest.len > 0) {
        const uint64_t k = protobuf_take_varint(&c), v = protobuf_take_varint(&c);
        if (!c.failed && k < l->key_count && v < l->value_count && bytes_equal(l->keys[k], key.at, key.len))
            return l->values[v];
    }
    return (struct bytes){ 0 };
}

/* What the schemas call a feature's kind. */
static struct bytes kind_of(const struct layer *l, struct bytes tags)
{
    static const struct text keys[] = { { "class", 5 }, { "kind", 4 }, { "pmap:kind", 9 }, { "subclass", 8 } };
    struct bytes kind = { 0 };

    for (size_t i = 0; i < sizeof keys / sizeof *keys && kind.len == 0; i++)
        kind = tag(l, tags, keys[i]);
    return kind;
}

static enum map_shape shape_of(const struct layer *l, struct bytes tags, uint64_t type)
{
    const bool line = type == TYPE_LINE;

    switch (l->kind) {
    case LAYER_WATER: return line ? MAP_STREAM : type == TYPE_POLYGON ? MAP_WATER : MAP_SHAPES;
    case LAYER_STREAM: return line ? MAP_STREAM : MAP_SHAPES;
    case LAYER_BUILDING: return type == TYPE_POLYGON ? MAP_BUILDING : MAP_SHAPES;
    case LAYER_BORDER: return line ? MAP_BORDER : MAP_SHAPES;
    case LAYER_ROAD: return !line ? MAP_SHAPES : WORD_IN(kind_of(l, tags), large_words) ? MAP_ROAD_LARGE : MAP_ROAD;
    case LAYER_LAND: {
        const struct bytes kind = kind_of(l, tags);
        return type != TYPE_POLYGON ? MAP_SHAPES : WORD_IN(kind, green_words)
            ? MAP_GREEN : WORD_IN(kind, built_words) ? MAP_BUILT : MAP_SHAPES;
    }
    default: return MAP_SHAPES;
    }
}

/* A shape's points as they come; each ring or line goes into the path when it is whole. */
struct pen {
    struct map_tile *tile;
    struct buffer *path;
    bool polygon;
    int64_t x, y;                 /* in the tile's own units */
    int32_t from_x, from_y, at_x, at_y;
    size_t steps;                 /* in the path, of this ring or line */
    struct buffer ring;
};

static int32_t scaled(int64_t v, uint32_t extent)
{
    const int64_t at = v * MAP_TILE_SIDE / (int64_t)extent;

    return (int32_t)(at < -OUTSIDE_MAX ? -OUTSIDE_MAX : at > MAP_TILE_SIDE + OUTSIDE_MAX ? MAP_TILE_SIDE +
                     OUTSIDE_MAX : at);
}

static void end_ring(struct pen *p)
{
    if (p->steps >= (p->polygon ? 2u : 1u)) {
        if (p->polygon)
            (void)buffer_add_u8(&p->ring, 'z');
        p->tile->cut |= !buffer_add(p->path, p->ring.at, p->ring.len);
    }
    buffer_clear(&p->ring);
    p->steps = 0;
}

static void move_to(struct pen *p, int32_t x, int32_t y)
{
    end_ring(p);
    (void)buffer_printf(&p->ring, "M%d %d", x, y);
    p->at_x = x;
    p->at_y = y;
}

static void line_to(struct pen *p, int32_t x, int32_t y)
{
    const int32_t dx = x - p->at_x, dy = y - p->at_y;

    if ((dx == 0 && dy == 0) || p->ring.len == 0)
        return;
    (void)buffer_printf(&p->ring, p->steps == 0 ? "l%d%s%d" : dx < 0 ? "%d%s%d" : " %d%s%d", dx, dy < 0 ? "" : " ", dy);
    p->steps++;
    p->at_x = x;
    p->at_y = y;
}

/* Commands and their points (section 4.3).  `pen` NULL: only the first point is wanted.  False: damaged. */
static bool walk(struct bytes geometry, const struct layer *l, struct map_tile *t, struct pen *pen, int32_t first[2])
{
    struct cursor c = cursor_over(geometry);
    int64_t x = 0, y = 0;

    while (!c.failed && c.rest.len > 0) {
        const uint64_t command = protobuf_take_varint(&c), count = command >> 3;
        const unsigned id = command & 7;
        if (id == CLOSE_PATH) {
            if (pen)
                end_ring(pen);
            continue;
        }
        if (id != MOVE_TO && id != LINE_TO)
            return false;
        for (uint64_t i = 0; i < count && !c.failed; i++) {
            const uint32_t dx = (uint32_t)protobuf_take_varint(&c), dy = (uint32_t)protobuf_take_varint(&c);
            x += (int32_t)(dx >> 1 ^ -(dx & 1));
            y += (int32_t)(dy >> 1 ^ -(dy & 1));
            if (c.failed || x > COORDINATE_MAX || x < -COORDINATE_MAX || y > COORDINATE_MAX || y < -COORDINATE_MAX)
                return false;
            if (++t->points > MAP_TILE_POINTS_MAX) {
                t->cut = true;
                return true;
            }
            const int32_t to_x = scaled(x, l->extent), to_y = scaled(y, l->extent);
            if (!pen) {
                first[0] = to_x;
                first[1] = to_y;
                return true;
            }
            if (id == MOVE_TO)
                move_to(pen, to_x, to_y);
            else
                line_to(pen, to_x, to_y);
        }
    }
    return !c.failed;
}

static struct bytes name_of(const struct layer *l, struct bytes tags, struct text language)
{
    char key[24];
    const int len = snprintf(key, sizeof key, "name:%.*s", (int)(language.len < 8 ? language.len : 8), language.at);
    const struct bytes wanted = tag(l, tags, (struct text){ key, (size_t)len });

    return wanted.len ? wanted : tag(l, tags, TEXT("name"));
}

static void add_name(struct map_tile *t, const struct layer *l, struct bytes tags, struct text language,
                     const int32_t at[2])
{
    const struct bytes name = name_of(l, tags, language), kind = kind_of(l, tags);
    struct map_name made = { .rank = 6, .x = at[0], .y = at[1], .len = name.len };
    size_t into = t->name_count;

    if (name.len == 0 || name.len >= MAP_NAME_BYTES_MAX || at[0] < 0 || at[1] < 0 || at[0] >= MAP_TILE_SIDE ||
        at[1] >= MAP_TILE_SIDE)
        return; /* of the tile beside, which has it, too */
    for (size_t i = 0; i < sizeof place_words / sizeof *place_words; i++)
        if (bytes_equal(kind, place_words[i], strlen(place_words[i])))
            made.rank = place_ranks[i];
    memcpy(made.name, name.at, name.len);
    if (t->name_count == MAP_NAMES_MAX) {
        t->cut = true;
        into = 0;
        for (size_t i = 1; i < MAP_NAMES_MAX; i++)
            if (t->names[i].rank > t->names[into].rank)
                into = i;
        if (t->names[into].rank <= made.rank)
            return;
    } else {
        t->name_count++;
    }
    t->names[into] = made;
}

static void read_feature(struct bytes feature, struct layer *l, struct text language, struct map_tile *t)
{
    struct cursor c = cursor_over(feature);
    struct bytes tags = { 0 }, geometry = { 0 };
    uint64_t type = 0;
    struct protobuf_field f;

    while (protobuf_next(&c, &f)) {
        if (f.number == FEATURE_TAGS)
            tags = bytes_of(&f);
        else if (f.number == FEATURE_GEOMETRY)
            geometry = bytes_of(&f);
        else if (f.number == FEATURE_TYPE)
            type = f.value;
    }
    l->damaged |= c.failed;
    if (l->kind == LAYER_PLACES) {
        int32_t at[2] = { -1, -1 };
        if (type == TYPE_POINT && walk(geometry, l, t, NULL, at))
            add_name(t, l, tags, language, at);
        return;
    }
    const enum map_shape shape = shape_of(l, tags, type);
    if (shape == MAP_SHAPES)
        return;
    struct pen pen = { .tile = t, .path = &t->paths[shape], .polygon = type == TYPE_POLYGON };
    buffer_init(&pen.ring, MAP_TILE_PATH_MAX);
    l->damaged |= !walk(geometry, l, t, &pen, NULL);
    end_ring(&pen);
    buffer_done(&pen.ring);
}

/* Keys, values and extent may stand behind the features that need them: they are looked for first. */
static void read_head(struct bytes whole, struct layer *l)
{
    struct cursor c = cursor_over(whole);
    struct protobuf_field f;

    while (protobuf_next(&c, &f)) {
        if (f.number == LAYER_NAME) {
            for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
                if (bytes_equal(bytes_of(&f), layers[i].name, strlen(layers[i].name)))
                    l->kind = layers[i].kind;
        } else if (f.number == LAYER_EXTENT) {
            l->extent = f.value > 0 && f.value <= EXTENT_MAX ? (uint32_t)f.value : 0;
        } else if (f.number == LAYER_KEY && l->key_count < KEYS_MAX) {
            l->keys[l->key_count++] = bytes_of(&f);
        } else if (f.number == LAYER_VALUE && l->value_count < VALUES_MAX) {
            l->values[l->value_count++] = string_of(bytes_of(&f));
        }
    }
    l->damaged |= c.failed || l->extent == 0;
}

static bool read_layer(struct bytes whole, struct text language, struct map_tile *t)
{
    struct layer l = { .extent = 4096, .keys = memory_alloc_array(KEYS_MAX, sizeof *l.keys),
                       .values = memory_alloc_array(VALUES_MAX, sizeof *l.values) };
    struct cursor c = cursor_over(whole);
    struct protobuf_field f;

    read_head(whole, &l);
    while (l.kind != LAYER_NONE && l.extent > 0 && t->points <= MAP_TILE_POINTS_MAX && protobuf_next(&c, &f))
        if (f.number == LAYER_FEATURE)
            read_feature(bytes_of(&f), &l, language, t);
    free(l.keys);
    free(l.values);
    return !l.damaged;
}

void map_tile_init(struct map_tile *t)
{
    memset(t, 0, sizeof *t);
    for (int i = 0; i < MAP_SHAPES; i++)
        buffer_init(&t->paths[i], MAP_TILE_PATH_MAX);
}

void map_tile_done(struct map_tile *t)
{
    for (int i = 0; i < MAP_SHAPES; i++)
        buffer_done(&t->paths[i]);
}

enum parse_status map_tile_read(struct bytes tile, struct text language, struct map_tile *t)
{
    struct cursor c = cursor_over(tile);
    bool sound = true;
    struct protobuf_field f;

    while (protobuf_next(&c, &f))
        if (f.number == TILE_LAYER)
            sound &= read_layer(bytes_of(&f), language, t);
    return c.failed || !sound ? PARSE_INVALID : PARSE_OK;
}
