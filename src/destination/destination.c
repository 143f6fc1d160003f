#include "destination/destination.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "destination/describe.h"

enum { ADDRESS_SLOTS = 512 /* twice DESTINATION_ADDRESSES_MAX */, ID_HASH_HEX = 12 };

struct seen_address { struct text text; int64_t bytes; };

/* The flows of one destination, added up. */
struct group {
    struct arena *arena;
    bool local, by_host;
    struct text key;                                  /* host or address */
    struct text host;                                 /* of local flows: the one host all of them name, or unknown */
    bool hosts_differ;
    struct seen_address addresses[DESTINATION_ADDRESSES_MAX];
    uint16_t slots[ADDRESS_SLOTS];                    /* 1 + number of the address; 0: free */
    size_t address_count, last_address;
    bool more_addresses;
    struct text flow_ids[DESTINATION_ORIGIN_ROWS_MAX];
    size_t flow_id_count;
    const struct recognised *service;                 /* all flows so far are of it */
    struct fact_destination row;
};

struct build {
    struct sqlite3 *db;
    const struct destination_run *run;
    struct describer describer;
    struct group group;
    struct sqlite3_stmt *aliases;                     /* sorted as the flows are; walked beside them */
    bool aliases_left, open;
    size_t crowded, nowhere;
    int error;
};

static const char flows_sql[] =
    "SELECT destination_key(host, dst, local) AS key, coalesce(local, 0) = 1 AS is_local, dst, host, id, service,"
    " proto, dst_port, first, last, bytes_out, bytes_in, payload_out, readable_out, opaque_out, missing_out"
    " FROM flow ORDER BY is_local, key, fid";
enum flow_column {
    FLOW_KEY, FLOW_LOCAL, FLOW_DST, FLOW_HOST, FLOW_ID, FLOW_SERVICE, FLOW_PROTO, FLOW_DST_PORT, FLOW_FIRST, FLOW_LAST,
    FLOW_SUMS,
};

static const size_t sums[] = {
    offsetof(struct fact_destination, bytes_out), offsetof(struct fact_destination, bytes_in),
    offsetof(struct fact_destination, payload_out), offsetof(struct fact_destination, readable_out),
    offsetof(struct fact_destination, opaque_out), offsetof(struct fact_destination, missing_out),
};

/* Answers that are names: the host asked for is an alias of them.  The same question comes
 * again and again, so only different answers are taken apart. */
static const char aliases_sql[] =
    "SELECT asked.host, answer.value FROM (SELECT DISTINCT destination_key(name, NULL, 0) AS host, answers FROM dns"
    " WHERE type IN ('A', 'AAAA', 'CNAME')) AS asked,"
    " json_each(CASE WHEN json_valid(asked.answers) THEN asked.answers ELSE '[]' END) AS answer"
    " WHERE answer.value GLOB '*[a-zA-Z]*' AND answer.value NOT LIKE '%:%' ORDER BY asked.host";

/* What a flow was for can be told from its protocol when no table knows the name. */
static const struct recognised { const char *service; int64_t udp_port; const char *purpose; } recognised[] = {
    { "ntp", 123, "operating system: network time, recognised by its protocol" },
    { "dns", 53, "name service, recognised by its protocol" },
};

static struct text column_text(struct sqlite3_stmt *s, int column)
{
    const void *at = sqlite3_column_text(s, column);

    if (!at)
        return TEXT_UNKNOWN;
    return (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) };
}

static int64_t column_int(struct sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? FACT_UNKNOWN_INT : sqlite3_column_int64(s, column);
}

static int64_t column_time(struct sqlite3_stmt *s, int column)
{
    int64_t time_utc_ns;

    return timestamp_parse(column_text(s, column), &time_utc_ns) ? time_utc_ns : FACT_UNKNOWN_INT;
}

/* A host that is really an address (an HTTP Host field may be one) names nobody. */
static bool names_somebody(struct text host)
{
    struct remote_address a;

    return host.len > 0 && !remote_address_parse(host, &a);
}

