#include "report/html_flows.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "base/key_map.h"
#include "base/memory.h"
#include "base/timestamp.h"

enum { TEXT_MAX = 300, WORDS_LIMIT = 2000000 };

enum form { FORM_ID, FORM_TEXT, FORM_NUMBER, FORM_TIMES, FORM_PACKETS };

/* What is read, and the columns it makes: an id, a range of packets and a time make two. */
static const struct source {
    const char *sql;
    enum form form;
    const char *names[2];
} sources[] = {
    { "id", FORM_ID, { "key", "number" } }, { "evidence", FORM_TEXT, { "evidence" } },
    { "CASE WHEN json_valid(origin) THEN json_extract(origin, '$.packets') END", FORM_PACKETS, { "packet_first", "packets_after" } },
    { "src", FORM_TEXT, { "src" } }, { "src_port", FORM_NUMBER, { "src_port" } },
    { "dst", FORM_TEXT, { "dst" } }, { "dst_port", FORM_NUMBER, { "dst_port" } },
    { "proto", FORM_TEXT, { "proto" } }, { "service", FORM_TEXT, { "service" } },
    { "host", FORM_TEXT, { "host" } }, { "host_source", FORM_TEXT, { "host_source" } },
    { "\"first\"", FORM_TIMES, { "first", "lasted" } }, { "phase", FORM_TEXT, { "phase" } },
    { "bytes_out", FORM_NUMBER, { "bytes_out" } }, { "bytes_in", FORM_NUMBER, { "bytes_in" } },
    { "payload_out", FORM_NUMBER, { "payload_out" } }, { "readable_out", FORM_NUMBER, { "readable_out" } },
    { "opaque_out", FORM_NUMBER, { "opaque_out" } }, { "missing_out", FORM_NUMBER, { "missing_out" } },
    { "src_mac", FORM_TEXT, { "src_mac" } }, { "ifnull(local, 0)", FORM_NUMBER, { "local" } },
    { "\"last\"", FORM_TIMES, { NULL, NULL } }, /* for `lasted` */
};
enum { SOURCE_COUNT = sizeof sources / sizeof *sources };

struct flows {
    struct json json;
    struct key_map words;
    int64_t base_ms;
    int64_t *cells;         /* row by row */
    size_t width, count, room;
};

static struct text text_at(sqlite3_stmt *row, int column)
{
    const char *at = (const char *)sqlite3_column_text(row, column);
    struct text t = { .at = at, .len = at ? (size_t)sqlite3_column_bytes(row, column) : 0 };

    if (t.len > TEXT_MAX)
        t.len = TEXT_MAX;
    return t;
}

static int64_t word(struct flows *f, struct text t)
{
    const int64_t nth = text_known(t) ? key_map_add(&f->words, t) : KEY_NONE;

    return nth == KEY_NONE ? FACT_UNKNOWN_INT : nth;
}

static void take_id(struct flows *f, struct text id, int64_t *into)
{
    size_t dash = id.len;

    while (dash > 0 && id.at[dash - 1] != '-')
        dash--;
    into[1] = FACT_UNKNOWN_INT;
    if (dash > 0 && text_to_int((struct text){ id.at + dash, id.len - dash }, 0, INT32_MAX, &into[1]))
        id.len = dash;
    into[0] = word(f, id);
}

static int64_t milliseconds(struct text t)
{
    int64_t ns;

    return text_known(t) && timestamp_parse(t, &ns) ? ns / 1000000 : FACT_UNKNOWN_INT;
}

static void take_times(struct flows *f, struct text first, struct text last, int64_t *into)
{
    const int64_t from = milliseconds(first), to = milliseconds(last);

    into[0] = into[1] = FACT_UNKNOWN_INT;
    if (!fact_known_int(from))
        return;
    if (!fact_known_int(f->base_ms))
        f->base_ms = from;
    into[0] = from - f->base_ms;
    if (fact_known_int(to))
        into[1] = to - from;
}

/* "[139,146]" */
static void take_packets(struct text t, int64_t *into)
{
    const char *comma = t.len > 2 ? memchr(t.at, ',', t.len) : NULL;
    int64_t first, last;

    into[0] = into[1] = FACT_UNKNOWN_INT;
    if (!comma || !text_to_int((struct text){ t.at + 1, (size_t)(comma - t.at) - 1 }, 0, INT64_MAX, &first) ||
        !text_to_int((struct text){ comma + 1, t.len - (size_t)(comma - t.at) - 2 }, 0, INT64_MAX, &last))
        return;
    into[0] = first;
    into[1] = last - first;
}

static void take_row(struct flows *f, sqlite3_stmt *row)
{
    if (f->count == f->room) {
        f->room = f->room ? f->room * 2 : 1024;
        f->cells = memory_resize_array(f->cells, f->room, f->width * sizeof *f->cells);
    }
    int64_t *cell = f->cells + f->count++ * f->width;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (!sources[i].names[0])
            continue;
        switch (sources[i].form) {
        case FORM_ID:      take_id(f, text_at(row, i), cell); break;
        case FORM_TEXT:    *cell = word(f, text_at(row, i)); break;
        case FORM_TIMES:   take_times(f, text_at(row, i), text_at(row, SOURCE_COUNT - 1), cell); break;
        case FORM_PACKETS: take_packets(text_at(row, i), cell); break;
        case FORM_NUMBER:
            *cell = sqlite3_column_type(row, i) == SQLITE_NULL ? FACT_UNKNOWN_INT : sqlite3_column_int64(row, i);
        }
        cell += sources[i].names[1] ? 2 : 1;
    }
}

