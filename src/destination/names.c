#include "destination/names.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "destination/suffixes.h"

/* Keys to numbers: open addressing, at most half full. */
struct index {
    struct index_slot { struct text key; uint32_t value; } *slots; /* key unknown: free */
    size_t size, used;
};

struct network { int64_t asn; uint32_t owner; };

struct host_names {
    struct arena *arena;
    struct owner **owners;
    struct name_row *rows;
    struct network *networks;
    size_t owner_count, owner_room, row_count, row_room, network_count, network_room;
    struct index by_owner, by_suffix;
};

const char *const host_names_file[NAMES_TABLE_COUNT] = { "owners.csv", "destinations.csv", "networks.csv" };

static struct index_slot *index_slot(const struct index *x, struct text key)
{
    size_t i = (size_t)hash_mix(key.at, key.len, 0) & (x->size - 1);

    while (text_known(x->slots[i].key) && !text_equal(x->slots[i].key, key))
        i = (i + 1) & (x->size - 1);
    return &x->slots[i];
}

static bool index_find(const struct index *x, struct text key, uint32_t *ret)
{
    const struct index_slot *slot = x->size ? index_slot(x, key) : NULL;

    if (!slot || !text_known(slot->key))
        return false;
    *ret = slot->value;
    return true;
}

static void index_add(struct index *x, struct text key, uint32_t value)
{
    if (x->used * 2 >= x->size) {
        const struct index old = *x;
        x->size = old.size ? old.size * 2 : 256;
        x->slots = memory_alloc_array(x->size, sizeof *x->slots);
        for (size_t i = 0; i < old.size; i++)
            if (text_known(old.slots[i].key))
                *index_slot(x, old.slots[i].key) = old.slots[i];
        free(old.slots);
    }
    *index_slot(x, key) = (struct index_slot){ .key = key, .value = value };
    x->used++;
}

/* Room for one more at the end of an array. */
static void *grown(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    *room = *room ? *room * 2 : 64;
    return memory_resize_array(array, *room, size);
}

struct host_names *host_names_new(void)
{
    struct host_names *n = memory_alloc_array(1, sizeof *n);

    n->arena = arena_new(0);
    return n;
}

void host_names_free(struct host_names *n)
{
    if (!n)
        return;
    arena_free(n->arena);
    free(n->owners);
    free(n->rows);
    free(n->networks);
    free(n->by_owner.slots);
    free(n->by_suffix.slots);
    free(n);
}

static bool is_country(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (i % 3 == 2 ? t.at[i] != '/' : t.at[i] < 'A' || t.at[i] > 'Z')
            return false;
    return t.len == 2 || t.len == 5;
}

static struct text unknown_if_empty(struct text t)
{
    return t.len ? t : TEXT_UNKNOWN;
}

