#include "report/html_map.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_read.h"
#include "base/memory.h"
#include "report/map_tile.h"
#include "report/pmtiles.h"
#include "report/words.h"

enum { CELLS_MAX = 20000, CREDIT_MAX = 400, TILES_ACROSS_VECTOR = 2, TILES_ACROSS_PICTURE = 4, SMALLER_TRIES = 4 };

#define SCHEMA "leash.map/1"

/* In the page at most: names and what JSON adds come on top of the tiles. */
enum { WRITTEN_MAX = 2 * HTML_MAP_BYTES_MAX };

/* The page draws together what is this close (local_map.js), and shows at least so much, in degrees of latitude. */
#define NEAR_DEG 0.1
#define WIDE_MIN_DEG 0.0008
#define HIGH_MIN_DEG 0.0005
#define LATITUDE_MAX_DEG 85.05

struct html_map {
    struct html_map_source source;
};

/* The file while it is worked on: everything that comes out of its bytes is here, and in what is written. */
struct open_map {
    struct pmtiles tiles;
    struct text name, attribution; /* of the metadata; unknown where it does not say */
    struct arena *arena;
};

static struct html_map *used;

void html_map_use(struct html_map *m)
{
    used = m;
}

bool html_map_used(void)
{
    return used;
}

/* Who made the map is often written as HTML: its words are wanted. */
static struct text plain_words(struct arena *a, struct text html)
{
    static const struct { struct text entity; const char *says; } entities[] = {
        { { "&copy;", 6 }, "\u00a9" }, { { "&amp;", 5 }, "&" }, { { "&quot;", 6 }, "\"" }, { { "&#169;", 6 }, "\u00a9" }, { { "&nbsp;", 6 }, " " },
    };
    struct buffer b;
    bool inside = false;

    buffer_init(&b, CREDIT_MAX);
    for (size_t i = 0; i < html.len && !b.overflowed; i++) {
        const struct text rest = { html.at + i, html.len - i };
        size_t k = 0;
        while (k < sizeof entities / sizeof *entities && !text_starts_with(rest, entities[k].entity))
            k++;
        if (html.at[i] == '<' || html.at[i] == '>') {
            inside = html.at[i] == '<';
        } else if (!inside && k < sizeof entities / sizeof *entities) {
            (void)buffer_add_text(&b, text_of(entities[k].says));
            i += entities[k].entity.len - 1;
        } else if (!inside) {
            (void)buffer_add_u8(&b, (uint8_t)html.at[i]);
        }
    }
    const struct text said = arena_text(a, buffer_text(&b));
    buffer_done(&b);
    return said.len ? said : TEXT_UNKNOWN;
}

static bool take_metadata(void *user, const struct json_event *event)
{
    struct open_map *m = user;

    if (event->kind == JSON_TEXT && event->depth == 1 && json_event_is(event, 0, "attribution"))
        m->attribution = plain_words(m->arena, event->text);
    else if (event->kind == JSON_TEXT && event->depth == 1 && json_event_is(event, 0, "name"))
        m->name = plain_words(m->arena, event->text);
    return true;
}

static enum parse_status map_open(const struct html_map_source *source, struct open_map *ret)
{
    uint8_t head[PMTILES_HEADER_BYTES];
    struct open_map m = { .name = TEXT_UNKNOWN, .attribution = TEXT_UNKNOWN };
    struct buffer json;

    if (!source->read(source->user, 0, head, sizeof head))
        return PARSE_INVALID;
    const enum parse_status status = pmtiles_header((struct bytes){ .at = head, .len = sizeof head }, &m.tiles);
    if (status != PARSE_OK)
        return status;
    if (m.tiles.kind == PMTILES_UNKNOWN || m.tiles.kind == PMTILES_AVIF) {
        pmtiles_done(&m.tiles);
        return PARSE_UNSUPPORTED;
    }
    m.tiles.read = source->read;
    m.tiles.user = source->user;
    m.arena = arena_new(1 << 20);
    buffer_init(&json, PMTILES_METADATA_MAX * 4);
    if (pmtiles_metadata(&m.tiles, &json) == PARSE_OK) /* damaged: then it names nobody, which the page says */
        (void)!json_read((struct bytes){ .at = json.at, .len = json.len }, take_metadata, &m, NULL);
    buffer_done(&json);
    *ret = m;
    return PARSE_OK;
}

