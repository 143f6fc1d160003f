#include "scrub/names.h"

#include <endian.h>
#include <string.h>

enum { WORDS_MAX = 12, WORD_MAX = 14 };

/* What a word in a name can mean.  Widths of errors, speeds and stick positions have the words of a coordinate in their
 * names, too: theirs are NO_COORDINATE. */
enum meaning {
    NO_COORDINATE = 1, LATITUDE = 2, LONGITUDE = 4, ALTITUDE = 8,
    OF_OPERATOR = 16,      /* a coordinate with it */
    PLACE = 32, SERIAL = 64,
    NUMBER = 128,          /* a serial number, when it is that of something: */
    NUMBERED = 256,
    PERSON = 512,
    NAME = 1024,           /* a person's, when it is that of something: */
    NAMED = 2048,
};

/* In the order of their letters, so that each is found in a few steps: names are looked up for each value of a file. */
static const struct word {
    char letters[WORD_MAX];
    uint16_t meaning;
} words[] = {
    { "acc", NO_COORDINATE }, { "accel", NO_COORDINATE }, { "acceleration", NO_COORDINATE },
    { "account", NUMBERED | PERSON }, { "accuracy", NO_COORDINATE }, { "address", PLACE },
    { "aircraft", NUMBERED | NAMED }, { "alt", ALTITUDE }, { "altitude", ALTITUDE }, { "app", OF_OPERATOR },
    { "artist", PERSON }, { "author", PERSON }, { "battery", NUMBERED }, { "bssid", SERIAL }, { "camera", NUMBERED },
    { "city", PLACE }, { "controller", OF_OPERATOR }, { "count", NO_COORDINATE }, { "country", PLACE },
    { "county", PLACE }, { "creator", PERSON }, { "device", NUMBERED | NAMED }, { "district", PLACE },
    { "drone", NUMBERED | NAMED }, { "ele", ALTITUDE }, { "elevation", ALTITUDE }, { "email", PERSON },
    { "err", NO_COORDINATE }, { "error", NO_COORDINATE }, { "file", NAMED }, { "flight", NAMED },
    { "gcs", OF_OPERATOR }, { "geohash", PLACE }, { "gimbal", NUMBERED }, { "guid", SERIAL }, { "home", OF_OPERATOR },
    { "hostname", PERSON }, { "iccid", SERIAL }, { "id", NUMBER }, { "imei", SERIAL }, { "imsi", SERIAL },
    { "lat", LATITUDE }, { "lat1", LATITUDE }, { "lat2", LATITUDE }, { "latitude", LATITUDE },
    { "latitudes", LATITUDE }, { "lats", LATITUDE }, { "launch", OF_OPERATOR }, { "lens", NUMBERED },
    { "lng", LONGITUDE }, { "lng1", LONGITUDE }, { "lng2", LONGITUDE }, { "lngs", LONGITUDE }, { "lon", LONGITUDE },
    { "lon1", LONGITUDE }, { "lon2", LONGITUDE }, { "long", LONGITUDE }, { "longitude", LONGITUDE },
    { "longitudes", LONGITUDE }, { "longtitude", LONGITUDE }, { "lons", LONGITUDE }, { "mac", SERIAL },
    { "mail", PERSON }, { "mgrs", PLACE }, { "name", NAME }, { "no", NUMBER }, { "noise", NO_COORDINATE },
    { "number", NUMBER }, { "operator", OF_OPERATOR | NUMBERED | PERSON }, { "owner", PERSON }, { "person", PERSON },
    { "phone", OF_OPERATOR | PERSON }, { "photographer", PERSON }, { "pilot", OF_OPERATOR | PERSON },
    { "postcode", PLACE }, { "province", PLACE }, { "rate", NO_COORDINATE }, { "rc", OF_OPERATOR },
    { "ref", OF_OPERATOR }, { "registration", SERIAL }, { "remote", NUMBERED }, { "sensor", NUMBERED },
    { "serial", SERIAL }, { "serials", SERIAL }, { "sn", SERIAL }, { "speed", NO_COORDINATE }, { "ssid", SERIAL },
    { "station", OF_OPERATOR }, { "status", NO_COORDINATE }, { "std", NO_COORDINATE }, { "stddev", NO_COORDINATE },
    { "stick", NO_COORDINATE }, { "street", PLACE }, { "subdistrict", PLACE }, { "takeoff", OF_OPERATOR },
    { "town", PLACE }, { "uas", NUMBERED }, { "uid", SERIAL }, { "user", OF_OPERATOR | PERSON },
    { "username", PERSON }, { "uuid", SERIAL }, { "valid", NO_COORDINATE }, { "var", NO_COORDINATE },
    { "variance", NO_COORDINATE }, { "vel", NO_COORDINATE }, { "velocity", NO_COORDINATE }, { "village", PLACE },
    { "zip", PLACE },
};
_Static_assert(sizeof(struct word) == 2 * sizeof(uint64_t), "two numbers, of which the second ends with the meaning");

