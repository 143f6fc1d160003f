#include "judge/traffic.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "policy/network.h"

const char *const traffic_tables[3] = { "peer", "sent", "address" };

struct peer {
    struct text key, owner, country;
    int64_t nth, flows;
    double payload_out, opaque_out, missing_out, bytes_in;
    bool named, answered;
};

struct address {
    struct text text;
    bool group, private, internal;
};

/* Texts to rows of a growing array; open addressing, never more than half full. */
struct index {
    uint32_t *slots; /* row + 1 */
    size_t slot_count;
};

struct interval { int64_t from_ns, to_ns; };

struct traffic {
    sqlite3 *db;
    const struct policy *policy;
    const struct text_list *internal_networks;
    bool has_allowances;
    struct arena *arena;
    struct peer *peers;
    size_t peer_count, peer_room;
    struct index peer_index;
    struct address *addresses;
    size_t address_count, address_room;
    struct index address_index;
    struct interval *air;
    size_t air_count;
};

static struct text column_text(sqlite3_stmt *s, int column)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) } : TEXT_UNKNOWN;
}

static void index_grow(struct index *x, size_t rows, struct text (*text_of_row)(const struct traffic *, size_t),
                       const struct traffic *t)
{
    if (x->slot_count >= 2 * (rows + 1))
        return;
    free(x->slots);
    x->slot_count = x->slot_count ? x->slot_count * 4 : 1024;
    while (x->slot_count < 2 * (rows + 1))
        x->slot_count *= 4;
    x->slots = memory_alloc_array(x->slot_count, sizeof *x->slots);
    for (size_t row = 0; row < rows; row++) {
        const struct text key = text_of_row(t, row);
        size_t slot = hash_mix(key.at, key.len, 0) & (x->slot_count - 1);
        while (x->slots[slot])
            slot = (slot + 1) & (x->slot_count - 1);
        x->slots[slot] = (uint32_t)row + 1;
    }
}

/* The slot where the key is, or would be. */
static uint32_t *index_slot(const struct index *x, struct text key, struct text (*text_of_row)(const struct traffic *, size_t),
                            const struct traffic *t)
{
    size_t slot = hash_mix(key.at, key.len, 0) & (x->slot_count - 1);

    while (x->slots[slot] && !text_equal(text_of_row(t, x->slots[slot] - 1), key))
        slot = (slot + 1) & (x->slot_count - 1);
    return &x->slots[slot];
}

static struct text peer_key(const struct traffic *t, size_t row) { return t->peers[row].key; }
static struct text address_text(const struct traffic *t, size_t row) { return t->addresses[row].text; }

static struct address *find_address(struct traffic *t, struct text text)
{
    struct network n;

    index_grow(&t->address_index, t->address_count, address_text, t);
    uint32_t *slot = index_slot(&t->address_index, text, address_text, t);
    if (*slot)
        return &t->addresses[*slot - 1];
    if (t->address_count == t->address_room) {
        t->address_room = t->address_room ? 2 * t->address_room : 256;
        t->addresses = memory_resize_array(t->addresses, t->address_room, sizeof *t->addresses);
    }
    struct address *a = &t->addresses[t->address_count++];
    *a = (struct address){ .text = arena_text(t->arena, text) };
    *slot = (uint32_t)t->address_count;
    if (network_address(text, &n)) {
        a->group = network_is_group(&n);
        a->private = network_is_private(&n);
        for (size_t i = 0; t->internal_networks && i < t->internal_networks->count && !a->internal; i++) {
            struct network prefix;
            a->internal = network_parse(t->internal_networks->items[i], &prefix) && network_holds(&prefix, &n);
        }
    }
    return a;
}

enum { KEY_BYTES_MAX = 1024 };

/* The name, else the address, as peers are known by. */
static struct text key_of(struct text host, struct text address, char into[KEY_BYTES_MAX])
{
    struct text t = host.len ? host : address;

