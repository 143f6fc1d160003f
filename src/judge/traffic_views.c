#include "judge/traffic_views.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "base/memory.h"

enum how { ALL, BY_KEY, BY_RECIPIENT };

struct view {
    sqlite3_vtab base; /* first */
    struct traffic *t;
};

/* Rows from one number to before another, in the order of their keys. */
struct rows {
    sqlite3_vtab_cursor base; /* first */
    size_t at, end;
};

static struct traffic *traffic_of(const sqlite3_vtab_cursor *c) { return ((const struct view *)c->pVtab)->t; }

static int connect_view(sqlite3 *db, struct traffic *t, const char *schema, sqlite3_vtab **ret)
{
    const int code = sqlite3_declare_vtab(db, schema);

    if (code != SQLITE_OK)
        return code;
    struct view *v = memory_alloc_array(1, sizeof *v);
    v->t = t;
    *ret = &v->base;
    return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *v)
{
    free(v);
    return SQLITE_OK;
}

static int open_rows(sqlite3_vtab *v, sqlite3_vtab_cursor **ret)
{
    struct rows *r = memory_alloc_array(1, sizeof *r);

    (void)v;
    *ret = &r->base;
    return SQLITE_OK;
}

static int close_rows(sqlite3_vtab_cursor *c)
{
    free(c);
    return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *c)
{
    ((struct rows *)c)->at++;
    return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *c)
{
    const struct rows *r = (const struct rows *)c;

    return r->at >= r->end;
}

/* What SQLite would expect of such a table, of which it knows no more: so it joins in the same order. */
static void expect(sqlite3_index_info *info, enum how how)
{
    static const struct { double cost; sqlite3_int64 rows; } expected[] = {
        [ALL] = { 3e6, 1048576 }, [BY_KEY] = { 10, 1 }, [BY_RECIPIENT] = { 60, 10 },
    };

    info->idxNum = how;
    info->estimatedCost = expected[how].cost;
    info->estimatedRows = expected[how].rows;
    info->idxFlags = how == BY_KEY ? SQLITE_INDEX_SCAN_UNIQUE : 0;
}

/* Column 0 is the key.  `last`: up to which column rows are in ascending order, too. */
static int best(sqlite3_index_info *info, int last)
{
    enum how how = ALL;
    int which = 0;

    for (int i = 0; i < info->nConstraint && how != BY_KEY; i++) {
        const int column = info->aConstraint[i].iColumn < 0 ? 0 : info->aConstraint[i].iColumn;
        if (!info->aConstraint[i].usable || info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ || column > last)
            continue;
        how = column == 0 ? BY_KEY : BY_RECIPIENT;
        which = i;
    }
    expect(info, how);
    if (how != ALL)
        info->aConstraintUsage[which].argvIndex = 1; /* SQLite tests it again: a number may come as a text */
    info->orderByConsumed = info->nOrderBy == 1 && !info->aOrderBy[0].desc && info->aOrderBy[0].iColumn <= last;
    return SQLITE_OK;
}

/* stream */

static int connect_stream(sqlite3 *db, void *t, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
    (void)argc, (void)argv, (void)error;
    return connect_view(db, t, "CREATE TABLE x(nth INTEGER, recipient, phase, device, mac, private, in_flight, allowed, flows,"
                        " carrying, payload_out, unreadable_out, answered, facts, \"any\", unreadable)", ret);
}

static int best_of_streams(sqlite3_vtab *v, sqlite3_index_info *info)
{
    (void)v;
    return best(info, 1);
}

static const struct stream *stream_at(const struct traffic *t, size_t at) { return &t->streams[t->stream_order[at]]; }

