/* What text about positions is likely to hold: words of protocols, and the beginnings of the figures and codes by which
 * the known areas are named. */
#include "leak/xor_key.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "leak/cell.h"
#include "leak/h3.h"
#include "leak/position_groups.h"

enum { TEXT_MAX = 64, SAMPLES = 5 /* of an area, along each side */ };

static void add_crib(struct xor_words *w, const char *text, size_t len)
{
    struct xor_crib crib = { .len = (uint8_t)(len < XOR_CRIB_MAX ? len : XOR_CRIB_MAX) };

    memcpy(crib.text, text, crib.len);
    size_t slot = (size_t)hash_mix(&crib, sizeof crib, 0) % (2 * XOR_CRIBS_MAX);
    for (; w->seen[slot]; slot = (slot + 1) % (2 * XOR_CRIBS_MAX))
        if (memcmp(&w->cribs[w->seen[slot] - 1], &crib, sizeof crib) == 0)
            return;
    if (w->crib_count == XOR_CRIBS_MAX)
        return;
    w->cribs[w->crib_count++] = crib;
    w->seen[slot] = (uint16_t)w->crib_count;
    for (size_t key_len = 1; key_len <= XOR_CRIB_KEY_MAX && key_len + XOR_CRIB_DIFFERENCES <= crib.len &&
         w->entry_count < XOR_CRIB_SLOTS / 4 * 3; key_len++) {
        const uint32_t difference = xor_crib_difference((const uint8_t *)crib.text, key_len);
        size_t at = xor_crib_slot(difference, key_len);
        while (w->entries[at].crib)
            at = (at + 1) % XOR_CRIB_SLOTS;
        w->entries[at] = (struct xor_crib_entry){ difference, (uint16_t)w->crib_count, (uint8_t)key_len };
        w->entry_count++;
        const uint32_t bit = xor_crib_hash(difference, key_len) >> (32 - XOR_CRIB_MAYBE_BITS);
        w->maybe[bit >> 6] |= UINT64_C(1) << (bit & 63);
    }
}

static void add_text(struct xor_words *w, const char *text)
{
    const size_t len = strlen(text);

    if (len >= XOR_CRIB_MIN)
        add_crib(w, text, len);
    for (size_t i = 0; i + 3 < len; i++) {
        const unsigned slot = xor_words_slot((uint8_t)text[i], (uint8_t)text[i + 1], (uint8_t)text[i + 2],
                                             (uint8_t)text[i + 3]);
        w->of[slot >> 6] |= UINT64_C(1) << (slot & 63);
    }
}