static bool find_kind(struct text t, enum owner_kind *ret)
{
    static const struct { const char *text; enum owner_kind kind; } kinds[] = {
        { "other", OWNER_OTHER }, { "drone maker", OWNER_DRONE_MAKER }, { "flight software", OWNER_FLIGHT_SOFTWARE },
        { "platform", OWNER_PLATFORM }, { "operating system", OWNER_OPERATING_SYSTEM },
        { "app service", OWNER_APP_SERVICE }, { "media", OWNER_MEDIA },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (text_equal(t, text_of(kinds[i].text))) {
            *ret = kinds[i].kind;
            return true;
        }
    return false;
}

static uint32_t add_owner(struct host_names *n, struct owner owner)
{
    struct owner *kept = arena_alloc(n->arena, 1, sizeof *kept); /* stays where it is when the array grows */

    *kept = owner;
    n->owners = grown(n->owners, n->owner_count, &n->owner_room, sizeof *n->owners);
    n->owners[n->owner_count] = kept;
    index_add(&n->by_owner, owner.name, (uint32_t)n->owner_count);
    return (uint32_t)n->owner_count++;
}

/* An owner that owners.csv does not have is a group of its own. */
static uint32_t owner_number(struct host_names *n, struct text name)
{
    uint32_t number;

    if (index_find(&n->by_owner, name, &number))
        return number;
    return add_owner(n, (struct owner){ .name = name, .group = name, .country = TEXT_UNKNOWN, .kind = OWNER_OTHER,
                                        .aliases = TEXT("") });
}

static const char *owner_row(void *user, const struct text *fields)
{
    struct host_names *n = user;
    struct owner owner = { .name = fields[0], .group = fields[1].len ? fields[1] : fields[0],
                           .country = unknown_if_empty(fields[2]), .aliases = fields[4] };
    uint32_t number;

    if (owner.name.len == 0)
        return "the owner is empty";
    if (text_known(owner.country) && !is_country(owner.country))
        return "the country is not two capital letters";
    if (!find_kind(fields[3], &owner.kind))
        return "the kind of owner is not known";
    if (index_find(&n->by_owner, owner.name, &number))
        return "the owner is there already";
    add_owner(n, owner);
    return NULL;
}

static const char *destination_row(void *user, const struct text *fields)
{
    struct host_names *n = user;
    char normal[HOST_NAME_MAX_BYTES];
    struct text suffix = host_names_normal(fields[0], normal);
    uint32_t number;

    if (!text_known(suffix))
        return "the suffix is not a host name";
    if (fields[1].len == 0)
        return "the owner is empty";
    if (fields[3].len && !is_country(fields[3]))
        return "the country is not two capital letters";
    if (!text_equal(fields[5], TEXT("seen")) && !text_equal(fields[5], TEXT("partial")) &&
        !text_equal(fields[5], TEXT("from memory")))
        return "the confidence is none of: seen, partial, from memory";
    if (index_find(&n->by_suffix, suffix, &number))
        return "the suffix is there already";

    number = owner_number(n, fields[1]); /* may move n->owners */
    const struct owner *owner = n->owners[number];
    n->rows = grown(n->rows, n->row_count, &n->row_room, sizeof *n->rows);
    n->rows[n->row_count] = (struct name_row){
        .suffix = arena_text(n->arena, suffix), .owner = owner, .purpose = unknown_if_empty(fields[2]),
        .country = fields[3].len ? fields[3] : owner->country, .source = unknown_if_empty(fields[4]),
        .confidence = fields[5],
    };
    index_add(&n->by_suffix, n->rows[n->row_count].suffix, (uint32_t)n->row_count);
    n->row_count++;
    return NULL;
}

static const char *network_row(void *user, const struct text *fields)
{
    struct host_names *n = user;
    int64_t asn;

    if (!text_to_int(fields[0], 1, UINT32_MAX, &asn))
        return "the AS number is not one";
    if (fields[1].len == 0)
        return "the owner is empty";
    const uint32_t owner = owner_number(n, fields[1]);
    n->networks = grown(n->networks, n->network_count, &n->network_room, sizeof *n->networks);
    n->networks[n->network_count++] = (struct network){ .asn = asn, .owner = owner };
    return NULL;
}

static int compare_networks(const void *a, const void *b)
{
    const struct network *x = a, *y = b;

    if (x->asn != y->asn)
        return x->asn < y->asn ? -1 : 1;
    return x->owner < y->owner ? -1 : x->owner > y->owner;
}

enum parse_status host_names_load(struct host_names *n, enum host_names_table which, struct bytes content,
                             const struct note_taker *notes, struct table_result *ret)
{
    static const char *const owner_columns[] = { "owner", "group", "country", "kind", "aliases" };
    static const char *const destination_columns[] = {
        "suffix", "owner", "purpose", "hq_country", "source", "confidence",
    };
    static const char *const network_columns[] = { "asn", "owner" };
    const struct table_shape shapes[NAMES_TABLE_COUNT] = {
        [NAMES_OWNERS] = { host_names_file[NAMES_OWNERS], owner_columns, 5, owner_row, n },
        [NAMES_DESTINATIONS] = { host_names_file[NAMES_DESTINATIONS], destination_columns, 6, destination_row, n },
        [NAMES_NETWORKS] = { host_names_file[NAMES_NETWORKS], network_columns, 2, network_row, n },
    };

    const enum parse_status status = table_parse(content, &shapes[which], n->arena, notes, ret);
    if (status == PARSE_OK && which == NAMES_NETWORKS && n->network_count > 0)
        qsort(n->networks, n->network_count, sizeof *n->networks, compare_networks);
    return status;
}

static bool is_address(struct text t)
{
    char text[INET6_ADDRSTRLEN];
    uint8_t address[16];

    if (t.len == 0 || t.len >= sizeof text)
        return false;
    memcpy(text, t.at, t.len);
    text[t.len] = '\0';
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

struct text host_names_normal(struct text host, char into[HOST_NAME_MAX_BYTES])
{
    size_t label = 0;

    if (host.len > 0 && host.at[host.len - 1] == '.')
        host.len--;
    if (host.len == 0 || host.len > HOST_NAME_MAX_BYTES || is_address(host))
        return TEXT_UNKNOWN;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 'a' - 'A');
        /* '_' is in no host name by RFC 952, but in many that are really used. */
        if (c == '.' ? label == 0 : !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return TEXT_UNKNOWN;
        label = c == '.' ? 0 : label + 1;
        into[i] = c;
    }
    return label ? (struct text){ .at = into, .len = host.len } : TEXT_UNKNOWN;
}

/* Drops the first label; empty behind the last. */
static struct text without_first_label(struct text name)
{
    const char *dot = memchr(name.at, '.', name.len);
    const size_t n = dot ? (size_t)(dot - name.at) + 1 : name.len;

    return (struct text){ .at = name.at + n, .len = name.len - n };
}

const struct name_row *host_names_find(const struct host_names *n, struct text normal,
                                       const struct name_row **ret_platform)
{
    const struct name_row *tenant = NULL, *platform = NULL;
    uint32_t number;

    for (; normal.len > 0 && !platform; normal = without_first_label(normal)) {
        if (!index_find(&n->by_suffix, normal, &number))
            continue;
        if (!tenant)
            tenant = &n->rows[number];
        else if (n->rows[number].owner != tenant->owner)
            platform = &n->rows[number];
        if (!ret_platform)
            break;
    }
    if (ret_platform)
        *ret_platform = platform;
    return tenant;
}

bool host_names_has_suffix(struct text normal, struct text suffix)
{
    if (text_starts_with(suffix, TEXT("*.")))
        suffix = (struct text){ .at = suffix.at + 2, .len = suffix.len - 2 };
    else if (text_starts_with(suffix, TEXT(".")))
        suffix = (struct text){ .at = suffix.at + 1, .len = suffix.len - 1 };
    if (suffix.len > 0 && suffix.at[suffix.len - 1] == '.')
        suffix.len--;
    if (suffix.len == 0 || normal.len < suffix.len)
        return false;
    const struct text tail = { .at = normal.at + normal.len - suffix.len, .len = suffix.len };
    return text_equal_ignoring_case(tail, suffix) && (normal.len == suffix.len || tail.at[-1] == '.');
}

struct text host_names_registrable(struct text normal)
{
    char name[HOST_NAME_MAX_BYTES + 1];

    if (!text_known(normal) || normal.len > HOST_NAME_MAX_BYTES)
        return TEXT_UNKNOWN;
    memcpy(name, normal.at, normal.len);
    name[normal.len] = '\0';
    const char *found = suffixes_registrable(name);
    if (!found)
        return TEXT_UNKNOWN;
    const size_t skipped = (size_t)(found - name);
    return (struct text){ .at = normal.at + skipped, .len = normal.len - skipped };
}

const struct owner *host_names_owner(const struct host_names *n, struct text name)
{
    uint32_t number;

    return index_find(&n->by_owner, name, &number) ? n->owners[number] : NULL;
}

const struct owner *host_names_network_owner(const struct host_names *n, int64_t asn)
{
    size_t low = 0, high = n->network_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (n->networks[middle].asn < asn)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n->network_count && n->networks[low].asn == asn ? n->owners[n->networks[low].owner] : NULL;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool holds_words(struct text t, struct text words)
{
    if (words.len == 0)
        return false;
    for (size_t at = 0; at + words.len <= t.len; at++)
        if (text_equal_ignoring_case((struct text){ .at = t.at + at, .len = words.len }, words) &&
            (at == 0 || !is_word(t.at[at - 1])) && (at + words.len == t.len || !is_word(t.at[at + words.len])))
            return true;
    return false;
}

static bool means_owner(struct text vendor, const struct owner *owner)
{
    struct text aliases = owner->aliases;

    if (holds_words(vendor, owner->name) || holds_words(vendor, owner->group))
        return true;
    while (aliases.len > 0) {
        const char *end = memchr(aliases.at, ';', aliases.len);
        const size_t len = end ? (size_t)(end - aliases.at) : aliases.len;
        if (holds_words(vendor, (struct text){ .at = aliases.at, .len = len }))
            return true;
        aliases.at += len + (end != NULL);
        aliases.len -= len + (end != NULL);
    }
    return false;
}

const struct owner *host_names_maker(const struct host_names *n, struct text vendor)
{
    enum { VENDOR_BYTES_MAX = 256 };

    if (vendor.len > VENDOR_BYTES_MAX)
        vendor.len = VENDOR_BYTES_MAX;
    for (size_t i = 0; text_known(vendor) && i < n->owner_count; i++)
        if (n->owners[i]->kind == OWNER_DRONE_MAKER && means_owner(vendor, n->owners[i]))
            return n->owners[i];
    return NULL;
}