/* The first stream whose recipient is not below `recipient`. */
static size_t first_of(const struct traffic *t, int64_t recipient)
{
    size_t low = 0, high = t->stream_keys.count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (t->peers[stream_at(t, middle)->key.peer].nth < recipient)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int begin_streams(sqlite3_vtab_cursor *c, int how, const char *name, int argc, sqlite3_value **argv)
{
    struct rows *r = (struct rows *)c;
    const struct traffic *t = traffic_of(c);
    const int64_t count = (int64_t)t->stream_keys.count, wanted = argc ? sqlite3_value_int64(argv[0]) : 0;

    (void)name;
    r->at = 0;
    r->end = (size_t)count;
    if (how == BY_KEY) {
        r->end = wanted >= 1 && wanted <= count ? (size_t)wanted : 0;
        r->at = r->end ? r->end - 1 : 0;
    } else if (how == BY_RECIPIENT) {
        r->at = first_of(t, wanted);
        r->end = wanted < INT64_MAX ? first_of(t, wanted + 1) : (size_t)count;
    }
    return SQLITE_OK;
}

static void give_text(sqlite3_context *into, struct text t)
{
    if (text_known(t))
        sqlite3_result_text64(into, t.at, t.len, SQLITE_STATIC, SQLITE_UTF8);
    else
        sqlite3_result_null(into);
}

static void give_list(sqlite3_context *into, const struct list *l)
{
    give_text(into, l->count ? (struct text){ .at = l->json, .len = l->len } : TEXT("[]"));
}

static int stream_column(sqlite3_vtab_cursor *c, sqlite3_context *into, int column)
{
    const struct traffic *t = traffic_of(c);
    const struct stream *x = stream_at(t, ((const struct rows *)c)->at);

    switch (column) {
    case 0: sqlite3_result_int64(into, x->nth); break;
    case 1: sqlite3_result_int64(into, t->peers[x->key.peer].nth); break;
    case 2: give_text(into, traffic_word(t, x->key.phase)); break;
    case 3: give_text(into, traffic_address(t, x->key.device)); break;
    case 4: give_text(into, traffic_word(t, x->key.mac)); break;
    case 5: sqlite3_result_int(into, x->key.private); break;
    case 6: sqlite3_result_int(into, x->key.in_flight); break;
    case 7: sqlite3_result_int(into, x->key.allowed); break;
    case 8: sqlite3_result_int64(into, x->flows); break;
    case 9: sqlite3_result_int64(into, x->carrying); break;
    case 10: sqlite3_result_double(into, x->payload_out); break;
    case 11: sqlite3_result_double(into, x->unreadable_out); break;
    case 12: sqlite3_result_int(into, x->answered); break;
    case 13: give_list(into, &x->facts); break;
    case 14: give_list(into, &x->any); break;
    default: give_list(into, &x->unreadable);
    }
    return SQLITE_OK;
}

static int stream_key(sqlite3_vtab_cursor *c, sqlite3_int64 *ret)
{
    *ret = stream_at(traffic_of(c), ((const struct rows *)c)->at)->nth;
    return SQLITE_OK;
}

static const sqlite3_module streams = {
    .xCreate = connect_stream, .xConnect = connect_stream, .xBestIndex = best_of_streams, .xDisconnect = disconnect,
    .xDestroy = disconnect, .xOpen = open_rows, .xClose = close_rows, .xFilter = begin_streams, .xNext = next_row,
    .xEof = at_end, .xColumn = stream_column, .xRowid = stream_key,
};

/* sent */

static int connect_sent(sqlite3 *db, void *t, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
    (void)argc, (void)argv, (void)error;
    return connect_view(db, t, "CREATE TABLE x(fid INTEGER, recipient, stream)", ret);
}

static int best_of_sent(sqlite3_vtab *v, sqlite3_index_info *info)
{
    (void)v;
    return best(info, 0);
}

static int begin_sent(sqlite3_vtab_cursor *c, int how, const char *name, int argc, sqlite3_value **argv)
{
    struct rows *r = (struct rows *)c;
    const struct traffic *t = traffic_of(c);
    const int64_t wanted = argc ? sqlite3_value_int64(argv[0]) : 0;
    size_t low = 0, high = t->sent_count;

    (void)name;
    r->at = 0;
    r->end = t->sent_count;
    if (how != BY_KEY)
        return SQLITE_OK;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (t->sent[middle].fid < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    r->at = low;
    r->end = low + (low < t->sent_count && t->sent[low].fid == wanted);
    return SQLITE_OK;
}

static int sent_column(sqlite3_vtab_cursor *c, sqlite3_context *into, int column)
{
    const struct traffic *t = traffic_of(c);
    const struct sent *sent = &t->sent[((const struct rows *)c)->at];
    const struct stream *x = &t->streams[sent->stream];

    sqlite3_result_int64(into, column == 0 ? sent->fid : column == 1 ? t->peers[x->key.peer].nth : x->nth);
    return SQLITE_OK;
}

static int sent_key(sqlite3_vtab_cursor *c, sqlite3_int64 *ret)
{
    *ret = traffic_of(c)->sent[((const struct rows *)c)->at].fid;
    return SQLITE_OK;
}

static const sqlite3_module sent_flows = {
    .xCreate = connect_sent, .xConnect = connect_sent, .xBestIndex = best_of_sent, .xDisconnect = disconnect,
    .xDestroy = disconnect, .xOpen = open_rows, .xClose = close_rows, .xFilter = begin_sent, .xNext = next_row,
    .xEof = at_end, .xColumn = sent_column, .xRowid = sent_key,
};

/* Both */

static void end_list(struct list *l)
{
    if (l->count)
        l->json[l->len++] = ']'; /* there is room for it */
}

int traffic_views_add(struct traffic *t)
{
    for (size_t i = 0; i < t->stream_keys.count; i++) {
        end_list(&t->streams[i].facts);
        end_list(&t->streams[i].any);
        end_list(&t->streams[i].unreadable);
    }
    int code = sqlite3_create_module_v2(t->db, "leash_stream", &streams, t, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_create_module_v2(t->db, "leash_sent", &sent_flows, t, NULL);
    return code == SQLITE_OK ? sqlite3_exec(t->db, "CREATE VIRTUAL TABLE temp.stream USING leash_stream;"
                                            "CREATE VIRTUAL TABLE temp.sent USING leash_sent", NULL, NULL, NULL)
                             : code;
}

void traffic_views_remove(struct traffic *t)
{
    (void)sqlite3_create_module_v2(t->db, "leash_stream", NULL, NULL, NULL);
    (void)sqlite3_create_module_v2(t->db, "leash_sent", NULL, NULL, NULL);
}
