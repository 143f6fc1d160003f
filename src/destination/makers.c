#include "destination/makers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"

enum { MAKERS_MAX = 1024, PREFIXES_MAX = 1 << 17, REGISTRY_COUNT = 3 };

/* An address block: its bits, from the top of 64, and how many of them count. */
struct prefix {
    uint64_t bits;
    struct text name;
};

/* Open addressing, a power of two of places of which at most half are taken; a place without a name is free. */
struct registry {
    struct prefix *places;
    size_t mask, count;
};

/* Smaller blocks lie inside larger ones that the IEEE itself holds: longest first. */
static const struct { const char *file; unsigned digits; } registry_files[REGISTRY_COUNT] = {
    { "oui36.csv", 9 }, { "mam.csv", 7 }, { "oui.csv", 6 },
};

struct maker_tables {
    const char *data_dir, *ieee_dir;
    struct note_taker notes;
    struct arena *arena;
    struct maker *list;
    size_t count;
    bool registry_read;
    struct registry registries[REGISTRY_COUNT];
    struct text date, registry_date;
};

void makers_free(struct maker_tables *m)
{
    if (!m)
        return;
    for (int i = 0; i < REGISTRY_COUNT; i++)
        free(m->registries[i].places);
    free(m->list);
    arena_free(m->arena);
    free(m);
}

static int read_from(struct maker_tables *m, const char *dir, const char *file, struct bytes *ret)
{
    char path[PATH_MAX];
    const int len = snprintf(path, sizeof path, "%s/%s", dir, file);

    return len < 0 || (size_t)len >= sizeof path ? -ENAMETOOLONG : table_file(path, TABLE_BYTES_MAX, m->arena, ret);
}

static const char *maker_row(void *user, const struct text *fields)
{
    struct maker_tables *m = user;

    if (m->count == MAKERS_MAX)
        return "the table is full";
    if (fields[0].len == 0)
        return "it has no word";
    m->list[m->count++] = (struct maker){
        .word = fields[0], .name = fields[1], .country = fields[2],
        .covered_list = text_equal(fields[3], TEXT("yes")) ? 1 : text_equal(fields[3],
                                                                            TEXT("no")) ? 0 : FACT_UNKNOWN_INT,
    };
    return NULL;
}

static void read_table(struct maker_tables *m)
{
    static const char *const columns[] = { "word", "name", "country", "covered_list" };
    const struct table_shape shape = { "makers.csv", columns, sizeof columns / sizeof *columns, maker_row, m };
    struct table_result result;
    struct bytes content;

    m->list = memory_alloc_array(MAKERS_MAX, sizeof *m->list);
    const int error = read_from(m, m->data_dir, shape.name, &content);
    if (error)
        note_printf(&m->notes, "%s cannot be read: %s; makers are not compared with the Covered List", shape.name,
                    strerror(-error));
    else if (table_parse(content, &shape, m->arena, &m->notes, &result) == PARSE_OK)
        m->date = result.date;
}