/* The first eight letters, or those behind them: numbers have the order of the letters. */
static uint64_t letters_of(const char *at)
{
    uint64_t number;

    memcpy(&number, at, sizeof number);
    return be64toh(number);
}

static uint64_t last_letters_of(const struct word *w)
{
    return letters_of((const char *)w + sizeof(uint64_t)) >> 8 * sizeof w->meaning;
}

/* `w`: zeros behind its letters. */
static unsigned meaning_of(const struct word *w)
{
    const uint64_t first = letters_of(w->letters), last = last_letters_of(w);
    size_t low = 0, high = sizeof words / sizeof *words;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        const uint64_t at = letters_of(words[middle].letters);
        if (at < first || (at == first && last_letters_of(&words[middle]) < last))
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof words / sizeof *words && letters_of(words[low].letters) == first &&
        last_letters_of(&words[low]) == last ? words[low].meaning : 0;
}

static bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_of_word(char c) { return is_upper(c) || is_lower(c) || is_digit(c); }

/* A word ends before what is neither letter nor digit, and where capitals begin or end: "GPSLatitude". */
static bool ends_word(struct text t, size_t i)
{
    if (i == t.len || !is_of_word(t.at[i]))
        return true;
    return is_upper(t.at[i]) && (!is_upper(t.at[i - 1]) || (i + 1 < t.len && is_lower(t.at[i + 1])));
}

/* All that the words of the name mean, in whatever case they are. */
static unsigned meanings_of(struct text name)
{
    unsigned meanings = 0, count = 0;

    for (size_t i = 0; i < name.len && count < WORDS_MAX; ) {
        struct word w = { .meaning = 0 };
        size_t len = 0;
        if (!is_of_word(name.at[i])) {
            i++;
            continue;
        }
        do {
            if (len < WORD_MAX)
                w.letters[len] = is_upper(name.at[i]) ? (char)(name.at[i] - 'A' + 'a') : name.at[i];
            len++;
        } while (!ends_word(name, ++i));
        meanings |= len <= WORD_MAX ? meaning_of(&w) : 0;
        count++;
    }
    return meanings;
}

static enum axis axis_of(unsigned meanings)
{
    if (meanings & NO_COORDINATE)
        return AXIS_NONE;
    if (meanings & LATITUDE)
        return AXIS_LATITUDE;
    if (meanings & LONGITUDE)
        return AXIS_LONGITUDE;
    return meanings & ALTITUDE ? AXIS_ALTITUDE : AXIS_NONE;
}

enum axis scrub_axis_of_name(struct text name)
{
    return axis_of(meanings_of(name));
}

enum scrub_kind scrub_kind_of_name(struct text name)
{
    const unsigned m = meanings_of(name);
    const enum axis axis = axis_of(m);

    if (axis == AXIS_LATITUDE || axis == AXIS_LONGITUDE)
        return m & OF_OPERATOR ? SCRUB_OPERATOR : SCRUB_POSITION;
    if (m & PLACE)
        return SCRUB_POSITION;
    if (m & SERIAL || (m & NUMBER && m & NUMBERED))
        return SCRUB_SERIAL;
    return m & PERSON || (m & NAME && m & NAMED) ? SCRUB_NAME : SCRUB_KIND_COUNT;
}

static size_t slot_of_name(struct text name)
{
    const uint8_t first = (uint8_t)name.at[0], middle = (uint8_t)name.at[name.len / 2], last =
        (uint8_t)name.at[name.len - 1];

    return (first + 7u * middle + 31u * last + 5u * name.len) % NAMES_MET;
}

struct name_meaning scrub_name_met(struct names_met *met, struct text name,
                                   struct name_meaning (*find)(struct text name))
{
    if (name.len == 0 || name.len > sizeof met->slots[0].name)
        return find(name);
    struct name_met *slot = &met->slots[slot_of_name(name)];
    if (slot->len != name.len || memcmp(slot->name, name.at, name.len) != 0) {
        slot->meaning = find(name);
        slot->len = (uint8_t)name.len;
        memcpy(slot->name, name.at, name.len);
    }
    return slot->meaning;
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