static void map_close(struct open_map *m)
{
    pmtiles_done(&m->tiles);
    arena_free(m->arena);
}

static int here(html_map_work *work, void *with, struct buffer *ret)
{
    char *said = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&said, &len);

    if (!out)
        abort(); /* out of memory, as in base/memory.c */
    const int answer = work(with, out);
    fclose(out);
    const bool fits = buffer_add(ret, said, len);
    free(said);
    return fits ? answer : -EPROTO;
}

static int map_work(const struct html_map_source *source, html_map_work *work, void *with, struct buffer *ret)
{
    return source->apart ? source->apart(source->user, work, with, ret) : here(work, with, ret);
}

/* Whether the file is a map that can be drawn: a parse_status. */
static int look_at(void *with, FILE *out)
{
    struct open_map m;
    const enum parse_status status = map_open(with, &m);

    (void)out;
    if (status == PARSE_OK)
        map_close(&m);
    return (int)status;
}

enum parse_status html_map_new(const struct html_map_source *source, struct html_map **ret)
{
    struct html_map_source with = *source;
    struct buffer nothing;

    buffer_init(&nothing, 1);
    const int answer = map_work(source, look_at, &with, &nothing);
    buffer_done(&nothing);
    if (answer != PARSE_OK)
        return answer == PARSE_UNSUPPORTED ? PARSE_UNSUPPORTED : PARSE_INVALID;
    struct html_map *m = memory_alloc(sizeof *m);
    m->source = *source;
    *ret = m;
    return PARSE_OK;
}

void html_map_free(struct html_map *m)
{
    if (used == m)
        used = NULL;
    free(m);
}

struct box { double west, south, east, north; };
struct place { struct box box; int64_t positions; };

static bool near(const struct box *a, const struct box *b)
{
    return a->west <= b->east + NEAR_DEG && a->east >= b->west - NEAR_DEG && a->south <= b->north + NEAR_DEG && a->north >= b->south - NEAR_DEG;
}

static void join(struct box *a, const struct box *b)
{
    a->west = fmin(a->west, b->west);
    a->south = fmin(a->south, b->south);
    a->east = fmax(a->east, b->east);
    a->north = fmax(a->north, b->north);
}

/* A box joins the places that it is near to; they become one. */
static size_t add_box(struct place *places, size_t count, struct place new)
{
    for (size_t i = 0; i < count;) {
        if (!near(&places[i].box, &new.box)) {
            i++;
            continue;
        }
        join(&new.box, &places[i].box);
        new.positions += places[i].positions;
        places[i] = places[--count];
        i = 0;
    }
    places[count] = new;
    return count + 1;
}

static int by_positions(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->positions != y->positions)
        return x->positions < y->positions ? 1 : -1;
    return x->box.west < y->box.west ? -1 : x->box.west > y->box.west;
}

/* Everything that the local map draws, in cells of a hundredth of a degree, each with its own bounds. */
static int find_places(sqlite3 *db, struct place *places, size_t *ret_count)
{
    static const char sql[] =
        "SELECT min(x), min(y), max(x), max(y), count(*) FROM ("
        " SELECT longitude_deg AS x, latitude_deg AS y FROM position WHERE media IS NULL"
        " UNION ALL SELECT longitude_deg, latitude_deg FROM media"
        " UNION ALL SELECT longitude_deg, latitude_deg FROM broadcast"
        " UNION ALL SELECT operator_longitude_deg, operator_latitude_deg FROM broadcast)"
        " WHERE x BETWEEN -180 AND 180 AND y BETWEEN -85.05 AND 85.05"
        " GROUP BY CAST(x * 100 + 18000 AS INTEGER), CAST(y * 100 + 18000 AS INTEGER) LIMIT ?";
    sqlite3_stmt *row = NULL;
    size_t count = 0;
    int status;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    sqlite3_bind_int(row, 1, CELLS_MAX);
    while ((status = sqlite3_step(row)) == SQLITE_ROW)
        count = add_box(places, count, (struct place){
            { sqlite3_column_double(row, 0), sqlite3_column_double(row, 1), sqlite3_column_double(row, 2), sqlite3_column_double(row, 3) },
            sqlite3_column_int64(row, 4) });
    sqlite3_finalize(row);
    qsort(places, count, sizeof *places, by_positions);
    *ret_count = count;
    return status == SQLITE_DONE ? 0 : -EIO;
}