static void add_words(struct xor_words *w)
{
    static const char *const words[] = {
        "{\"lat\":", "},{\"lat\":", ",\"lon\":", ",\"lng\":-", "\"latitude\":", ",\"longitude\":-", "\": \"", "\":\"", "\",\"", ", \"lon", ", \"lat", "\"},", "}, {\"",
        "lat=", "&lon=", "&lng=", "&lat=", "ll=", "%2C", "latitude=", "&longitude=", "x=", "&y=", "&z=", "bbox=", "geo:", "GPS(", "latitude: ", "] [longitude: ", "[rel_alt: ",
        "\"alt\":", "altitude", "height", "speed", "heading", "\"time\":", "timestamp", "\"ts\":1", "\"geohash\":\"", "\"cell\":\"", "\"s2\":", "\"h3\":\"", "radius\":", "zoom", "\"points\":",
        "$GPGGA,", "$GNRMC,", "$GNGGA,", ",N,", ",S,", ",E,", ",W,", ",A,", ",M,,M,,*", "\r\n$G", "<trkpt lat=\"", "\" lon=\"-", "\"><ele>", "</ele></trkpt>\n<trk", "coordinates", "fffff\",", "fffff\"",
        "/tiles/", ".png", ".jpeg", ".jpg", "?g=1", "/srtm/", ".hgt.zip", "http://", "https://", "HTTP/1.1", "Host: ", ".com/", "type\":\"Point", "user", "device", "serial", "model", "name", "uuid",
        "\xc2\xb0 ", "\xc2\xb0" "0", "\xc2\xb0" "1", "\xc2\xb0" "2", "\xc2\xb0" "3", "\xc2\xb0" "4", "\xc2\xb0" "5", "\"N ", "\"S ", "\"E; ", "\"W; ", " deg ", "'N ", "'\nW", "'\nE",
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        add_text(w, words[i]);
}

/* As far as the figures of an area stay the same. */
static void add_figures(struct xor_words *w, double degrees, const char *names)
{
    static const double SCALES[] = { 1, M_PI / 180 };
    char text[TEXT_MAX], *point;

    for (size_t i = 0; i < sizeof SCALES / sizeof *SCALES; i++) {
        enum { TELLING_DIGITS = 2 };
        snprintf(text, sizeof text, "%.7f", degrees * SCALES[i]);
        if (!(point = strchr(text, '.')))
            continue;
        point[1 + TELLING_DIGITS + 2 * i] = '\0';
        add_text(w, text);
        *point = ',';
        add_text(w, text);
    }
    snprintf(text, sizeof text, "%.0f", degrees * 1e7);
    if (strlen(text) > 5)
        text[strlen(text) - 5] = '\0';
    add_text(w, text);
    const double whole = trunc(fabs(degrees)), minutes = (fabs(degrees) - whole) * 60;
    snprintf(text, sizeof text, "%02.0f%02.0f.", whole, trunc(minutes));
    add_text(w, text);
    snprintf(text, sizeof text, "%.0f\xc2\xb0%02.0f'", whole, trunc(minutes));
    add_text(w, text);
    snprintf(text, sizeof text, "%.0f\xc2\xb0 %02.0f.", whole, trunc(minutes));
    add_text(w, text);
    snprintf(text, sizeof text, "%.0f deg %02.0f'", whole, trunc(minutes));
    add_text(w, text);
    snprintf(text, sizeof text, "%.7e", degrees);
    text[degrees < 0 ? 6 : 5] = '\0';
    add_text(w, text);
    snprintf(text, sizeof text, "%c%0*.0f", names[degrees < 0], names[0] == 'N' ? 2 : 3, fabs(floor(degrees)));
    add_text(w, text);
}

static void add_geohash(struct xor_words *w, double longitude_deg, double latitude_deg)
{
    enum { DIGITS = 6, BITS = 5 };
    static const char alphabet[] = "0123456789bcdefghjkmnpqrstuvwxyz";
    double low[2] = { -180, -90 }, span[2] = { 360, 180 };
    const double value[2] = { longitude_deg, latitude_deg };
    char text[DIGITS + 2] = "\"";

    for (unsigned bit = 0, digit = 0; bit < DIGITS * BITS; bit++) {
        span[bit & 1] /= 2;
        const bool high = value[bit & 1] >= low[bit & 1] + span[bit & 1];
        low[bit & 1] += high ? span[bit & 1] : 0;
        digit = digit << 1 | high;
        if (bit % BITS == BITS - 1)
            text[1 + bit / BITS] = alphabet[digit & 31];
    }
    add_text(w, text);
}

static void add_plus_code(struct xor_words *w, double longitude_deg, double latitude_deg)
{
    enum { PAIRS = 4 };
    static const char alphabet[] = "23456789CFGHJMPQRVWX";
    double latitude = latitude_deg + 90, longitude = longitude_deg + 180, step = 20;
    char text[PAIRS * 2 + 3] = "\"";

    for (size_t i = 0; i < PAIRS; i++, step /= 20) {
        text[1 + 2 * i] = alphabet[(int)fmin(19, latitude / step)];
        text[2 + 2 * i] = alphabet[(int)fmin(19, longitude / step)];
        latitude = fmod(latitude, step);
        longitude = fmod(longitude, step);
    }
    text[PAIRS * 2 + 1] = '+';
    add_text(w, text);
}

/* Web Mercator: the numbers of tiles, and the quadkey. */
static void add_tiles(struct xor_words *w, double longitude_deg, double latitude_deg)
{
    enum { ZOOM_FIRST = 14, ZOOM_LAST = 19, TELLING_ZOOM = 16 };
    const double sine = sin(latitude_deg * M_PI / 180);
    const double x = (longitude_deg + 180) / 360, y = 0.5 - atanh(sine) / (2 * M_PI);
    char text[TEXT_MAX];

    if (!(x >= 0 && x < 1 && y >= 0 && y < 1))
        return;
    for (int zoom = ZOOM_FIRST; zoom <= ZOOM_LAST; zoom++) {
        snprintf(text, sizeof text, "/%.0f/%.0f.", floor(ldexp(x, zoom)), floor(ldexp(y, zoom)));
        add_text(w, text);
        snprintf(text, sizeof text, "x=%.0f&y=%.0f&z", floor(ldexp(x, zoom)), floor(ldexp(y, zoom)));
        add_text(w, text);
    }
    const unsigned column = (unsigned)ldexp(x, TELLING_ZOOM), row = (unsigned)ldexp(y, TELLING_ZOOM);
    for (int i = 0; i < TELLING_ZOOM; i++)
        text[i] = (char)('0' + ((column >> (TELLING_ZOOM - 1 - i) & 1) | (row >> (TELLING_ZOOM - 1 - i) & 1) << 1));
    text[TELLING_ZOOM] = '\0';
    add_text(w, text);
}

static void add_grids(struct xor_words *w, double longitude_deg, double latitude_deg)
{
    static const char bands[] = "CDEFGHJKLMNPQRSTUVWX", columns[] = "ABCDEFGHJKLMNPQRSTUVWXYZ",
        rows[] = "ABCDEFGHJKLMNPQRSTUV";
    const int zone = utm_zone(longitude_deg), band = (int)floor((latitude_deg + 80) / 8);
    struct utm u;
    char text[TEXT_MAX];

    if (!(latitude_deg >= -80 && latitude_deg <= 84))
        return;
    utm_of(longitude_deg, latitude_deg, zone, &u);
    const char letter = bands[band > 19 ? 19 : band];
    const unsigned column = (unsigned)((zone - 1) % 3 * 8 + (int)(u.easting_m / 1e5) - 1),
        row = (unsigned)(u.northing_m / 1e5) + (zone % 2 ? 0 : 5);
    snprintf(text, sizeof text, "\"%02d%c%c%c%02.0f", zone, letter, columns[column % 24], rows[row % 20],
             trunc(fmod(u.easting_m, 1e5) / 1000));
    add_text(w, text);
    snprintf(text, sizeof text, "%d%c %03.0f", zone, letter, trunc(u.easting_m / 1000));
    add_text(w, text);
    snprintf(text, sizeof text, " %04.0f", trunc(u.northing_m / 1000));
    add_text(w, text);
}

/* The digits of ids of 64 bits that all cells of some kilometres begin with. */
static void add_id(struct xor_words *w, uint64_t id, int digits)
{
    char text[TEXT_MAX];

    snprintf(text, sizeof text, "\"%016llx", (unsigned long long)id);
    text[1 + digits] = '\0';
    add_text(w, text);
}

static void add_h3(void *user, uint64_t id)
{
    for (uint64_t r = 6; r <= H3_RESOLUTION_MAX; r++) {
        char text[TEXT_MAX];
        snprintf(text, sizeof text, "\"%015llx", (unsigned long long)((id & ~(UINT64_C(15) << 52)) | r << 52));
        text[5] = '\0';
        add_text(user, text);
    }
}

static void add_position(struct xor_words *w, double longitude_deg, double latitude_deg)
{
    enum { S2_DIGITS = 7, DECIMAL_DIGITS = 8 };
    const uint64_t s2 = s2_leaf_of(longitude_deg, latitude_deg);
    char text[TEXT_MAX];

    add_figures(w, latitude_deg, "NS");
    add_figures(w, longitude_deg, "EW");
    add_geohash(w, longitude_deg, latitude_deg);
    add_plus_code(w, longitude_deg, latitude_deg);
    add_tiles(w, longitude_deg, latitude_deg);
    add_grids(w, longitude_deg, latitude_deg);
    add_id(w, s2, S2_DIGITS);
    snprintf(text, sizeof text, ":%llu", (unsigned long long)s2);
    text[1 + DECIMAL_DIGITS] = '\0';
    add_text(w, text);
}

struct xor_words *xor_words_new(const struct position_index *positions)
{
    struct xor_words *w = memory_alloc_array(1, sizeof *w);

    add_words(w);
    for (size_t i = 0; i < positions->area_count; i++) {
        const struct geo_box *b = &positions->areas[i];
        for (int column = 0; column < SAMPLES; column++)
            for (int row = 0; row < SAMPLES; row++) {
                double longitude = b->west + geo_box_width_deg(b) * column / (SAMPLES - 1);
                const double latitude = b->south + (b->north - b->south) * row / (SAMPLES - 1);
                longitude -= longitude > 180 ? 360 : 0;
                add_position(w, longitude, latitude);
            }
        double middle = b->west + geo_box_width_deg(b) / 2;
        middle -= middle > 180 ? 360 : 0;
        h3_parents_near(middle, (b->south + b->north) / 2, add_h3, w);
    }
    return w;
}
