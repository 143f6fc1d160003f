#include "report/stix.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "fact/chain.h"
#include "fact/fact_json.h"
#include "report/forbidden.h"
#include "report/stix_id.h"

/* Section 7.2.1.4: the one id that TLP:AMBER has. */
#define TLP_AMBER "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"

#define KEY "coalesce(nullif(lower(rtrim(host, '.')), ''), lower(dst))"

enum { NUMBER_OBSERVED_MAX = 999999999, REFS_COMPARED = 4096 };

struct stix {
    struct fact_case *c;
    sqlite3 *db;
    struct json j;
    struct arena *arena;      /* of the bundle */
    struct text head, created;
    struct stix_id author;
    struct text *observed;    /* keys of destinations that have observed-data, in byte order */
    size_t observed_count, observed_room;
    bool failed;
};

static sqlite3_stmt *prepare(struct stix *x, const char *sql)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(x->db, sql, -1, &s, NULL) != SQLITE_OK)
        x->failed = true;
    return s;
}

static bool next_row(struct stix *x, sqlite3_stmt *s)
{
    const int rc = s ? sqlite3_step(s) : SQLITE_DONE;

    x->failed |= rc != SQLITE_ROW && rc != SQLITE_DONE;
    return rc == SQLITE_ROW;
}

static struct text column(sqlite3_stmt *s, int i)
{
    const char *at = (const char *)sqlite3_column_text(s, i);

    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, i) } : TEXT_UNKNOWN;
}

/* ---- what all objects have ---- */

static void begin(struct stix *x, const char *type, const struct stix_id *id)
{
    json_object(&x->j);
    json_member_text(&x->j, "type", text_of(type));
    json_member_text(&x->j, "spec_version", TEXT("2.1"));
    json_member_text(&x->j, "id", text_of(id->text));
}

static void begin_domain(struct stix *x, const char *type, const struct stix_id *id)
{
    begin(x, type, id);
    json_member_text(&x->j, "created_by_ref", text_of(x->author.text));
    json_member_text(&x->j, "created", x->created);
    json_member_text(&x->j, "modified", x->created);
}

static void end(struct stix *x)
{
    json_key(&x->j, "object_marking_refs");
    json_array(&x->j);
    json_text(&x->j, TEXT(TLP_AMBER));
    json_array_end(&x->j);
    json_object_end(&x->j);
}

static struct stix_id own_id(const struct stix *x, const char *type, struct text key)
{
    return stix_object_id(type, x->head, key);
}

static void put_known(struct stix *x, const char *name, struct text value)
{
    if (value.len > 0)
        json_member_text(&x->j, name, value);
}

static void put_relationship(struct stix *x, const struct stix_id *from, const char *how, const struct stix_id *to,
                             const char *description)
{
    const struct text key = arena_printf(x->arena, "%s %s %s", from->text, how, to->text);
    const struct stix_id id = own_id(x, "relationship", key);

    begin_domain(x, "relationship", &id);
    json_member_text(&x->j, "relationship_type", text_of(how));
    if (description)
        json_member_text(&x->j, "description", text_of(description));
    json_member_text(&x->j, "source_ref", text_of(from->text));
    json_member_text(&x->j, "target_ref", text_of(to->text));
    end(x);
}

/* ---- observables ---- */

/* The type of object that a host or address is; NULL when it is neither. */
static const char *observable_type(struct text t)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
    struct network n;

    if (network_address(t, &n))
        return memcmp(n.address, mapped, sizeof mapped) == 0 ? "ipv4-addr" : "ipv6-addr";
    return network_name_is_plain(t) && !network_name_is_local(t) ? "domain-name" : NULL;
}

