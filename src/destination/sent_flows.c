#include "destination/sent_flows.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "destination/addresses.h"
#include "destination/destination.h"

enum { ROOM_FIRST = 1024 };

static const char flows_sql[] = "SELECT host, dst, coalesce(local, 0) = 1, id, service, proto, dst_port, first, last,"
    " tunnel_to, bytes_out, bytes_in, payload_out, readable_out, opaque_out, missing_out FROM flow ORDER BY fid";
enum flow_column { FLOW_HOST, FLOW_DST, FLOW_LOCAL, FLOW_ID, FLOW_SERVICE, FLOW_PROTO, FLOW_DST_PORT, FLOW_FIRST,
                   FLOW_LAST, FLOW_TUNNEL_TO, FLOW_SUMS };

static const struct recognised recognised[] = {
    { "ntp", 123, "operating system: network time, recognised by its protocol" },
    { "dns", 53, "name service, recognised by its protocol" },
};

static const struct recognised tunnel_end = { "tunnel", 0, "the far end of a tunnel, recognised by its protocol" };

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

bool names_somebody(struct text host)
{
    struct remote_address a;

    return host.len > 0 && !remote_address_parse(host, &a);
}

struct text host_key(struct text host, char into[HOST_NAME_MAX_BYTES])
{
    if (!names_somebody(host))
        return TEXT_UNKNOWN;
    const struct text name = host_names_normal(host, into);
    return text_known(name) ? name : host;
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

static int32_t number_of(struct sent_flows *all, struct text t)
{
    return text_known(t) ? (int32_t)key_map_add(&all->texts, t) : KEY_NONE;
}

static void *zeroed_room(void *array, size_t *room, size_t need, size_t size)
{
    const size_t had = *room;

    if (need < had)
        return array;
    *room = need < had * 2 ? had * 2 : need + ROOM_FIRST;
    array = memory_resize_array(array, *room, size);
    memset((char *)array + had * size, 0, (*room - had) * size);
    return array;
}

/* The key of a host, worked out once; KEY_NONE: it names nobody. */
static int32_t key_of_host(struct sent_flows *all, int32_t host)
{
    char normal[HOST_NAME_MAX_BYTES];

    if (host == KEY_NONE)
        return KEY_NONE;
    all->key_of_host = zeroed_room(all->key_of_host, &all->host_room, (size_t)host, sizeof *all->key_of_host);
    int32_t *key = &all->key_of_host[host];
    if (*key == 0) {
        const struct text name = host_key(all->texts.keys[host], normal);
        *key = text_known(name) ? number_of(all, name) + 1 : KEY_NONE;
    }
    return *key == KEY_NONE ? KEY_NONE : *key - 1;
}

static void add_flow(struct sent_flows *all, struct sqlite3_stmt *s, struct sent_flow f)
{
    f.first_utc_ns = column_time(s, FLOW_FIRST);
    f.last_utc_ns = column_time(s, FLOW_LAST);
    for (int i = 0; i < SENT_SUM_COUNT; i++)
        f.sums[i] = column_int(s, FLOW_SUMS + i);
    all->flows_of_group = zeroed_room(all->flows_of_group, &all->group_room, f.group, sizeof *all->flows_of_group);
    if (all->flows_of_group[f.group]++ < DESTINATION_ORIGIN_ROWS_MAX)
        f.id = arena_text(all->arena, column_text(s, FLOW_ID));
    if (all->count == all->room) {
        all->room = all->room ? all->room * 2 : ROOM_FIRST;
        all->flows = memory_resize_array(all->flows, all->room, sizeof *all->flows);
    }
    all->flows[all->count++] = f;
}

/* To whom it was addressed; and who had it on the way, where that was the far end of a tunnel. */
static void take_flow(struct sent_flows *all, struct sqlite3_stmt *s)
{
    const bool local = sqlite3_column_int(s, FLOW_LOCAL);
    const int32_t dst = number_of(all, column_text(s, FLOW_DST)), host = number_of(all, column_text(s, FLOW_HOST));
    const int32_t named = local ? KEY_NONE : key_of_host(all, host), key = named == KEY_NONE ? dst : named;
    const int32_t far_end = local ? KEY_NONE : number_of(all, column_text(s, FLOW_TUNNEL_TO));

    if (far_end != KEY_NONE)
        add_flow(all, s, (struct sent_flow){ .group = 2 * (uint32_t)far_end, .dst = far_end, .host = KEY_NONE,
                                             .service = &tunnel_end });
    if (key == KEY_NONE || all->texts.keys[key].len == 0)
        all->nowhere++;
    else if (key != far_end)
        add_flow(all, s, (struct sent_flow){ .group = 2 * (uint32_t)key + local, .dst = dst,
                                             .host = local ? host : KEY_NONE, .service = recognise(s) });
}

static int by_key(const void *a, const void *b, void *user)
{
    const struct sent_flows *all = user;
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    if ((x & 1) != (y & 1))
        return (x & 1) < (y & 1) ? -1 : 1;
    return text_compare(all->texts.keys[x / 2], all->texts.keys[y / 2]);
}

uint32_t *sent_flows_in_order(struct sent_flows *all)
{
    uint32_t *groups = memory_alloc_array(all->group_room + 1, sizeof *groups),
        *order = memory_alloc_array(all->count + 1, sizeof *order);
    size_t group_count = 0;
    uint32_t at = 0;

    for (size_t i = 0; i < all->group_room; i++)
        if (all->flows_of_group[i])
            groups[group_count++] = (uint32_t)i;
    qsort_r(groups, group_count, sizeof *groups, by_key, all);
    for (size_t i = 0; i < group_count; i++) { /* from now on: where its next flow goes */
        const uint32_t flows = all->flows_of_group[groups[i]];
        all->flows_of_group[groups[i]] = at;
        at += flows;
    }
    for (size_t i = 0; i < all->count; i++)
        order[all->flows_of_group[all->flows[i].group]++] = (uint32_t)i;
    free(groups);
    return order;
}

int sent_flows_read(struct sent_flows *all, struct sqlite3 *db)
{
    struct sqlite3_stmt *s = NULL;
    int stepped = SQLITE_ERROR;

    *all = (struct sent_flows){ .arena = arena_new(0) };
    key_map_init(&all->texts, INT32_MAX / 2 - 1);
    if (sqlite3_prepare_v2(db, flows_sql, -1, &s, NULL) == SQLITE_OK)
        while ((stepped = sqlite3_step(s)) == SQLITE_ROW)
            take_flow(all, s);
    sqlite3_finalize(s);
    return stepped == SQLITE_DONE ? 0 : -EIO;
}

void sent_flows_done(struct sent_flows *all)
{
    key_map_done(&all->texts);
    free(all->key_of_host);
    free(all->flows_of_group);
    free(all->flows);
    arena_free(all->arena);
}
