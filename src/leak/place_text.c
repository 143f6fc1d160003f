#include "leak/text_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "leak/number_text.h"

/* A place that is asked for instead of told: a map's tiles, a quadkey, an elevation tile, a
 * box.  Each names an area by a system of its own; it counts when that area touches one of
 * the known ones. */

enum { ZOOM_MIN = 8, ZOOM_MAX = 23, LABEL_REACH = 24 };
#define BOX_SIZE_MIN_DEG 0.0002
#define BOX_SIZE_MAX_DEG 1.0
#define CHARACTER_BITS 6.0 /* as in position_pair_bits: a character that had to be there */

const char *place_kind_name(enum place_kind kind)
{
    static const char *const names[PLACE_KINDS] = {
        [PLACE_TILE] = "map tile", [PLACE_QUADKEY] = "quadkey", [PLACE_ELEVATION] = "elevation tile",
        [PLACE_BOX] = "box of two corners", [PLACE_CELL] = "cell code",
        [PLACE_ROUNDED] = "rounded coordinates",
    };

    return names[kind];
}

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c; }
static bool is_letter(uint8_t c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

static bool give(const struct text_scan *s, enum place_kind kind, struct geo_box box, double wording_bits, size_t at,
                 size_t len)
{
    if (box.west < -180)
        box.west += 360;
    if (box.east > 180)
        box.east -= 360;
    const struct place_reference place = {
        .kind = kind, .box = box, .box_number = text_index_touched(s->index, &box), .at = at, .length = len,
        .bits = text_index_share_bits(s->index, geo_box_width_deg(&box), box.north - box.south) + wording_bits,
    };

    if (place.box_number == s->index->box_count)
        return false;
    if (s->events->place)
        s->events->place(s->events->user, &place);
    return true;
}

/* Web Mercator tiles (OpenStreetMap's slippy maps, and all who do the same). */
static double tile_latitude(double y, double tiles) { return atan(sinh(M_PI * (1 - 2 * y / tiles))) * 180 / M_PI; }

static bool tile_box(int64_t zoom, int64_t x, int64_t y, struct geo_box *box)
{
    const int64_t tiles = INT64_C(1) << zoom;

    if (x < 0 || y < 0 || x >= tiles || y >= tiles)
        return false;
    *box = (struct geo_box){ .west = (double)x / (double)tiles * 360 - 180,
                             .east = (double)(x + 1) / (double)tiles * 360 - 180,
                             .north = tile_latitude((double)y, (double)tiles), .south = tile_latitude((double)y + 1,
                                                                                                      (double)tiles) };
    return true;
}

/* Either number first, and rows counted from the north or, as TMS does, from the south. */
static bool give_tile(const struct text_scan *s, int64_t zoom, int64_t a, int64_t b, double wording_bits, size_t at,
                      size_t len)
{
    static const double ORDER_BITS = 2; /* four readings of the same two numbers */

    if (zoom < ZOOM_MIN || zoom > ZOOM_MAX)
        return false;
    for (int order = 0; order < 4; order++) {
        const int64_t x = order & 1 ? b : a, y = order & 1 ? a : b;
        struct geo_box box;
        if (tile_box(zoom, x, order & 2 ? (INT64_C(1) << zoom) - 1 - y : y, &box) &&
            give(s, PLACE_TILE, box, wording_bits - ORDER_BITS, at, len))
            return true;
    }
    return false;
}

struct walk {
    const uint8_t *at;
    size_t len, i;
};

static bool walk_int(struct walk *w, int64_t *value)
{
    const size_t from = w->i;

    for (*value = 0; w->i < w->len && is_digit(w->at[w->i]) && w->i - from < 9; w->i++)
        *value = *value * 10 + (w->at[w->i] - '0');
    return w->i > from && (w->i == w->len || !is_digit(w->at[w->i]));
}

static bool begins_with(const struct text_scan *s, size_t at, const char *text)
{
    const size_t n = strlen(text);

    if (s->len < n || at > s->len - n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(s->at[at + i]) != (uint8_t)text[i])
            return false;
    return true;
}

/* What is called a tile, or is a picture: the best of what is said, less the choice among these words. */
static double tile_wording_bits(const struct text_scan *s, size_t at, size_t end)
{
    static const char *const suffixes[] = { ".png", ".jpg", ".jpeg", ".webp", ".pbf", ".mvt", ".tif", ".terrain",
                                            "@2x" };
    static const char *const words[] = { "tile", "map", "wmts", "basemap", "imagery", "satellite", "terrain",
                                         "street" };
    static const double CHOICE_BITS = 3;
    double bits = 0;

    for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++)
        if (begins_with(s, end, suffixes[k]))
            bits = fmax(bits, CHARACTER_BITS * (double)strlen(suffixes[k]) - CHOICE_BITS);
    for (size_t from = at > LABEL_REACH ? at - LABEL_REACH : 0; from < at; from++)
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (begins_with(s, from, words[k]))
                bits = fmax(bits, CHARACTER_BITS * (double)strlen(words[k]) - CHOICE_BITS);
    return bits;
}