static void put_values(struct stix *x)
{
    sqlite3_stmt *s = prepare(x, "SELECT " KEY " AS v FROM flow WHERE ifnull(local, 0) = 0 UNION SELECT lower(dst) FROM flow WHERE ifnull(local, 0) = 0"
                                 " UNION SELECT lower(src) FROM flow WHERE ifnull(local, 0) = 0"
                                 " UNION SELECT lower(rtrim(host, '.')) FROM destination WHERE ifnull(party, '') <> 'local'"
                                 " UNION SELECT lower(a.value) FROM destination, json_each(addresses) a"
                                 " WHERE json_valid(addresses) AND ifnull(party, '') <> 'local' ORDER BY 1");

    while (next_row(x, s)) {
        const char *type = text_known(column(s, 0)) ? observable_type(column(s, 0)) : NULL;
        if (!type)
            continue;
        const struct stix_id id = stix_value_id(type, column(s, 0));
        begin(x, type, &id);
        json_member_text(&x->j, "value", column(s, 0));
        end(x);
    }
    sqlite3_finalize(s);
}

static struct stix_id system_id(int64_t number)
{
    struct buffer canonical;

    buffer_init(&canonical, 64);
    buffer_printf(&canonical, "{\"number\":%lld}", (long long)number);
    const struct stix_id id = stix_observable_id("autonomous-system", &canonical);
    buffer_done(&canonical);
    return id;
}

static void put_systems(struct stix *x)
{
    sqlite3_stmt *s = prepare(x, "SELECT asn, min(as_name) FROM destination WHERE asn > 0 GROUP BY asn ORDER BY asn");

    while (next_row(x, s)) {
        const struct stix_id id = system_id(sqlite3_column_int64(s, 0));
        begin(x, "autonomous-system", &id);
        json_member_int(&x->j, "number", sqlite3_column_int64(s, 0));
        put_known(x, "name", column(s, 1));
        end(x);
    }
    sqlite3_finalize(s);
}

/* Connections of one source to one address, port and protocol, under one name. */
static const char traffic_sql[] =
    "SELECT " KEY " AS k, lower(src), lower(dst), dst_port, proto, min(first), max(last), count(*), CAST(total(bytes_out) AS INTEGER),"
    " CAST(total(bytes_in) AS INTEGER), CAST(total(packets_out) AS INTEGER), CAST(total(packets_in) AS INTEGER), min(service)"
    " FROM flow WHERE ifnull(local, 0) = 0 GROUP BY k, src, dst, dst_port, proto, service ORDER BY k, src, dst, dst_port, proto, service";
enum { T_KEY, T_SRC, T_DST, T_PORT, T_PROTO, T_FIRST, T_LAST, T_COUNT, T_BYTES_OUT, T_BYTES_IN, T_PACKETS_OUT,
       T_PACKETS_IN, T_SERVICE };

/* Names of protocols, outermost first: lower case, as leash has them. */
static size_t protocols_of(sqlite3_stmt *s, struct text words[3])
{
    size_t count = 0;

    words[count++] = text_of(strcmp(observable_type(column(s, T_DST)), "ipv6-addr") == 0 ? "ipv6" : "ipv4");
    if (network_name_is_plain(column(s, T_PROTO)))
        words[count++] = column(s, T_PROTO);
    if (network_name_is_plain(column(s, T_SERVICE)) && !text_equal(column(s, T_SERVICE), column(s, T_PROTO)))
        words[count++] = column(s, T_SERVICE);
    return count;
}

/* Section 6.12.1: the members that make the id, in the order of their names. */
static struct stix_id traffic_id(sqlite3_stmt *s, const struct stix_id *src, const struct stix_id *dst)
{
    struct text words[3];
    const size_t count = protocols_of(s, words);
    struct buffer b;

    buffer_init(&b, 1 << 20);
    buffer_printf(&b, "{");
    if (sqlite3_column_type(s, T_PORT) != SQLITE_NULL)
        buffer_printf(&b, "\"dst_port\":%lld,", (long long)sqlite3_column_int64(s, T_PORT));
    buffer_printf(&b, "\"dst_ref\":\"%s\"", dst->text);
    if (text_known(column(s, T_LAST))) {
        buffer_printf(&b, ",\"end\":");
        stix_put_canonical(&b, column(s, T_LAST));
    }
    buffer_printf(&b, ",\"protocols\":[");
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&b, i ? "," : "");
        stix_put_canonical(&b, words[i]);
    }
    buffer_printf(&b, src ? "],\"src_ref\":\"%s\"" : "]%s", src ? src->text : "");
    if (text_known(column(s, T_FIRST))) {
        buffer_printf(&b, ",\"start\":");
        stix_put_canonical(&b, column(s, T_FIRST));
    }
    buffer_printf(&b, "}");
    const struct stix_id id = stix_observable_id("network-traffic", &b);
    buffer_done(&b);
    return id;
}