    while (t.len && t.at[t.len - 1] == '.')
        t.len--;
    if (t.len > KEY_BYTES_MAX)
        t.len = KEY_BYTES_MAX;
    for (size_t i = 0; i < t.len; i++)
        into[i] = (char)(t.at[i] >= 'A' && t.at[i] <= 'Z' ? t.at[i] + 'a' - 'A' : t.at[i]);
    return (struct text){ .at = into, .len = t.len };
}

static struct peer *find_peer(struct traffic *t, struct text key)
{
    if (t->peer_index.slot_count == 0)
        return NULL;
    const uint32_t row = *index_slot(&t->peer_index, key, peer_key, t);
    return row ? &t->peers[row - 1] : NULL;
}

static struct peer *need_peer(struct traffic *t, struct text key)
{
    index_grow(&t->peer_index, t->peer_count, peer_key, t);
    uint32_t *slot = index_slot(&t->peer_index, key, peer_key, t);
    if (*slot)
        return &t->peers[*slot - 1];
    if (t->peer_count == t->peer_room) {
        t->peer_room = t->peer_room ? 2 * t->peer_room : 256;
        t->peers = memory_resize_array(t->peers, t->peer_room, sizeof *t->peers);
    }
    struct peer *p = &t->peers[t->peer_count++];
    *p = (struct peer){ .key = arena_text(t->arena, key) };
    *slot = (uint32_t)t->peer_count;
    return p;
}

/* Calls `each` for the rows of an answer. */
static int each_row(struct traffic *t, const char *sql, void (*each)(struct traffic *, sqlite3_stmt *))
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(t->db, sql, -1, &s, NULL);

    while (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        each(t, s);
        code = SQLITE_OK;
    }
    sqlite3_finalize(s);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* src, dst, host, local, payload_out, opaque_out, missing_out, bytes_in, packets_in */
static void take_flow(struct traffic *t, sqlite3_stmt *s)
{
    enum { SRC, DST, HOST, LOCAL, PAYLOAD_OUT, OPAQUE_OUT, MISSING_OUT, BYTES_IN, PACKETS_IN };
    const struct text dst = column_text(s, DST), host = column_text(s, HOST), src = column_text(s, SRC);
    char buffer[KEY_BYTES_MAX];

    if (text_known(src))
        (void)find_address(t, src);
    const bool group = text_known(dst) && find_address(t, dst)->group;
    if (sqlite3_column_int(s, LOCAL) || group || (host.len == 0 && !text_known(dst)))
        return;
    struct peer *p = need_peer(t, key_of(host, dst, buffer));
    p->named |= host.len > 0;
    p->flows++;
    p->payload_out += sqlite3_column_double(s, PAYLOAD_OUT);
    p->opaque_out += sqlite3_column_double(s, OPAQUE_OUT);
    p->missing_out += sqlite3_column_double(s, MISSING_OUT);
    p->bytes_in += sqlite3_column_double(s, BYTES_IN);
    p->answered |= sqlite3_column_int64(s, PACKETS_IN) > 0;
}

/* key, owner, operator_country of destinations: the first of a name counts */
static void take_destination(struct traffic *t, sqlite3_stmt *s)
{
    char buffer[KEY_BYTES_MAX];
    struct peer *p = find_peer(t, key_of(column_text(s, 0), TEXT_UNKNOWN, buffer));

    if (!p || text_known(p->owner) || text_known(p->country))
        return;
    p->owner = arena_text(t->arena, column_text(s, 1));
    p->country = arena_text(t->arena, column_text(s, 2));
}

static void take_flight(struct traffic *t, sqlite3_stmt *s)
{
    struct interval i;

    if (!timestamp_parse(column_text(s, 0), &i.from_ns) || !timestamp_parse(column_text(s, 1), &i.to_ns) || i.to_ns < i.from_ns)
        return;
    t->air = memory_resize_array(t->air, t->air_count + 1, sizeof *t->air);
    t->air[t->air_count++] = i;
}

static int by_begin(const void *a, const void *b)
{
    const struct interval *x = a, *y = b;

    return x->from_ns < y->from_ns ? -1 : x->from_ns > y->from_ns;
}