/* destination_key(host, dst, local): what a flow is put together by. */
static void destination_key(sqlite3_context *context, int argument_count, sqlite3_value **arguments)
{
    char normal[HOST_NAME_MAX_BYTES];
    struct text host = { .at = (const char *)sqlite3_value_text(arguments[0]) };

    host.len = host.at ? (size_t)sqlite3_value_bytes(arguments[0]) : 0;
    if (sqlite3_value_int(arguments[2]) == 1 || !names_somebody(host)) {
        sqlite3_result_value(context, arguments[1]);
        return;
    }
    const struct text name = host_names_normal(host, normal);
    if (text_known(name))
        sqlite3_result_text(context, name.at, (int)name.len, SQLITE_TRANSIENT);
    else
        sqlite3_result_value(context, arguments[0]);
}

static void add_to(int64_t *sum, int64_t value)
{
    if (!fact_known_int(value) || value < 0)
        return;
    if (!fact_known_int(*sum))
        *sum = 0;
    if (__builtin_add_overflow(*sum, value, sum))
        *sum = INT64_MAX;
}

static void group_open(struct group *g, struct text key, bool local, bool by_host)
{
    struct arena *arena = g->arena;

    arena_reset(arena);
    *g = (struct group){ .arena = arena, .local = local, .by_host = by_host, .key = arena_text(arena, key) };
    fact_init(FACT_DESTINATION, &g->row);
    g->row.flows = 0;
}

static void group_add_address(struct group *g, struct text address, int64_t bytes)
{
    size_t slot = (size_t)hash_mix(address.at, address.len, 0) % ADDRESS_SLOTS;

    if (g->address_count == 0 || !text_equal(g->addresses[g->last_address].text, address)) {
        while (g->slots[slot] && !text_equal(g->addresses[g->slots[slot] - 1].text, address))
            slot = (slot + 1) % ADDRESS_SLOTS;
        if (!g->slots[slot]) {
            if (g->address_count == DESTINATION_ADDRESSES_MAX) {
                g->more_addresses = true;
                return;
            }
            g->addresses[g->address_count] = (struct seen_address){ .text = arena_text(g->arena, address) };
            g->slots[slot] = (uint16_t)++g->address_count;
        }
        g->last_address = g->slots[slot] - 1;
    }
    add_to(&g->addresses[g->last_address].bytes, bytes);
}

static const struct recognised *recognise(struct sqlite3_stmt *s)
{
    const struct text service = column_text(s, FLOW_SERVICE);
    const bool udp = text_equal(column_text(s, FLOW_PROTO), TEXT("udp"));

    for (size_t i = 0; i < sizeof recognised / sizeof recognised[0]; i++)
        if (text_known(service) ? text_equal(service, text_of(recognised[i].service))
                                : udp && column_int(s, FLOW_DST_PORT) == recognised[i].udp_port)
            return &recognised[i];
    return NULL;
}

static void group_add_host(struct group *g, struct text host)
{
    if (!g->local || g->hosts_differ || !names_somebody(host))
        return;
    if (!text_known(g->host))
        g->host = arena_text(g->arena, host);
    else if (!text_equal_ignoring_case(g->host, host))
        g->hosts_differ = true;
}

static void group_add_flow(struct group *g, struct sqlite3_stmt *s)
{
    struct fact_destination *row = &g->row;
    const int64_t first = column_time(s, FLOW_FIRST), last = column_time(s, FLOW_LAST);
    const struct text dst = column_text(s, FLOW_DST);
    const struct recognised *service = recognise(s);
    int64_t bytes = FACT_UNKNOWN_INT;

    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        int64_t *sum = (int64_t *)((char *)row + sums[i]);
        add_to(sum, column_int(s, FLOW_SUMS + (int)i));
    }
    add_to(&bytes, column_int(s, FLOW_SUMS));
    add_to(&bytes, column_int(s, FLOW_SUMS + 1));
    if (dst.len > 0)
        group_add_address(g, dst, bytes);
    group_add_host(g, column_text(s, FLOW_HOST));
    g->service = row->flows == 0 || g->service == service ? service : NULL;
    row->flows++;
    if (fact_known_int(first) && (!fact_known_int(row->first) || first < row->first))
        row->first = first;
    if (fact_known_int(last) && (!fact_known_int(row->last) || last > row->last))
        row->last = last;
    if (g->flow_id_count < DESTINATION_ORIGIN_ROWS_MAX) {
        const struct text id = arena_text(g->arena, column_text(s, FLOW_ID));
        if (text_known(id))
            g->flow_ids[g->flow_id_count++] = id;
    }
}