static struct stix_id put_traffic(struct stix *x, sqlite3_stmt *s)
{
    const char *source = text_known(column(s, T_SRC)) ? observable_type(column(s, T_SRC)) : NULL;
    const struct stix_id dst = stix_value_id(observable_type(column(s, T_DST)), column(s, T_DST));
    const struct stix_id src = stix_value_id(source ? source : "", column(s, T_SRC));
    const struct stix_id id = traffic_id(s, source ? &src : NULL, &dst);
    struct text words[3];
    const size_t count = protocols_of(s, words);

    begin(x, "network-traffic", &id);
    put_known(x, "start", column(s, T_FIRST));
    put_known(x, "end", column(s, T_LAST));
    if (source)
        json_member_text(&x->j, "src_ref", text_of(src.text));
    json_member_text(&x->j, "dst_ref", text_of(dst.text));
    if (sqlite3_column_type(s, T_PORT) != SQLITE_NULL)
        json_member_int(&x->j, "dst_port", sqlite3_column_int64(s, T_PORT));
    json_key(&x->j, "protocols");
    json_array(&x->j);
    for (size_t i = 0; i < count; i++)
        json_text(&x->j, words[i]);
    json_array_end(&x->j);
    json_member_int(&x->j, "src_byte_count", sqlite3_column_int64(s, T_BYTES_OUT));
    json_member_int(&x->j, "dst_byte_count", sqlite3_column_int64(s, T_BYTES_IN));
    json_member_int(&x->j, "src_packets", sqlite3_column_int64(s, T_PACKETS_OUT));
    json_member_int(&x->j, "dst_packets", sqlite3_column_int64(s, T_PACKETS_IN));
    end(x);
    return id;
}

/* What was seen of one destination. */
struct observation {
    struct text key;
    struct arena *arena;      /* of it alone */
    struct stix_id *refs;
    size_t count, room;
    struct text first, last;
    int64_t number;
};

static void add_ref(struct observation *o, const struct stix_id *id)
{
    for (size_t i = 0; i < o->count && i < REFS_COMPARED; i++)
        if (strcmp(o->refs[i].text, id->text) == 0)
            return;
    if (o->count == o->room) {
        o->room = o->room ? 2 * o->room : 64;
        o->refs = memory_resize_array(o->refs, o->room, sizeof *o->refs);
    }
    o->refs[o->count++] = *id;
}

static void finish_observation(struct stix *x, struct observation *o)
{
    if (o->count > 0 && text_known(o->first) && text_known(o->last)) {
        const struct stix_id id = own_id(x, "observed-data", o->key);
        begin_domain(x, "observed-data", &id);
        json_member_text(&x->j, "first_observed", o->first);
        json_member_text(&x->j, "last_observed", o->last);
        json_member_int(&x->j, "number_observed", o->number < NUMBER_OBSERVED_MAX ? o->number : NUMBER_OBSERVED_MAX);
        json_key(&x->j, "object_refs");
        json_array(&x->j);
        for (size_t i = 0; i < o->count; i++)
            json_text(&x->j, text_of(o->refs[i].text));
        json_array_end(&x->j);
        end(x);
        if (x->observed_count == x->observed_room) {
            x->observed_room = x->observed_room ? 2 * x->observed_room : 64;
            x->observed = memory_resize_array(x->observed, x->observed_room, sizeof *x->observed);
        }
        x->observed[x->observed_count++] = arena_text(x->arena, o->key);
    }
    o->count = 0;
    o->number = 0;
    o->first = o->last = TEXT_UNKNOWN;
    arena_reset(o->arena);
}