/* /z/x/y, /z/y/x: what follows the last number must end the word or begin a suffix. */
void place_at_slash(const struct text_scan *s, size_t at)
{
    struct walk w = { s->at, s->len, at + 1 };
    int64_t zoom, a, b;

    if (!walk_int(&w, &zoom) || w.i >= w.len || w.at[w.i++] != '/' || !walk_int(&w, &a) || w.i >= w.len ||
        w.at[w.i++] != '/' || !walk_int(&w, &b) || (w.i < w.len && (w.at[w.i] == '/' || w.at[w.i] == '-')))
        return;
    (void)give_tile(s, zoom, a, b, tile_wording_bits(s, at, w.i), at, w.i - at);
}

static bool key_is(const struct text_scan *s, size_t end, const char *key)
{
    const size_t n = strlen(key);

    if (end < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (lower(s->at[end - n + i]) != (uint8_t)key[i])
            return false;
    if (end == n)
        return s->from_start;
    const uint8_t before = s->at[end - n - 1];
    return before == '?' || before == '&' || before == ';' || before == ' ' || before == '\n' || before == '/' ||
        before == '"';
}

static bool key_in(const struct text_scan *s, size_t end, const char *const *keys)
{
    for (; *keys; keys++)
        if (key_is(s, end, *keys))
            return true;
    return false;
}

/* The whole number behind one of the keys somewhere in the same query string. */
static bool query_int(const struct text_scan *s, size_t around, const char *const *keys, int64_t *value)
{
    enum { REACH = 96 };
    const size_t from = around > REACH ? around - REACH : 0, to = s->len - around > REACH ? around + REACH : s->len;

    for (size_t i = from; i < to; i++) {
        struct walk w = { s->at, s->len, i + 1 };
        if (s->at[i] == '=' && key_in(s, i, keys) && walk_int(&w, value))
            return true;
    }
    return false;
}

static void query_tile(const struct text_scan *s, size_t equals)
{
    static const char *const columns[] = { "x", "tilecol", "col", NULL },
        *const rows[] = { "y", "tilerow", "row", NULL };
    struct walk w = { s->at, s->len, equals + 1 };
    int64_t zoom, x, y;

    if (walk_int(&w, &zoom) && query_int(s, equals, columns, &x) && query_int(s, equals, rows, &y))
        (void)give_tile(s, zoom, x, y, 3 * CHARACTER_BITS, equals, w.i - equals); /* "z=", "x=", "y=" */
}

/* "-104.99", also with a comma's %2C behind it. */
static bool walk_real(struct walk *w, double *value)
{
    const bool negative = w->i < w->len && w->at[w->i] == '-';
    double unit = 1;
    size_t digits = 0;

    w->i += negative;
    for (*value = 0; w->i < w->len && is_digit(w->at[w->i]) && digits < 10; digits++)
        *value = *value * 10 + (w->at[w->i++] - '0');
    if (w->i < w->len && w->at[w->i] == '.')
        for (w->i++; w->i < w->len && is_digit(w->at[w->i]); digits++) {
            unit /= 10;
            *value += (w->at[w->i++] - '0') * unit;
        }
    if (negative)
        *value = -*value;
    return digits > 0;
}

static bool walk_comma(struct walk *w)
{
    if (w->i < w->len && (w->at[w->i] == ',' || w->at[w->i] == '|' || w->at[w->i] == ';')) {
        w->i++;
        return true;
    }
    if (w->len - w->i >= 3 && w->at[w->i] == '%' && w->at[w->i + 1] == '2' && (w->at[w->i + 2] | 0x20) == 'c') {
        w->i += 3;
        return true;
    }
    return false;
}

static bool corners_box(const double a[2], const double b[2], bool longitude_first, struct geo_box *box)
{
    const int longitude = longitude_first ? 0 : 1, latitude = 1 - longitude;

    /* Some count on beyond the date line: 179.99 to 180.01. */
    const double x = remainder(a[longitude], 360), y = remainder(b[longitude], 360);
    *box = (struct geo_box){ fmin(x, y), fmin(a[latitude], b[latitude]), fmax(x, y), fmax(a[latitude], b[latitude]) };
    if (box->east - box->west > 180) { /* across the date line */
        const double west = box->west;
        box->west = box->east;
        box->east = west;
    }
    const double width = geo_box_width_deg(box), height = box->north - box->south;
    return fabs(box->south) <= 90 && fabs(box->north) <= 90 && fabs(box->west) <= 180 && fabs(box->east) <= 180 &&
           width >= BOX_SIZE_MIN_DEG && height >= BOX_SIZE_MIN_DEG && width <= BOX_SIZE_MAX_DEG &&
               height <= BOX_SIZE_MAX_DEG;
}

/* Both corners lie where they do by chance as seldom as a cell of the box's size: the second
 * one has the first one's share of the globe once more, but for the size itself. */
static double corner_bits(const struct geo_box *box)
{
    return -log2(geo_box_width_deg(box) / 360) - log2((box->north - box->south) / 180) - 8;
}

/* bbox=west,south,east,north in degrees of either order, or metres of Web Mercator. */
static void query_box(const struct text_scan *s, size_t equals)
{
    static const double HALF_WORLD_M = 20037508.342789244;
    struct walk w = { s->at, s->len, equals + 1 };
    double v[4];

    for (int i = 0; i < 4; i++)
        if ((i > 0 && !walk_comma(&w)) || !walk_real(&w, &v[i]))
            return;
    if (fabs(v[0]) > 360 || fabs(v[1]) > 360)
        for (int i = 0; i < 4; i++)
            v[i] = i & 1 ? atan(sinh(v[i] / HALF_WORLD_M * M_PI)) * 180 / M_PI : v[i] / HALF_WORLD_M * 180;
    for (int longitude_first = 1; longitude_first >= 0; longitude_first--) {
        struct geo_box box;
        if (corners_box(v, v + 2, longitude_first, &box) &&
            give(s, PLACE_BOX, box, corner_bits(&box) + 4 * CHARACTER_BITS, equals, w.i - equals))
            return;
    }
}

void place_at_equals(const struct text_scan *s, size_t at)
{
    static const char *const zooms[] = { "z", "zoom", "tilematrix", "level", NULL };
    static const char *const boxes[] = { "bbox", "box", "bounds", "extent", "viewport", NULL };
    const uint8_t before = at > 0 ? lower(s->at[at - 1]) : 0;

    if ((before == 'z' || before == 'm' || before == 'x' || before == 'l') && key_in(s, at, zooms))
        query_tile(s, at);
    else if ((before == 'x' || before == 's' || before == 't') && key_in(s, at, boxes))
        query_box(s, at);
}

/* Quadkeys (Bing Maps): a digit from 0 to 3 for each zoom level; in file names behind the letter of a kind of map. */
void place_at_digits(const struct text_scan *s, size_t first)
{
    static const double DIGIT_BITS = 1.32; /* log2(10 / 4): that it is none of the other digits */
    const uint8_t before = first > 0 ? s->at[first - 1] : 0, before2 = first > 1 ? s->at[first - 2] : 0;
    bool seen[4] = { false };
    int64_t x = 0, y = 0;
    size_t n = 0;
    struct geo_box box;

    if ((first == 0 && !s->from_start) || before == '.' || before == '-' ||
        (is_letter(before) && (is_letter(before2) || is_digit(before2))))
        return;
    for (; first + n < s->len && s->at[first + n] >= '0' && s->at[first + n] <= '3' && n <= ZOOM_MAX; n++) {
        const unsigned digit = s->at[first + n] - (unsigned)'0';
        x = x << 1 | (digit & 1);
        y = y << 1 | digit >> 1;
        seen[digit] = true;
    }
    if (n < QUADKEY_LEVELS_MIN || n > ZOOM_MAX || (first + n < s->len && is_digit(s->at[first + n])))
        return;
    /* Numbers of zeros and ones are something else as often as not. */
    const double wording_bits = seen[0] + seen[1] + seen[2] + seen[3] >= 3 ? DIGIT_BITS * (double)n : 0;
    if (tile_box((int64_t)n, x, y, &box))
        (void)give(s, PLACE_QUADKEY, box, wording_bits, first, n);
}

/* N39W105: SRTM's tiles of a degree have the name of their south-western corner, those of
 * the USGS that of the north-western one. */
bool place_at_elevation_name(const struct text_scan *s, size_t at, size_t word_len)
{
    static const char *const suffixes[] = { ".hgt", ".zip", ".tif", ".dt", ".dem", ".srtm", ".bil", ".img", ".gz", "_",
                                            ".adf" };
    enum { NAME_LEN = 7 };
    const uint8_t *p = s->at + at;
    double suffix_bits = 0;

    if (s->len - at < NAME_LEN || (lower(p[0]) != 'n' && lower(p[0]) != 's') ||
        (lower(p[3]) != 'e' && lower(p[3]) != 'w') ||
        !is_digit(p[1]) || !is_digit(p[2]) || !is_digit(p[4]) || !is_digit(p[5]) || !is_digit(p[6]) ||
            word_len != NAME_LEN)
        return false;
    double latitude = (p[1] - '0') * 10 + (p[2] - '0'),
        longitude = (p[4] - '0') * 100 + (p[5] - '0') * 10 + (p[6] - '0');
    latitude = lower(p[0]) == 's' ? -latitude : latitude;
    longitude = lower(p[3]) == 'w' ? -longitude : longitude;
    for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
        const size_t n = strlen(suffixes[k]);
        bool same = s->len - at >= NAME_LEN + n;
        for (size_t i = 0; i < n && same; i++)
            same = lower(p[NAME_LEN + i]) == (uint8_t)suffixes[k][i];
        if (same)
            suffix_bits = fmax(suffix_bits, CHARACTER_BITS * (double)n);
    }
    for (int south = 0; south < 2; south++)
        if (give(s, PLACE_ELEVATION, (struct geo_box){ longitude, latitude - south, longitude + 1,
                                                       latitude - south + 1 },
                 suffix_bits + 2 * CHARACTER_BITS - 1, at, NAME_LEN))
            break;
    return true;
}