static int most_bytes_first(const void *a, const void *b)
{
    const struct seen_address *x = a, *y = b;

    if (x->bytes != y->bytes)
        return x->bytes > y->bytes ? -1 : 1;
    return text_compare(x->text, y->text);
}

/* Steps through the aliases up to the group's host; the first that tells of another owner. */
static struct text find_alias(struct build *b, struct text normal, char into[HOST_NAME_MAX_BYTES])
{
    struct text found = TEXT_UNKNOWN;
    char alias_text[HOST_NAME_MAX_BYTES];

    while (b->aliases_left && !b->error) {
        const int order = text_compare(column_text(b->aliases, 0), b->group.key);
        if (order > 0)
            break;
        if (order == 0 && !text_known(found)) {
            const struct text alias = host_names_normal(column_text(b->aliases, 1), alias_text);
            if (text_known(alias) && describe_alias_tells(&b->describer, normal, alias)) {
                memcpy(into, alias.at, alias.len);
                found = (struct text){ .at = into, .len = alias.len };
            }
        }
        const int stepped = sqlite3_step(b->aliases);
        b->aliases_left = stepped == SQLITE_ROW;
        if (stepped != SQLITE_ROW && stepped != SQLITE_DONE)
            b->error = -EIO;
    }
    return found;
}

/* An address may have flows that stayed and flows that left: two rows, told apart by their number. */
static struct text group_id(const struct group *g)
{
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];

    sha256_of((struct bytes){ .at = (const uint8_t *)g->key.at, .len = g->key.len }, digest);
    hash_hex(digest, sizeof digest, hex);
    return arena_printf(g->arena, "destination-%.*s-%d", ID_HASH_HEX, hex, g->local ? 2 : 1);
}

static void group_close(struct build *b)
{
    struct group *g = &b->group;
    struct fact_destination *row = &g->row;
    struct text addresses[DESTINATION_ADDRESSES_MAX];
    char normal[HOST_NAME_MAX_BYTES], alias[HOST_NAME_MAX_BYTES];

    if (!b->open)
        return;
    b->open = false;
    row->host = g->by_host ? g->key : g->hosts_differ ? TEXT_UNKNOWN : g->host;
    qsort(g->addresses, g->address_count, sizeof g->addresses[0], most_bytes_first);
    for (size_t i = 0; i < g->address_count; i++)
        addresses[i] = g->addresses[i].text;
    row->addresses = (struct text_list){ addresses, g->address_count };

    struct described what = { .normal = host_names_normal(row->host, normal), .alias = TEXT_UNKNOWN, .local = g->local,
                              .addresses = addresses, .address_count = g->address_count };
    if (g->by_host)
        what.alias = find_alias(b, what.normal, alias);
    if (b->error)
        return;
    describe(&b->describer, &what, g->arena, row);
    if (!text_known(row->purpose) && g->service)
        row->purpose = text_of(g->service->purpose);
    b->crowded += g->more_addresses;
    row->head.id = group_id(g);
    row->head.origin.rows = (struct text_list){ g->flow_ids, g->flow_id_count };
    b->error = b->run->put(b->run->user, row);
}

static void take_flow(struct build *b, struct sqlite3_stmt *s)
{
    const struct text key = column_text(s, FLOW_KEY);
    const bool local = sqlite3_column_int(s, FLOW_LOCAL);

    if (key.len == 0) {
        b->nowhere++;
        return;
    }
    if (!b->open || b->group.local != local || !text_equal(b->group.key, key)) {
        group_close(b);
        group_open(&b->group, key, local, !local && !text_equal(key, column_text(s, FLOW_DST)));
        b->open = true;
    }
    group_add_flow(&b->group, s);
}