static void take_traffic(struct stix *x, struct observation *o, sqlite3_stmt *s)
{
    const struct text first = column(s, T_FIRST), last = column(s, T_LAST);
    struct stix_id id;

    if (observable_type(o->key)) {
        id = stix_value_id(observable_type(o->key), o->key);
        add_ref(o, &id);
    }
    if (text_known(column(s, T_DST)) && observable_type(column(s, T_DST))) {
        id = stix_value_id(observable_type(column(s, T_DST)), column(s, T_DST));
        add_ref(o, &id);
        id = put_traffic(x, s);
        add_ref(o, &id);
    }
    o->number += sqlite3_column_int64(s, T_COUNT);
    if (text_known(first) && (!text_known(o->first) || text_compare(first, o->first) < 0))
        o->first = arena_text(o->arena, first);
    if (text_known(last) && (!text_known(o->last) || text_compare(last, o->last) > 0))
        o->last = arena_text(o->arena, last);
}

static void put_observations(struct stix *x)
{
    struct observation o = { .arena = arena_new(0) };
    struct arena *keys = arena_new(0);
    sqlite3_stmt *s = prepare(x, traffic_sql);

    while (next_row(x, s)) {
        if (!text_known(column(s, T_KEY)))
            continue;
        if (!text_equal(o.key, column(s, T_KEY))) {
            finish_observation(x, &o);
            arena_reset(keys);
            o.key = arena_text(keys, column(s, T_KEY));
        }
        take_traffic(x, &o, s);
    }
    finish_observation(x, &o);
    sqlite3_finalize(s);
    arena_free(o.arena);
    arena_free(keys);
    free(o.refs);
}