/* What the page can show of a place, on a screen and on a phone: local_map.js keeps its form within bounds. */
static struct box shown(const struct box *b)
{
    const double middle = (b->south + b->north) / 2, centre = (b->west + b->east) / 2;
    const double shrink = fmax(0.02, cos(middle * M_PI / 180));
    const double wide = fmax((b->east - b->west) * shrink, WIDE_MIN_DEG), high = fmax(b->north - b->south, HIGH_MIN_DEG);
    const double half_wide = fmax(1.3 * wide, 2.2 * high) / 2 / shrink, half_high = fmax(1.3 * high, 1.1 * wide) / 2;

    return (struct box){ fmax(-180, centre - half_wide), fmax(-LATITUDE_MAX_DEG, middle - half_high), fmin(180, centre + half_wide),
                         fmin(LATITUDE_MAX_DEG, middle + half_high) };
}

/* Web Mercator, 0 to 1 from the north-west. */
static double across(double longitude_deg) { return (longitude_deg + 180) / 360; }
static double down(double latitude_deg)
{
    const double rad = latitude_deg * M_PI / 180;

    return (1 - asinh(tan(rad)) / M_PI) / 2;
}
static double longitude_at(double x) { return x * 360 - 180; }
static double latitude_at(double y) { return atan(sinh(M_PI * (1 - 2 * y))) * 180 / M_PI; }

struct range { uint32_t x0, y0, x1, y1; };

static uint32_t tile_at(double part, unsigned zoom)
{
    const double tiles = ldexp(1, (int)zoom), at = floor(part * tiles);

    return at < 0 ? 0 : at >= tiles ? (uint32_t)tiles - 1 : (uint32_t)at;
}

static struct range range_of(const struct box *b, unsigned zoom)
{
    return (struct range){ tile_at(across(b->west), zoom), tile_at(down(b->north), zoom), tile_at(across(b->east), zoom), tile_at(down(b->south), zoom) };
}

static uint64_t tiles_in(struct range r)
{
    return (uint64_t)(r.x1 - r.x0 + 1) * (r.y1 - r.y0 + 1);
}

/* The lowest zoom at which a place is as many tiles wide as make it sharp. */
static unsigned zoom_of(const struct pmtiles *p, const struct box *b)
{
    const int wanted = p->kind == PMTILES_VECTOR ? TILES_ACROSS_VECTOR : TILES_ACROSS_PICTURE;
    const double wide = fmax(across(b->east) - across(b->west), 1e-9);
    unsigned zoom = p->min_zoom;

    while (zoom < p->max_zoom && wide * ldexp(1, (int)zoom) < wanted)
        zoom++;
    while (zoom > p->min_zoom && tiles_in(range_of(b, zoom)) > HTML_MAP_TILES_MAX)
        zoom--;
    return zoom;
}

static const char *mime_of(struct bytes picture)
{
    if (bytes_start_with(picture, "\x89PNG\r\n\x1a\n", 8))
        return "image/png";
    if (bytes_start_with(picture, "\xff\xd8\xff", 3))
        return "image/jpeg";
    return bytes_start_with(picture, "RIFF", 4) && bytes_equal(bytes_part(picture, 8, 4), "WEBP", 4) ? "image/webp" : NULL;
}

static void base64(struct buffer *b, struct bytes from)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < from.len; i += 3) {
        const size_t left = from.len - i;
        const uint32_t three = (uint32_t)from.at[i] << 16 | (left > 1 ? (uint32_t)from.at[i + 1] << 8 : 0) | (left > 2 ? from.at[i + 2] : 0u);
        const char four[4] = { digits[three >> 18], digits[three >> 12 & 63], left > 1 ? digits[three >> 6 & 63] : '=',
                               left > 2 ? digits[three & 63] : '=' };
        (void)buffer_add(b, four, sizeof four);
    }
}

/* What the tiles of one place become. */
struct ground {
    struct open_map *map;
    struct json json, names;
    size_t bytes;
    int64_t tiles, damaged, cut;
};