double place_label_bits(const struct text_scan *s, size_t at)
{
    static const char *const labels[] = { "hash", "cell", "s2", "h3", "olc", "code", "grid", "mgrs", "tile" };
#define LETTER(c) (1u << ((c) - 'a'))
    static const unsigned BEGINNINGS = LETTER('h') | LETTER('c') | LETTER('s') | LETTER('o') | LETTER('g') |
        LETTER('m') | LETTER('t');
#undef LETTER
    enum { COUNT = sizeof labels / sizeof *labels };
    size_t first = COUNT;

    for (size_t from = at > LABEL_REACH ? at - LABEL_REACH : 0; from + 2 <= at; from++) {
        const unsigned letter = lower(s->at[from]) - (unsigned)'a';
        if (letter > 25 || !(BEGINNINGS >> letter & 1))
            continue;
        for (size_t k = 0; k < first; k++)
            if ((uint8_t)labels[k][0] == lower(s->at[from]) && from + strlen(labels[k]) <= at &&
                begins_with(s, from, labels[k]))
                first = k;
    }
    return first < COUNT ? CHARACTER_BITS * (double)strlen(labels[first]) : 0;
}

/* A cell named in a few characters counts when it is said what it is. */
void place_of_cell(const struct text_scan *s, const struct cell *cell, double structure_bits, size_t at, size_t len)
{
    const double half = cell->size_m / 2 / 111194.9,
        half_width = half / fmax(cos(cell->latitude_deg * M_PI / 180), 0.01);

    const struct geo_box box = { cell->longitude_deg - half_width, cell->latitude_deg - half,
                                 cell->longitude_deg + half_width, cell->latitude_deg + half };

    if (text_index_may_touch(s->index, &box))
        (void)give(s, PLACE_CELL, box, place_label_bits(s, at) + structure_bits, at, len);
}

