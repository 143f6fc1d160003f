#include "destination/destination.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "destination/describe.h"
#include "destination/sent_flows.h"

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
    struct sent_flows sent;
    struct group group;
    struct sqlite3_stmt *aliases;                     /* sorted as the flows are; walked beside them */
    bool aliases_left, open;
    size_t crowded;
    int error;
};

static const size_t sums[SENT_SUM_COUNT] = {
    offsetof(struct fact_destination, bytes_out), offsetof(struct fact_destination, bytes_in),
    offsetof(struct fact_destination, payload_out), offsetof(struct fact_destination, readable_out),
    offsetof(struct fact_destination, opaque_out), offsetof(struct fact_destination, missing_out),
};

/* Answers that are names: the host asked for is an alias of them.  The same question comes
 * again and again, so only different answers are taken apart. */
static const char aliases_sql[] =
    "SELECT asked.host, answer.value FROM (SELECT DISTINCT host_key(name) AS host, answers FROM dns"
    " WHERE type IN ('A', 'AAAA', 'CNAME')) AS asked,"
    " json_each(CASE WHEN json_valid(asked.answers) THEN asked.answers ELSE '[]' END) AS answer"
    " WHERE answer.value GLOB '*[a-zA-Z]*' AND answer.value NOT LIKE '%:%' ORDER BY asked.host";

static struct text column_text(struct sqlite3_stmt *s, int column)
{
    const void *at = sqlite3_column_text(s, column);

    if (!at)
        return TEXT_UNKNOWN;
    return (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) };
}

/* host_key(host): the same for SQL. */
static void sql_host_key(sqlite3_context *context, int argument_count, sqlite3_value **arguments)
{
    char normal[HOST_NAME_MAX_BYTES];
    struct text host = { .at = (const char *)sqlite3_value_text(arguments[0]) };

    (void)argument_count;
    host.len = host.at ? (size_t)sqlite3_value_bytes(arguments[0]) : 0;
    const struct text key = host_key(host, normal);
    if (text_known(key))
        sqlite3_result_text(context, key.at, (int)key.len, SQLITE_TRANSIENT);
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

static void group_add_host(struct group *g, struct text host)
{
    if (!g->local || g->hosts_differ || !names_somebody(host))
        return;
    if (!text_known(g->host))
        g->host = arena_text(g->arena, host);
    else if (!text_equal_ignoring_case(g->host, host))
        g->hosts_differ = true;
}

static void group_add_flow(struct group *g, const struct sent_flow *f, struct text dst, struct text host)
{
    struct fact_destination *row = &g->row;
    int64_t bytes = FACT_UNKNOWN_INT;

    for (size_t i = 0; i < SENT_SUM_COUNT; i++)
        add_to((int64_t *)((char *)row + sums[i]), f->sums[i]);
    add_to(&bytes, f->sums[0]);
    add_to(&bytes, f->sums[1]);
    if (dst.len > 0)
        group_add_address(g, dst, bytes);
    group_add_host(g, host);
    g->service = row->flows == 0 || g->service == f->service ? f->service : NULL;
    row->flows++;
    if (fact_known_int(f->first_utc_ns) && (!fact_known_int(row->first) || f->first_utc_ns < row->first))
        row->first = f->first_utc_ns;
    if (fact_known_int(f->last_utc_ns) && (!fact_known_int(row->last) || f->last_utc_ns > row->last))
        row->last = f->last_utc_ns;
    if (text_known(f->id) && g->flow_id_count < DESTINATION_ORIGIN_ROWS_MAX)
        g->flow_ids[g->flow_id_count++] = f->id;
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

static void put_destinations(struct build *b)
{
    const struct sent_flows *all = &b->sent;
    uint32_t *order = sent_flows_in_order(&b->sent), last = 0;

    for (size_t i = 0; i < all->count && !b->error; i++) {
        const struct sent_flow *f = &all->flows[order[i]];
        const struct text dst = f->dst == KEY_NONE ? TEXT_UNKNOWN : all->texts.keys[f->dst];
        if (!b->open || f->group != last) {
            const bool local = f->group & 1;
            group_close(b);
            group_open(&b->group, all->texts.keys[f->group / 2], local, !local && (int32_t)(f->group / 2) != f->dst);
            b->open = true;
            last = f->group;
        }
        group_add_flow(&b->group, f, dst, f->host == KEY_NONE ? TEXT_UNKNOWN : all->texts.keys[f->host]);
    }
    if (!b->error)
        group_close(b);
    free(order);
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
    if (b->sent.nowhere)
        note_printf(b->run->notes, "%zu flows have neither host nor address and are in no destination",
                    b->sent.nowhere);
}

int destination_build(struct sqlite3 *db, const struct destination_tables *t, const struct destination_run *run)
{
    enum { KEY_FLAGS = SQLITE_UTF8 | SQLITE_DETERMINISTIC };
    struct build *b = memory_alloc_array(1, sizeof *b);

    *b = (struct build){ .db = db, .run = run, .describer = { .tables = t, .run = run } };
    b->group.arena = arena_new(0);
    int error = sqlite3_create_function_v2(db, "host_key", 1, KEY_FLAGS, NULL, sql_host_key, NULL, NULL, NULL)
        ? -EIO : 0;
    if (!error)
        error = each_row(b, "SELECT DISTINCT role, vendor FROM device", take_device);
    if (!error)
        error = each_row(b, "SELECT DISTINCT format FROM flight", take_flight);
    if (!error)
        error = open_aliases(b);
    if (!error)
        error = sent_flows_read(&b->sent, db);
    if (!error) {
        put_destinations(b);
        error = b->error;
    }
    sqlite3_finalize(b->aliases);
    sqlite3_create_function_v2(db, "host_key", 1, KEY_FLAGS, NULL, NULL, NULL, NULL, NULL);
    if (!error)
        write_notes(b);
    sent_flows_done(&b->sent);
    arena_free(b->group.arena);
    free(b);
    return error;
}