static void put_names(struct ground *g, const struct map_tile *t, unsigned zoom, uint32_t x, uint32_t y)
{
    const double tiles = ldexp(1, (int)zoom);

    for (size_t i = 0; i < t->name_count; i++) {
        const struct map_name *n = &t->names[i];
        json_object(&g->names);
        json_member_text(&g->names, "name", (struct text){ n->name, n->len });
        json_member_int(&g->names, "rank", n->rank);
        json_key(&g->names, "at");
        json_array(&g->names);
        json_real(&g->names, round(longitude_at((x + (double)n->x / MAP_TILE_SIDE) / tiles) * 1e6) / 1e6);
        json_real(&g->names, round(latitude_at((y + (double)n->y / MAP_TILE_SIDE) / tiles) * 1e6) / 1e6);
        json_array_end(&g->names);
        json_object_end(&g->names);
    }
}

static void begin_tile(struct ground *g, uint32_t x, uint32_t y)
{
    json_object(&g->json);
    json_member_int(&g->json, "x", x);
    json_member_int(&g->json, "y", y);
    g->tiles++;
}

static void put_shapes(struct ground *g, struct bytes content, unsigned zoom, uint32_t x, uint32_t y)
{
    struct map_tile tile;

    map_tile_init(&tile);
    g->damaged += map_tile_read(content, words_language_code(words_language()), &tile) != PARSE_OK;
    g->cut += tile.cut;
    begin_tile(g, x, y);
    json_key(&g->json, "shapes");
    json_object(&g->json);
    for (int i = 0; i < MAP_SHAPES; i++)
        if (tile.paths[i].len > 0) {
            json_key(&g->json, map_shape_names[i]);
            json_text(&g->json, buffer_text(&tile.paths[i]));
            g->bytes += tile.paths[i].len;
        }
    json_object_end(&g->json);
    json_object_end(&g->json);
    put_names(g, &tile, zoom, x, y);
    map_tile_done(&tile);
}

static void put_picture(struct ground *g, struct bytes content, uint32_t x, uint32_t y)
{
    const char *mime = mime_of(content);
    struct buffer letters;

    if (!mime) {
        g->damaged++;
        return;
    }
    buffer_init(&letters, (size_t)PMTILES_TILE_MAX * 8);
    base64(&letters, content);
    begin_tile(g, x, y);
    json_member_text(&g->json, "type", text_of(mime));
    json_member_text(&g->json, "picture", buffer_text(&letters));
    json_object_end(&g->json);
    g->bytes += letters.len;
    buffer_done(&letters);
}

static void put_tiles(struct ground *g, const struct box *b, unsigned zoom, size_t bytes_max)
{
    const struct range r = range_of(b, zoom);
    struct pmtiles *p = &g->map->tiles;
    struct buffer content;

    buffer_init(&content, (size_t)PMTILES_TILE_MAX * 4);
    for (uint32_t y = r.y0; y <= r.y1 && g->bytes <= bytes_max; y++)
        for (uint32_t x = r.x0; x <= r.x1 && g->bytes <= bytes_max; x++) {
            buffer_clear(&content);
            const enum parse_status status = pmtiles_tile(p, pmtiles_id(zoom, x, y), &content);
            const struct bytes whole = { .at = content.at, .len = content.len };
            g->damaged += status == PARSE_INVALID;
            if (status == PARSE_OK && p->kind == PMTILES_VECTOR)
                put_shapes(g, whole, zoom, x, y);
            else if (status == PARSE_OK)
                put_picture(g, whole, x, y);
        }
    buffer_done(&content);
}

struct written {
    size_t bytes;
    int64_t tiles, damaged, cut, left_out;
};

/* One place at one zoom, as text; false when it grew beyond `bytes_max`. */
static bool place_at(struct open_map *m, const struct box *b, unsigned zoom, size_t bytes_max, char **ret, size_t *ret_len, struct written *w)
{
    char *tiles = NULL, *names = NULL;
    size_t tiles_len = 0, names_len = 0;
    FILE *out = open_memstream(&tiles, &tiles_len), *names_out = open_memstream(&names, &names_len);
    struct ground g = { .map = m };

    if (!out || !names_out)
        abort(); /* out of memory, as in base/memory.c */
    json_init(&g.names, names_out, false);
    json_array(&g.names);
    json_init(&g.json, out, false);
    json_object(&g.json);
    json_member_int(&g.json, "zoom", zoom);
    json_key(&g.json, "tiles");
    json_array(&g.json);
    put_tiles(&g, b, zoom, bytes_max);
    json_array_end(&g.json);
    json_array_end(&g.names);
    fclose(names_out);
    json_key(&g.json, "names");
    json_raw(&g.json, (struct text){ names, names_len });
    json_object_end(&g.json);
    fclose(out);
    free(names);
    const bool fits = g.bytes <= bytes_max;
    if (fits) {
        w->bytes += g.bytes;
        w->tiles += g.tiles;
        w->damaged += g.damaged;
        w->cut += g.cut;
    }
    *ret = tiles;
    *ret_len = tiles_len;
    return fits;
}