static void unite_flights(struct traffic *t)
{
    size_t kept = 0;

    if (t->air_count == 0)
        return;
    qsort(t->air, t->air_count, sizeof *t->air, by_begin);
    for (size_t i = 1; i < t->air_count; i++) {
        if (t->air[i].from_ns > t->air[kept].to_ns)
            t->air[++kept] = t->air[i];
        else if (t->air[i].to_ns > t->air[kept].to_ns)
            t->air[kept].to_ns = t->air[i].to_ns;
    }
    t->air_count = kept + 1;
}

static bool in_the_air(const struct traffic *t, struct text first, struct text last)
{
    size_t low = 0, high = t->air_count;
    int64_t from_ns, to_ns;

    if (t->air_count == 0 || !timestamp_parse(first, &from_ns) || !timestamp_parse(last, &to_ns))
        return false;
    while (low < high) { /* the last flight that began before the connection ended */
        const size_t middle = low + (high - low) / 2;
        if (t->air[middle].from_ns <= to_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && t->air[low - 1].to_ns >= from_ns;
}

static int by_key(const void *a, const void *b)
{
    return text_compare(((const struct peer *)a)->key, ((const struct peer *)b)->key);
}

/* Rows move, so the index is made anew. */
static void number_peers(struct traffic *t)
{
    if (t->peer_count == 0)
        return;
    qsort(t->peers, t->peer_count, sizeof *t->peers, by_key);
    for (size_t i = 0; i < t->peer_count; i++)
        t->peers[i].nth = (int64_t)i + 1;
    free(t->peer_index.slots);
    t->peer_index = (struct index){ 0 };
    index_grow(&t->peer_index, t->peer_count, peer_key, t);
}

static int insert(sqlite3_stmt *s)
{
    const int code = sqlite3_step(s), reset = sqlite3_reset(s);

    return code == SQLITE_DONE ? reset : code;
}

static void bind_text(sqlite3_stmt *s, int at, struct text t)
{
    if (text_known(t))
        sqlite3_bind_text64(s, at, t.at, t.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_bind_null(s, at);
}

static int keep_peers(struct traffic *t)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(t->db, "INSERT INTO temp.peer VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &s, NULL);

    for (size_t i = 0; i < t->peer_count && code == SQLITE_OK; i++) {
        const struct peer *p = &t->peers[i];
        sqlite3_bind_int64(s, 1, p->nth);
        bind_text(s, 2, p->key);
        sqlite3_bind_int(s, 3, p->named);
        sqlite3_bind_int64(s, 4, p->flows);
        sqlite3_bind_double(s, 5, p->payload_out);
        sqlite3_bind_double(s, 6, p->opaque_out);
        sqlite3_bind_double(s, 7, p->missing_out);
        sqlite3_bind_double(s, 8, p->bytes_in);
        sqlite3_bind_int(s, 9, p->answered);
        code = insert(s);
    }
    sqlite3_finalize(s);
    return code;
}

static int keep_addresses(struct traffic *t)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(t->db, "INSERT INTO temp.address VALUES(?, ?, ?)", -1, &s, NULL);

    for (size_t i = 0; i < t->address_count && code == SQLITE_OK; i++) {
        bind_text(s, 1, t->addresses[i].text);
        sqlite3_bind_int(s, 2, t->addresses[i].private);
        sqlite3_bind_int(s, 3, t->addresses[i].internal);
        code = insert(s);
    }
    sqlite3_finalize(s);
    return code;
}

static int keep_flow(struct traffic *t, sqlite3_stmt *from, sqlite3_stmt *into)
{
    enum { FID, ID, HOST, DST, DST_PORT, PAYLOAD_OUT, PACKETS_IN, PHASE, SRC, SRC_MAC, FIRST, LAST };
    const struct text host = column_text(from, HOST), dst = column_text(from, DST), phase = column_text(from, PHASE);
    char buffer[KEY_BYTES_MAX];
    const struct address *a = text_known(dst) ? find_address(t, dst) : NULL;

    if ((a && a->group) || (host.len == 0 && !a))
        return SQLITE_OK;
    const struct peer *p = find_peer(t, key_of(host, dst, buffer));
    if (!p)
        return SQLITE_OK;
    const struct recipient to = { .host = host.len ? host : TEXT_UNKNOWN, .owner = p->owner, .country = p->country, .address = dst,
        .phase = phase, .port = sqlite3_column_type(from, DST_PORT) == SQLITE_NULL ? -1 : sqlite3_column_int64(from, DST_PORT) };
    sqlite3_bind_int64(into, 1, sqlite3_column_int64(from, FID));
    bind_text(into, 2, column_text(from, ID));
    sqlite3_bind_int64(into, 3, p->nth);
    sqlite3_bind_value(into, 4, sqlite3_column_value(from, PAYLOAD_OUT));
    sqlite3_bind_int(into, 5, sqlite3_column_int64(from, PACKETS_IN) > 0);
    bind_text(into, 6, phase);
    bind_text(into, 7, column_text(from, SRC));
    bind_text(into, 8, column_text(from, SRC_MAC));
    sqlite3_bind_int(into, 9, a && a->private);
    sqlite3_bind_int(into, 10, in_the_air(t, column_text(from, FIRST), column_text(from, LAST)));
    sqlite3_bind_int(into, 11, t->has_allowances && policy_allows(t->policy, &to));
    return insert(into);
}

static int keep_flows(struct traffic *t)
{
    sqlite3_stmt *from = NULL, *into = NULL;
    int code = sqlite3_prepare_v2(t->db, "SELECT fid, id, host, dst, dst_port, payload_out, packets_in, phase, src, src_mac, first, last"
                                         " FROM flow WHERE ifnull(local, 0) = 0", -1, &from, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(t->db, "INSERT INTO temp.sent VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &into, NULL);
    while (code == SQLITE_OK && (code = sqlite3_step(from)) == SQLITE_ROW)
        code = keep_flow(t, from, into);
    sqlite3_finalize(from);
    sqlite3_finalize(into);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int work(struct traffic *t)
{
    int code = sqlite3_exec(t->db,
        "CREATE TEMP TABLE peer(nth, key, named, flows, payload_out, opaque_out, missing_out, bytes_in, answered);"
        "CREATE TEMP TABLE sent(fid, id, recipient, payload_out, answered, phase, device, mac, private, in_flight, allowed);"
        "CREATE TEMP TABLE address(address, private, internal)", NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = each_row(t, "SELECT src, dst, host, ifnull(local, 0), payload_out, opaque_out, missing_out, bytes_in, packets_in FROM flow",
                        take_flow);
    if (code == SQLITE_OK)
        code = each_row(t, "SELECT host, owner, operator_country FROM destination WHERE host IS NOT NULL ORDER BY fid", take_destination);
    if (code == SQLITE_OK)
        code = each_row(t, "SELECT a.value, d.owner, d.operator_country FROM destination d, json_each(d.addresses) a"
                           " WHERE d.host IS NULL AND json_valid(d.addresses) ORDER BY d.fid", take_destination);
    if (code == SQLITE_OK)
        code = each_row(t, "SELECT start, \"end\" FROM flight WHERE start IS NOT NULL AND \"end\" IS NOT NULL", take_flight);
    if (code != SQLITE_OK)
        return code;
    number_peers(t);
    unite_flights(t);
    if ((code = keep_peers(t)) == SQLITE_OK && (code = keep_addresses(t)) == SQLITE_OK && (code = keep_flows(t)) == SQLITE_OK)
        code = sqlite3_exec(t->db, "CREATE INDEX temp.sent_recipient ON sent(recipient); CREATE INDEX temp.peer_key ON peer(key)",
                            NULL, NULL, NULL);
    return code;
}

int traffic_keep(sqlite3 *db, const struct policy *p)
{
    struct traffic t = { .db = db, .policy = p, .arena = arena_new(0), .has_allowances = p->allowance_count > 0,
                         .internal_networks = policy_list(p, TEXT("internal_networks"), NULL) };
    const int code = work(&t);

    free(t.peers);
    free(t.addresses);
    free(t.peer_index.slots);
    free(t.address_index.slots);
    free(t.air);
    arena_free(t.arena);
    return code;
}