static size_t digits(int64_t v)
{
    size_t n = v < 0 ? 2 : 1;

    for (; v > 9 || v < -9; v /= 10)
        n++;
    return n;
}

static void put_cell(struct json *j, int64_t v)
{
    if (fact_known_int(v))
        json_int(j, v);
    else
        json_null(j);
}

enum writing { AS_VALUES, AS_RUNS, AS_STEPS };

/* Which way takes least; a step from or to an unknown value, or one too far, there is not. */
static enum writing shortest(const struct flows *f, size_t column)
{
    size_t values = 0, runs = 0, steps = 0;
    bool can_step = true;
    int64_t before = FACT_UNKNOWN_INT, step;

    for (size_t i = 0; i < f->count; i++) {
        const int64_t v = f->cells[i * f->width + column];
        const size_t len = fact_known_int(v) ? digits(v) + 1 : 5;
        values += len;
        runs += i == 0 || v != before ? len + 4 : 0;
        can_step = can_step && fact_known_int(v) && !__builtin_sub_overflow(v, i ? before : 0, &step);
        steps += can_step ? digits(step) + 1 : 0;
        before = v;
    }
    if (runs < values && (!can_step || runs <= steps))
        return AS_RUNS;
    return can_step && steps < values ? AS_STEPS : AS_VALUES;
}

static void put_runs(struct flows *f, size_t column)
{
    for (size_t i = 0, next; i < f->count; i = next) {
        const int64_t v = f->cells[i * f->width + column];
        for (next = i + 1; next < f->count && f->cells[next * f->width + column] == v; next++)
            continue;
        put_cell(&f->json, v);
        json_int(&f->json, (int64_t)(next - i));
    }
}

static void put_column(struct flows *f, const char *name, size_t column)
{
    static const char *const ways[] = { [AS_VALUES] = "values", [AS_RUNS] = "runs", [AS_STEPS] = "steps" };
    const enum writing way = shortest(f, column);
    int64_t before = 0;

    json_key(&f->json, name);
    json_object(&f->json);
    json_key(&f->json, ways[way]);
    json_array(&f->json);
    if (way == AS_RUNS)
        put_runs(f, column);
    for (size_t i = 0; way != AS_RUNS && i < f->count; i++) {
        const int64_t v = f->cells[i * f->width + column];
        put_cell(&f->json, way == AS_STEPS ? v - before : v);
        before = v;
    }
    json_array_end(&f->json);
    json_object_end(&f->json);
}

static void put_columns(struct flows *f)
{
    size_t column = 0;

    json_key(&f->json, "columns");
    json_object(&f->json);
    for (int i = 0; i < SOURCE_COUNT; i++)
        for (int k = 0; k < 2 && sources[i].names[k]; k++)
            put_column(f, sources[i].names[k], column++);
    json_object_end(&f->json);
    json_key(&f->json, "texts");
    json_array(&f->json);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (sources[i].form == FORM_TEXT || sources[i].form == FORM_ID)
            json_text(&f->json, text_of(sources[i].names[0]));
    json_array_end(&f->json);
}

static sqlite3_stmt *prepare(struct fact_case *c)
{
    sqlite3_stmt *row = NULL;
    struct buffer sql;

    buffer_init(&sql, 4096);
    buffer_printf(&sql, "SELECT ");
    for (int i = 0; i < SOURCE_COUNT; i++)
        buffer_printf(&sql, "%s%s", i ? ", " : "", sources[i].sql);
    buffer_printf(&sql, " FROM flow");
    if (case_rows(c, FACT_FLOW) > HTML_FLOWS_MAX)
        buffer_printf(&sql, " WHERE fid IN (SELECT fid FROM flow ORDER BY payload_out DESC, fid LIMIT %d)"
                            " OR id IN (SELECT flow FROM leak)", HTML_FLOWS_MAX);
    buffer_printf(&sql, " ORDER BY fid");
    const struct text text = buffer_text(&sql);
    const int status = sqlite3_prepare_v2(case_db(c), text.at, (int)text.len, &row, NULL);
    buffer_done(&sql);
    return status == SQLITE_OK ? row : NULL;
}

int html_flows_write(struct fact_case *c, FILE *out, size_t *ret_written)
{
    struct flows f = { .base_ms = FACT_UNKNOWN_INT };
    sqlite3_stmt *row = prepare(c);
    int status;

    if (!row)
        return -EIO;
    for (int i = 0; i < SOURCE_COUNT; i++)
        f.width += sources[i].names[1] ? 2 : sources[i].names[0] ? 1 : 0;
    key_map_init(&f.words, WORDS_LIMIT);
    while ((status = sqlite3_step(row)) == SQLITE_ROW)
        take_row(&f, row);
    sqlite3_finalize(row);

    json_init(&f.json, out, false);
    json_object(&f.json);
    json_member_text(&f.json, "schema", TEXT("leash.flows/1"));
    json_member_int(&f.json, "count", (int64_t)f.count);
    put_columns(&f);
    json_key(&f.json, "base_ms");
    put_cell(&f.json, f.base_ms);
    json_key(&f.json, "words");
    json_array(&f.json);
    for (size_t i = 0; i < f.words.count; i++)
        json_text(&f.json, f.words.keys[i]);
    json_array_end(&f.json);
    json_object_end(&f.json);
    key_map_done(&f.words);
    free(f.cells);
    *ret_written = f.count;
    return status == SQLITE_DONE ? 0 : -EIO;
}