static char lower(char b)
{
    return (char)(b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
}

static bool is_letter(char b)
{
    return lower(b) >= 'a' && lower(b) <= 'z';
}

static bool has_word(struct text t, struct text word)
{
    for (size_t at = 0; at + word.len <= t.len; at++) {
        size_t i = 0;
        while (i < word.len && lower(t.at[at + i]) == word.at[i])
            i++;
        if (i == word.len && (at == 0 || !is_letter(t.at[at - 1])) &&
            (at + i == t.len || !is_letter(t.at[at + i])))
            return true;
    }
    return false;
}

const struct maker *makers_find(const struct maker_tables *m, struct text vendor)
{
    for (size_t i = 0; i < m->count && vendor.len > 0; i++)
        if (has_word(vendor, m->list[i].word))
            return &m->list[i];
    return NULL;
}

static bool hex_digit(char b, uint64_t *ret)
{
    b = lower(b);
    if (b >= '0' && b <= '9')
        *ret = (uint64_t)(b - '0');
    else if (b >= 'a' && b <= 'f')
        *ret = (uint64_t)(b - 'a' + 10);
    else
        return false;
    return true;
}

/* Up to 12 hex digits, colons passed over, at the top of 64 bits; gives how many there were. */
static unsigned address_bits(struct text t, uint64_t *ret)
{
    unsigned digits = 0;
    uint64_t digit;

    *ret = 0;
    for (size_t i = 0; i < t.len && digits < 12; i++) {
        if (t.at[i] == ':' || t.at[i] == '-')
            continue;
        if (!hex_digit(t.at[i], &digit))
            return 0;
        *ret |= digit << (60 - 4 * digits++);
    }
    return digits;
}

struct loading { struct maker_tables *m; struct registry *registry; unsigned digits; };

/* The place of that block, or the free one where it belongs. */
static struct prefix *place_of(const struct registry *r, uint64_t bits)
{
    size_t at = (size_t)(bits * UINT64_C(0x9e3779b97f4a7c15) >> 40) & r->mask;

    while (text_known(r->places[at].name) && r->places[at].bits != bits)
        at = (at + 1) & r->mask;
    return &r->places[at];
}

static const char *prefix_row(void *user, const struct text *fields)
{
    const struct loading *l = user;
    uint64_t bits;

    if (l->registry->count == PREFIXES_MAX || l->registry->count > l->registry->mask / 2)
        return "the registry is too long";
    if (address_bits(fields[0], &bits) != l->digits)
        return "its assignment is no address block";
    struct prefix *place = place_of(l->registry, bits);
    if (!text_known(place->name)) { /* of two that hold one block, the first */
        *place = (struct prefix){ .bits = bits, .name = fields[1] };
        l->registry->count++;
    }
    return NULL;
}

/* Debian's package keeps the time of its copy in seconds since 1970. */
static void read_registry_date(struct maker_tables *m)
{
    struct bytes content;
    char text[TIMESTAMP_TEXT_MAX];
    int64_t seconds;

    if (read_from(m, m->ieee_dir, ".lastupdate", &content) != 0)
        return;
    struct text digits = text_of_bytes(content);
    while (digits.len > 0 && digits.at[digits.len - 1] == '\n')
        digits.len--;
    if (!text_to_int(digits, 0, INT64_C(1) << 33, &seconds))
        return;
    struct text date = timestamp_text(seconds * NS_PER_S, text);
    date.len = strlen("YYYY-MM-DD");
    m->registry_date = arena_text(m->arena, date);
}

struct maker_tables *makers_new(const char *data_dir, const char *ieee_dir, const struct note_taker *notes)
{
    struct maker_tables *m = memory_alloc_array(1, sizeof *m);

    *m = (struct maker_tables){ .data_dir = data_dir, .ieee_dir = ieee_dir ? ieee_dir : "/usr/share/ieee-data",
                                .arena = arena_new(0) };
    if (notes)
        m->notes = *notes;
    read_table(m);
    read_registry_date(m);
    return m;
}

/* Twice as many places as there usually are lines. */
static void registry_room(struct registry *r, struct bytes content)
{
    enum { LINE_BYTES_USUAL = 32 };
    size_t places = 64;

    while (places / 2 < content.len / LINE_BYTES_USUAL && places / 2 < PREFIXES_MAX)
        places *= 2;
    r->places = memory_alloc_array(places, sizeof *r->places);
    r->mask = places - 1;
}

static void read_registry(struct maker_tables *m)
{
    static const char *const columns[] = { "Assignment", "Organization Name" };
    const struct note_taker silent = { NULL, NULL }; /* a registry's odd line is not the operator's business */
    int found = 0;

    if (m->registry_read)
        return;
    m->registry_read = true;
    for (int i = 0; i < REGISTRY_COUNT; i++) {
        struct loading l = { m, &m->registries[i], registry_files[i].digits };
        const struct table_shape shape = { registry_files[i].file, columns, 2, prefix_row, &l };
        struct table_result result;
        struct bytes content;
        if (read_from(m, m->ieee_dir, shape.name, &content) != 0)
            continue;
        registry_room(l.registry, content);
        if (table_parse(content, &shape, m->arena, &silent, &result) == PARSE_OK)
            found++;
    }
    if (!found)
        note_printf(&m->notes,
                    "makers are not told by hardware address: the IEEE's registry (Debian's ieee-data) is not there");
}

struct text makers_of_mac(struct maker_tables *m, struct text mac)
{
    enum { LOCAL = 0x02, GROUP = 0x01, MAC_DIGITS = 12 };
    uint64_t bits;

    if (!text_known(mac) || address_bits(mac, &bits) != MAC_DIGITS || (bits >> 56 & (LOCAL | GROUP)) != 0)
        return TEXT_UNKNOWN;
    read_registry(m);
    for (int i = 0; i < REGISTRY_COUNT; i++) {
        const struct registry *r = &m->registries[i];
        if (r->count == 0)
            continue;
        const struct text name = place_of(r, bits & ~UINT64_C(0) << (64 - 4 * registry_files[i].digits))->name;
        if (text_known(name) && name.len > 0 && !text_equal(name, TEXT("IEEE Registration Authority")))
            return name;
    }
    return TEXT_UNKNOWN;
}

void makers_fill(struct maker_tables *m, enum fact_kind kind, void *row)
{
    if (kind == FACT_NETWORK) {
        struct fact_network *n = row;
        if (!text_known(n->vendor))
            n->vendor = makers_of_mac(m, n->bssid);
    } else if (kind == FACT_DEVICE) {
        struct fact_device *d = row;
        if (!text_known(d->vendor)) {
            const struct text registered = makers_of_mac(m, d->mac);
            /* The radio of an aircraft may be a module of somebody else, who did not make the aircraft. */
            if (!text_equal(d->role, TEXT("aircraft")) || (text_known(registered) && makers_find(m, registered)))
                d->vendor = registered;
        }
        const struct maker *maker = !fact_known_int(d->covered_list) &&
            text_known(d->vendor) ? makers_find(m, d->vendor) : NULL;
        if (maker)
            d->covered_list = maker->covered_list;
    }
}

struct text makers_date(const struct maker_tables *m)
{
    return m->date;
}

struct text makers_registry_date(const struct maker_tables *m)
{
    return m->registry_date;
}