/* At the zoom that is sharp, or below it until it fits. */
static void put_place(struct open_map *m, struct json *j, const struct place *place, struct written *w)
{
    const struct box b = shown(&place->box);
    unsigned zoom = zoom_of(&m->tiles, &b);
    size_t room = HTML_MAP_BYTES_MAX - w->bytes;

    if (room > HTML_MAP_PLACE_BYTES_MAX)
        room = HTML_MAP_PLACE_BYTES_MAX;
    for (int tries = 0; tries < SMALLER_TRIES; tries++, zoom--) {
        char *said = NULL;
        size_t len = 0;
        const bool fits = place_at(m, &b, zoom, room, &said, &len, w);
        if (fits)
            json_raw(j, (struct text){ said, len });
        free(said);
        if (fits)
            return;
        if (zoom == m->tiles.min_zoom)
            break;
    }
    w->left_out++;
}

struct drawing {
    const struct html_map_source *source;
    const struct place *places;
    size_t count;
};

static int draw(void *with, FILE *out)
{
    static const char *const kinds[] = { [PMTILES_VECTOR] = "vector", [PMTILES_PNG] = "picture", [PMTILES_JPEG] = "picture",
                                         [PMTILES_WEBP] = "picture" };
    const struct drawing *d = with;
    struct written w = { 0 };
    struct open_map m;
    struct json j;

    const enum parse_status status = map_open(d->source, &m);
    if (status != PARSE_OK)
        return (int)status;
    json_init(&j, out, false);
    json_object(&j);
    json_member_text(&j, "schema", TEXT(SCHEMA));
    json_member_text(&j, "kind", text_of(kinds[m.tiles.kind]));
    json_member_text(&j, "name", m.name);
    json_member_text(&j, "attribution", m.attribution);
    json_key(&j, "places");
    json_array(&j);
    for (size_t i = 0; i < d->count && i < HTML_MAP_PLACES_MAX; i++)
        put_place(&m, &j, &d->places[i], &w);
    json_array_end(&j);
    json_member_int(&j, "left_out", w.left_out + (d->count > HTML_MAP_PLACES_MAX ? (int64_t)(d->count - HTML_MAP_PLACES_MAX) : 0));
    json_member_int(&j, "damaged", w.damaged);
    json_member_int(&j, "cut", w.cut);
    json_member_int(&j, "drawn", w.tiles);
    json_object_end(&j);
    map_close(&m);
    return PARSE_OK;
}

static bool go_on(void *user, const struct json_event *event)
{
    (void)user;
    (void)event;
    return true;
}

/* What stands in the page where nothing came back that could. */
static void write_without_places(FILE *out)
{
    struct json j;

    json_init(&j, out, false);
    json_object(&j);
    json_member_text(&j, "schema", TEXT(SCHEMA));
    json_key(&j, "places");
    json_array(&j);
    json_array_end(&j);
    json_member_int(&j, "damaged", 1);
    json_object_end(&j);
}

int html_map_write(struct fact_case *c, FILE *out)
{
    struct place *places = memory_alloc_array(CELLS_MAX + 1, sizeof *places);
    struct drawing d = { .source = &used->source, .places = places };
    struct buffer said;

    const int error = find_places(case_db(c), places, &d.count);
    buffer_init(&said, WRITTEN_MAX);
    /* What comes back was made from bytes that nobody vouches for: it must be JSON at least. */
    const bool drawn = !error && map_work(d.source, draw, &d, &said) == PARSE_OK &&
                       json_read((struct bytes){ .at = said.at, .len = said.len }, go_on, NULL, NULL) == PARSE_OK;
    if (drawn)
        fwrite(said.at, 1, said.len, out);
    else if (!error)
        write_without_places(out);
    buffer_done(&said);
    free(places);
    return error;
}