static int compare_keys(const void *a, const void *b)
{
    return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static bool was_observed(const struct stix *x, struct text key)
{
    return x->observed_count > 0 && bsearch(&key, x->observed, x->observed_count, sizeof *x->observed, compare_keys);
}

/* ---- who and where ---- */

static struct stix_id put_author(struct stix *x)
{
    const struct text operator = case_get(x->c, "operator", x->arena),
        version = case_get(x->c, "tool_version", x->arena);
    const bool known = operator.len > 0;

    x->author = own_id(x, "identity", TEXT("author"));
    begin(x, "identity", &x->author);
    json_member_text(&x->j, "created", x->created);
    json_member_text(&x->j, "modified", x->created);
    json_member_text(&x->j, "name", known ? operator : TEXT("leash"));
    json_member_text(&x->j, "identity_class", known ? TEXT("organization") : TEXT("system"));
    json_member_text(&x->j, "description", arena_printf(x->arena, "The audit was made with leash %.*s.",
                                                        (int)version.len, version.at ? version.at : ""));
    end(x);
    return x->author;
}

static struct text owner_key(struct stix *x, struct text owner)
{
    return arena_printf(x->arena, "owner %.*s", (int)owner.len, owner.at);
}

static void put_owners(struct stix *x)
{
    sqlite3_stmt *s = prepare(x, "SELECT owner, min(operator_country) FROM destination WHERE owner <> '' AND ifnull(party, '') <> 'local' GROUP BY owner ORDER BY owner");

    while (next_row(x, s)) {
        const struct stix_id id = own_id(x, "identity", owner_key(x, column(s, 0)));
        begin_domain(x, "identity", &id);
        json_member_text(&x->j, "name", column(s, 0));
        json_member_text(&x->j, "identity_class", TEXT("organization"));
        if (column(s, 1).len > 0)
            json_member_text(&x->j, "description",
                             arena_printf(x->arena,
                                          "Owner of host names that were addressed. Country of its headquarters: %.*s.",
                                                               (int)column(s, 1).len, column(s, 1).at));
        end(x);
    }
    sqlite3_finalize(s);
}

static void add_detail(struct buffer *b, const char *before, struct text t)
{
    if (t.len == 0)
        return;
    buffer_printf(b, "%s%s: ", b->len ? "; " : "", before);
    buffer_add_text(b, t);
}

/* "Addressed", because that is what a capture shows. */
static void put_infrastructure(struct stix *x)
{
    sqlite3_stmt *s = prepare(x, "SELECT coalesce(nullif(lower(rtrim(host, '.')), ''), lower(addresses ->> 0)) AS k, min(owner), min(purpose), min(party),"
        " min(operator_country), min(registry_country), min(location_country), min(as_name), min(asn), min(first), max(last), min(addresses)"
        " FROM destination WHERE ifnull(party, '') <> 'local' AND json_valid(ifnull(addresses, '[]')) GROUP BY k HAVING k IS NOT NULL ORDER BY k");

    while (next_row(x, s)) {
        static const char *const details[] = { NULL, "owner", "purpose", "party", "owner's country",
                                               "country of the address registration",
                                               "country of the place", "network" };
        const struct stix_id id = own_id(x, "infrastructure", column(s, 0));
        struct buffer b;
        buffer_init(&b, 1 << 16);
        for (int i = 1; i < 8; i++)
            add_detail(&b, details[i], column(s, i));
        begin_domain(x, "infrastructure", &id);
        json_member_text(&x->j, "name", column(s, 0));
        put_known(x, "description", (struct text){ .at = (const char *)b.at, .len = b.len });
        json_key(&x->j, "infrastructure_types");
        json_array(&x->j);
        json_text(&x->j, TEXT("unknown"));
        json_array_end(&x->j);
        put_known(x, "first_seen", column(s, 9));
        put_known(x, "last_seen", column(s, 10));
        end(x);
        buffer_done(&b);
        if (observable_type(column(s, 0))) {
            const struct stix_id value = stix_value_id(observable_type(column(s, 0)), column(s, 0));
            put_relationship(x, &id, "consists-of", &value, NULL);
        }
        if (sqlite3_column_int64(s, 8) > 0) {
            const struct stix_id number = system_id(sqlite3_column_int64(s, 8));
            put_relationship(x, &id, "consists-of", &number, "The network that its address belongs to.");
        }
        if (was_observed(x, column(s, 0))) {
            const struct stix_id seen = own_id(x, "observed-data", column(s, 0));
            put_relationship(x, &id, "consists-of", &seen, "What was addressed to it.");
        }
        if (column(s, 1).len > 0) {
            const struct stix_id owner = own_id(x, "identity", owner_key(x, column(s, 1)));
            put_relationship(x, &id, "related-to", &owner, "The owner of the name.");
        }
    }
    sqlite3_finalize(s);
}

/* ---- what was found ---- */

static void put_indicator(struct stix *x, const struct forbidden *f)
{
    const struct stix_id id = own_id(x, "indicator", f->name);
    struct buffer b;

    if (f->kind != FORBIDDEN_NAME && f->kind != FORBIDDEN_ADDRESS)
        return;
    buffer_init(&b, 1 << 20);
    for (size_t i = 0; i < f->reason_count; i++) {
        buffer_printf(&b, i ? "\n" : "");
        buffer_add_text(&b, f->reasons[i].rule);
        buffer_printf(&b, ": ");
        buffer_add_text(&b, f->reasons[i].statement);
    }
    begin_domain(x, "indicator", &id);
    json_member_text(&x->j, "name", arena_printf(x->arena, "The policy forbids %.*s", (int)f->name.len, f->name.at));
    json_member_text(&x->j, "description", (struct text){ .at = (const char *)b.at, .len = b.len });
    json_key(&x->j, "indicator_types");
    json_array(&x->j);
    json_text(&x->j, TEXT("unknown"));
    json_array_end(&x->j);
    /* Names are of letters, digits, hyphens, underscores and dots, addresses were parsed: nothing to escape. */
    json_member_text(&x->j, "pattern", arena_printf(x->arena, "[%s:value = '%.*s']", observable_type(f->name),
                                                    (int)f->name.len, f->name.at));
    json_member_text(&x->j, "pattern_type", TEXT("stix"));
    json_member_text(&x->j, "valid_from", x->created);
    json_key(&x->j, "labels");
    json_array(&x->j);
    json_text(&x->j, TEXT("policy-violation"));
    json_array_end(&x->j);
    end(x);
    buffer_done(&b);
    if (was_observed(x, f->name)) {
        const struct stix_id seen = own_id(x, "observed-data", f->name);
        put_relationship(x, &id, "based-on", &seen, NULL);
    }
}

static int put_indicators(struct stix *x)
{
    struct forbidden_list list;
    const int error = forbidden_read(x->c, x->arena, &list);

    for (size_t i = 0; i < list.count && !error; i++)
        put_indicator(x, &list.at[i]);
    forbidden_done(&list);
    return error;
}

/* ?: id, abstract, content, destinations as a JSON list. */
static void put_notes(struct stix *x, const char *sql)
{
    sqlite3_stmt *s = prepare(x, sql);

    while (next_row(x, s)) {
        const struct stix_id id = own_id(x, "note", column(s, 0));
        struct text_list destinations = { NULL, 0 };
        size_t about = 0;
        begin_domain(x, "note", &id);
        put_known(x, "abstract", column(s, 1));
        json_member_text(&x->j, "content", text_known(column(s, 2)) ? column(s, 2) : TEXT("unknown"));
        json_key(&x->j, "object_refs");
        json_array(&x->j);
        if (fact_json_read_list(column(s, 3), x->arena, &destinations))
            for (size_t i = 0; i < destinations.count; i++)
                if (was_observed(x, destinations.items[i])) {
                    json_text(&x->j, text_of(own_id(x, "observed-data", destinations.items[i]).text));
                    about++;
                }
        if (about == 0)
            json_text(&x->j, text_of(x->author.text));
        json_array_end(&x->j);
        json_key(&x->j, "labels");
        json_array(&x->j);
        json_text(&x->j, column(s, 4));
        json_array_end(&x->j);
        end(x);
    }
    sqlite3_finalize(s);
}

static void put_marking(struct stix *x)
{
    json_object(&x->j);
    json_member_text(&x->j, "type", TEXT("marking-definition"));
    json_member_text(&x->j, "spec_version", TEXT("2.1"));
    json_member_text(&x->j, "id", TEXT(TLP_AMBER));
    json_member_text(&x->j, "created", TEXT("2017-01-20T00:00:00.000Z"));
    json_member_text(&x->j, "definition_type", TEXT("tlp"));
    json_member_text(&x->j, "name", TEXT("TLP:AMBER"));
    json_key(&x->j, "definition");
    json_object(&x->j);
    json_member_text(&x->j, "tlp", TEXT("amber"));
    json_object_end(&x->j);
    json_object_end(&x->j);
}

static int write_bundle(struct stix *x)
{
    const struct stix_id bundle = own_id(x, "bundle", TEXT("report"));
    int error;

    json_object(&x->j);
    json_member_text(&x->j, "type", TEXT("bundle"));
    json_member_text(&x->j, "id", text_of(bundle.text));
    json_key(&x->j, "objects");
    json_array(&x->j);
    put_marking(x);
    (void)put_author(x);
    put_values(x);
    put_systems(x);
    put_observations(x);
    put_owners(x);
    put_infrastructure(x);
    error = put_indicators(x);
    put_notes(x, "SELECT f.id, f.rule || ' (' || f.severity || '): ' || coalesce((SELECT p.title FROM precaution p WHERE p.rule = f.rule LIMIT 1), 'observation'),"
                 " f.statement, (SELECT json_group_array(lower(rtrim(e.value, '.'))) FROM json_each(f.destinations) e), 'finding'"
                 " FROM finding f WHERE json_valid(ifnull(f.destinations, '[]')) ORDER BY f.fid");
    put_notes(x, "SELECT id, 'Known data was sent: ' || replace(what, '_', ' '), claim,"
                 " json_array(lower(rtrim(destination, '.'))), 'leak' FROM leak ORDER BY fid");
    json_array_end(&x->j);
    json_object_end(&x->j);
    putc('\n', x->j.out);
    return error ? error : x->failed ? -EIO : 0;
}

int report_stix_write(struct fact_case *c, FILE *out)
{
    struct stix x = { .c = c, .db = case_db(c), .arena = arena_new(0) };
    char text[TIMESTAMP_TEXT_MAX];
    int64_t started;
    int error = -EINVAL;

    x.head = chain_head(x.db, x.arena);
    json_init(&x.j, out, true);
    /* Section 3.2: times of objects have three decimals at least. */
    if (timestamp_parse(case_get(c, "started", x.arena), &started)) {
        x.created = timestamp_text_ms(started, text);
        error = write_bundle(&x);
    }
    free(x.observed);
    arena_free(x.arena);
    return error ? error : fflush(out) || ferror(out) ? -EIO : 0;
}
