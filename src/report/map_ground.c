#include "report/map_ground.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "report/html_map.h"
#include "report/map_tile.h"
#include "report/words.h"

enum { TILES_ACROSS_VECTOR = 2, TILES_ACROSS_PICTURE = 4, SMALLER_TRIES = 4 };

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

static struct range range_of(const struct map_box *b, unsigned zoom)
{
    return (struct range){ tile_at(across(b->west), zoom), tile_at(down(b->north), zoom),
                           tile_at(across(b->east), zoom), tile_at(down(b->south), zoom) };
}

static uint64_t tiles_in(struct range r)
{
    return (uint64_t)(r.x1 - r.x0 + 1) * (r.y1 - r.y0 + 1);
}

/* The lowest zoom at which a place is as many tiles wide as make it sharp. */
static unsigned zoom_of(const struct pmtiles *p, const struct map_box *b)
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
    return bytes_start_with(picture, "RIFF", 4) && bytes_equal(bytes_part(picture, 8, 4), "WEBP", 4)
        ? "image/webp" : NULL;
}

static void base64(struct buffer *b, struct bytes from)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < from.len; i += 3) {
        const size_t left = from.len - i;
        const uint32_t three = (uint32_t)from.at[i] << 16 | (left > 1 ? (uint32_t)from.at[i + 1] << 8 : 0) |
            (left > 2 ? from.at[i + 2] : 0u);
        const char four[4] = { digits[three >> 18], digits[three >> 12 & 63], left > 1 ? digits[three >> 6 & 63] : '=',
                               left > 2 ? digits[three & 63] : '=' };
        (void)buffer_add(b, four, sizeof four);
    }
}

/* What the tiles of one place become. */
struct ground {
    struct pmtiles *map;
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

static void put_tiles(struct ground *g, const struct map_box *b, unsigned zoom, size_t bytes_max)
{
    const struct range r = range_of(b, zoom);
    struct pmtiles *p = g->map;
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

/* One place at one zoom, as text; false when it grew beyond `bytes_max`. */
static bool place_at(struct pmtiles *m, const struct map_box *b, unsigned zoom, size_t bytes_max, char **ret,
                     size_t *ret_len, struct map_drawn *w)
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

void map_ground_put(struct pmtiles *m, const struct map_box *box, struct json *j, struct map_drawn *w)
{
    const struct map_box b = map_box_shown(box);
    unsigned zoom = zoom_of(m, &b);
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
        if (zoom == m->min_zoom)
            break;
    }
    w->left_out++;
}