/* Like a cell of half a step around; and both labels had to be there. */
void place_of_rounded(const struct text_scan *s, const struct position_pair *pair)
{
    enum { LABEL_LETTERS = 3 };
    const double half = 0.5 * pow(10, -pair->decimals);

    if (pair->labelled)
        (void)give(s, PLACE_ROUNDED, (struct geo_box){ pair->longitude_deg - half, pair->latitude_deg - half,
                                                       pair->longitude_deg + half, pair->latitude_deg + half },
                   2 * LABEL_LETTERS * CHARACTER_BITS, pair->at, pair->length);
}

/* A number follows at once: the four are part of a longer list. */
static bool list_goes_on(const struct text_scan *s, size_t end)
{
    enum { REACH = 32 };

    for (size_t i = end; i + 2 < s->len && i < end + REACH; i++)
        if (s->at[i] == '.' && is_digit(s->at[i - 1]) && is_digit(s->at[i + 1]) && is_digit(s->at[i + 2]))
            return true;
    return false;
}

void place_of_corners(const struct text_scan *s)
{
    enum { CORNER_NUMBERS = 4 };
    const struct text_state *t = s->state;
    const struct text_number *found[CORNER_NUMBERS + 1];
    size_t n = 0;

    for (size_t back = 1; back <= t->count && back <= TEXT_RECENT && n <= CORNER_NUMBERS; back++) {
        const struct text_number *r = &t->recent[(t->count - back) % TEXT_RECENT];
        const bool of_these = r->reading == t->recent[(t->count - 1) % TEXT_RECENT].reading;
        if (of_these && n > 0 && r->end + POSITION_TEXT_GAP < found[n - 1]->start)
            break;
        if (of_these)
            found[n++] = r;
    }
    if (n != CORNER_NUMBERS || found[3]->start < s->base || list_goes_on(s, (size_t)(found[0]->end - s->base)))
        return;
    /* lat,lon,lat,lon; lon,lat,lon,lat; and south,north,west,east in both orders */
    const double v[CORNER_NUMBERS] = { found[3]->value, found[2]->value, found[1]->value, found[0]->value };
    const double by_axis[CORNER_NUMBERS] = { v[0], v[2], v[1], v[3] };
    for (int arrangement = 0; arrangement < 4; arrangement++) {
        const double *order = arrangement & 2 ? by_axis : v;
        struct geo_box box;
        if (corners_box(order, order + 2, arrangement & 1, &box) &&
            give(s, PLACE_BOX, box, corner_bits(&box) - 2, (size_t)(found[3]->start - s->base),
                 (size_t)(found[0]->end - found[3]->start)))
            return;
    }
}
