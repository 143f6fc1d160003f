#include "scrub/names.h"

#include <string.h>

enum { WORDS_MAX = 12, WORD_MAX = 20 };

/* The words of a name in lower case. */
struct words {
    char word[WORDS_MAX][WORD_MAX];
    size_t len[WORDS_MAX];
    size_t count;
};

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* A word begins behind what is neither letter nor digit, and where capitals begin or end: "GPSLatitude". */
static bool begins_word(struct text t, size_t i)
{
    if (i == 0 || !(is_upper(t.at[i - 1]) || is_lower(t.at[i - 1]) || is_digit(t.at[i - 1])))
        return true;
    if (is_upper(t.at[i]))
        return !is_upper(t.at[i - 1]) || (i + 1 < t.len && is_lower(t.at[i + 1]));
    return false;
}

static void split(struct text t, struct words *w)
{
    w->count = 0;
    for (size_t i = 0; i < t.len; i++) {
        const char c = t.at[i];
        if (!is_upper(c) && !is_lower(c) && !is_digit(c))
            continue;
        if (begins_word(t, i)) {
            if (w->count == WORDS_MAX)
                return;
            w->len[w->count++] = 0;
        }
        size_t *len = &w->len[w->count - 1];
        if (*len < WORD_MAX)
            w->word[w->count - 1][(*len)++] = is_upper(c) ? (char)(c - 'A' + 'a') : c;
    }
}

static size_t word_length(const char *list)
{
    size_t n = 0;

    while (list[n] && list[n] != ' ')
        n++;
    return n;
}

/* `list`: words between blanks. */
static bool any(const struct words *w, const char *list)
{
    while (*list) {
        const size_t len = word_length(list);
        for (size_t i = 0; i < w->count; i++)
            if (w->len[i] == len && memcmp(w->word[i], list, len) == 0)
                return true;
        list += len + (list[len] == ' ');
    }
    return false;
}

static enum axis axis_of(const struct words *w)
{
    /* Widths of errors, speeds and stick positions have the words of a coordinate in their names, too. */
    if (any(w, "std stddev var variance err error vel velocity speed accel acceleration rate stick accuracy acc valid status count noise"))
        return AXIS_NONE;
    if (any(w, "lat lats latitude latitudes lat1 lat2"))
        return AXIS_LATITUDE;
    if (any(w, "lon lons lng lngs long longitude longitudes longtitude lon1 lon2 lng1 lng2"))
        return AXIS_LONGITUDE;
    return any(w, "alt altitude elevation ele") ? AXIS_ALTITUDE : AXIS_NONE;
}

enum axis scrub_axis_of_name(struct text name)
{
    struct words w;

    split(name, &w);
    return axis_of(&w);
}

enum scrub_kind scrub_kind_of_name(struct text name)
{
    struct words w;

    split(name, &w);
    const enum axis axis = axis_of(&w);
    if (axis == AXIS_LATITUDE || axis == AXIS_LONGITUDE)
        return any(&w, "home operator pilot controller rc phone app user takeoff launch ref gcs station")
            ? SCRUB_OPERATOR : SCRUB_POSITION;
    if (any(&w,
            "address street city district subdistrict county country province town village postcode zip geohash mgrs"))
        return SCRUB_POSITION;
    if (any(&w, "serial sn serials uuid uid guid imei imsi iccid mac bssid ssid registration") ||
        (any(&w, "id number no") &&
         any(&w, "aircraft drone device battery camera gimbal lens sensor uas remote operator account")))
        return SCRUB_SERIAL;
    if (any(&w, "owner pilot operator user username email mail author creator artist account photographer phone hostname person") ||
        (any(&w, "name") && any(&w, "aircraft drone device flight file")))
        return SCRUB_NAME;
    return SCRUB_KIND_COUNT;
}

enum scrub_kind scrub_kind_of_parameter(struct text name)
{
    static const struct { const char *part; enum scrub_kind kind; } parts[] = {
        { "SERIAL_NUM", SCRUB_SERIAL }, { "SERNO", SCRUB_SERIAL }, { "ICAO", SCRUB_SERIAL },
        { "OPOS_LAT", SCRUB_POSITION }, { "OPOS_LNG", SCRUB_POSITION }, { "HOME_LAT", SCRUB_OPERATOR }, { "HOME_LON", SCRUB_OPERATOR },
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (name.len > 0 && memmem(name.at, name.len, parts[i].part, strlen(parts[i].part)))
            return parts[i].kind;
    return SCRUB_KIND_COUNT;
}