/* Runs `each` for every row.  0 or -EIO. */
static int each_row(struct build *b, const char *sql, void (*each)(struct build *, struct sqlite3_stmt *))
{
    struct sqlite3_stmt *s;
    int stepped = SQLITE_DONE;

    if (sqlite3_prepare_v2(b->db, sql, -1, &s, NULL) != SQLITE_OK)
        return -EIO;
    while (!b->error && (stepped = sqlite3_step(s)) == SQLITE_ROW)
        each(b, s);
    sqlite3_finalize(s);
    if (!b->error && stepped != SQLITE_DONE)
        return -EIO;
    return b->error;
}

static void take_device(struct build *b, struct sqlite3_stmt *s)
{
    struct makers *m = &b->describer.makers;
    const struct text role = column_text(s, 0);
    const struct owner *maker = host_names_maker(destination_names(b->describer.tables), column_text(s, 1));

    if (maker)
        makers_add(m, maker->group);
    if (text_equal(role, TEXT("aircraft")) || text_equal(role, TEXT("controller")))
        m->device_known = true;
}

/* Formats of flight logs are named after their maker: "dji-txt". */
static void take_flight(struct build *b, struct sqlite3_stmt *s)
{
    const struct owner *maker = host_names_maker(destination_names(b->describer.tables), column_text(s, 0));

    if (maker)
        makers_add(&b->describer.makers, maker->group);
}

static int open_aliases(struct build *b)
{
    if (sqlite3_prepare_v2(b->db, aliases_sql, -1, &b->aliases, NULL) != SQLITE_OK)
        return -EIO;
    const int stepped = sqlite3_step(b->aliases);
    b->aliases_left = stepped == SQLITE_ROW;
    return stepped == SQLITE_ROW || stepped == SQLITE_DONE ? 0 : -EIO;
}

static void write_notes(const struct build *b)
{
    const struct describer *d = &b->describer;
    const struct addresses *databases = destination_addresses(d->tables);

    if (d->names_used)
        destination_note_doubts(d->tables, TEXT("destinations"), b->run->now_utc_ns, b->run->notes);
    for (size_t i = 0; i < addresses_database_count(databases); i++)
        if (d->database_used[i])
            destination_note_doubts(d->tables, addresses_database(databases, i)->name, b->run->now_utc_ns,
                                    b->run->notes);
    if (b->crowded)
        note_printf(b->run->notes, "%zu destinations have more than %d addresses; only these many are listed",
                    b->crowded, DESTINATION_ADDRESSES_MAX);
    if (b->nowhere)
        note_printf(b->run->notes, "%zu flows have neither host nor address and are in no destination", b->nowhere);
}

int destination_build(struct sqlite3 *db, const struct destination_tables *t, const struct destination_run *run)
{
    enum { KEY_FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC };
    struct build *b = memory_alloc_array(1, sizeof *b);

    *b = (struct build){ .db = db, .run = run, .describer = { .tables = t, .run = run } };
    b->group.arena = arena_new(0);
    int error = sqlite3_create_function_v2(db, "destination_key", 3, KEY_FLAGS, NULL, destination_key, NULL, NULL, NULL)
                ? -EIO : 0;
    if (!error)
        error = each_row(b, "SELECT DISTINCT role, vendor FROM device", take_device);
    if (!error)
        error = each_row(b, "SELECT DISTINCT format FROM flight", take_flight);
    if (!error)
        error = open_aliases(b);
    if (!error)
        error = each_row(b, flows_sql, take_flow);
    if (!error) {
        group_close(b);
        error = b->error;
    }
    sqlite3_finalize(b->aliases);
    sqlite3_create_function_v2(db, "destination_key", 3, KEY_FLAGS, NULL, NULL, NULL, NULL, NULL);
    if (!error)
        write_notes(b);
    arena_free(b->group.arena);
    free(b);
    return error;
}
