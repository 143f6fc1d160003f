#include "fact/case_inside.h"

#include <errno.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "fact/case_layers.h"
#include "fact/fact_json.h"

/* Columns before the fields: fid is given by SQLite. */
enum { COLUMN_ID = 1, COLUMN_EVIDENCE, COLUMN_ORIGIN, COLUMN_FIELDS };

int case_prepare_insert(struct fact_case *c, enum fact_kind kind)
{
    const struct fact_table *table = &fact_tables[kind];
    struct buffer sql;
    int rc;

    buffer_init(&sql, 1 << 16);
    buffer_printf(&sql, "INSERT INTO %s (id, evidence, origin", table->name);
    for (size_t i = 0; i < table->field_count; i++)
        buffer_printf(&sql, ", \"%s\"", table->fields[i].name);
    buffer_printf(&sql, "%s) VALUES (?, ?, ?", kind == FACT_POSITION ? ", geom" : "");
    for (size_t i = 0; i < table->field_count + (kind == FACT_POSITION); i++)
        buffer_printf(&sql, ", ?");
    buffer_add(&sql, ")", 2);
    rc = sqlite3_prepare_v3(c->db, (const char *)sql.at, -1, SQLITE_PREPARE_PERSISTENT, &c->insert[kind], NULL);
    buffer_done(&sql);
    return rc;
}

struct text case_row_id(enum fact_kind kind, struct text evidence_key, int64_t number, struct arena *arena)
{
    enum { KEY_DIGITS = 12, KIND_MAX = 32 };
    const struct text parts[] = { text_of(fact_tables[kind].name), evidence_key };
    char id[KIND_MAX + 1 + KEY_DIGITS + 1 + TEXT_INT_MAX];
    size_t len = 0;

    for (int i = 0; i < 2; i++) {
        const size_t n = parts[i].len < (i ? KEY_DIGITS : KIND_MAX) ? parts[i].len : (i ? KEY_DIGITS : KIND_MAX);
        if (n)
            memcpy(id + len, parts[i].at, n);
        len += n;
        id[len++] = '-';
    }
    len += text_put_int(id + len, number);
    return arena_text(arena, (struct text){ .at = id, .len = len });
}

/* The text stays where it is until the statement has run: SQLite makes no copy, of which a flow would have twenty. */
static int bind_text(sqlite3_stmt *s, int column, struct text t)
{
    if (!text_known(t))
        return sqlite3_bind_null(s, column);
    return sqlite3_bind_text64(s, column, t.at, t.len, SQLITE_STATIC, SQLITE_UTF8);
}

/* Evidence may hold any bytes, the case holds UTF-8 only: what is not becomes U+FFFD, as in JSON. */
static struct text utf8_of(struct text t, struct arena *arena)
{
    size_t bad = 0, good;

    for (struct text rest = t; rest.len > 0; rest.at += good, rest.len -= good) {
        const size_t n = text_utf8_length(rest);
        bad += n == 0 || rest.at[0] == '\0';
        good = n ? n : 1;
    }
    if (bad == 0)
        return t;
    char *to = arena_alloc(arena, t.len + 2 * bad + 1, 1);
    size_t len = 0;
    if (!to)
        return TEXT_UNKNOWN;
    for (struct text rest = t; rest.len > 0; rest.at += good, rest.len -= good) {
        const size_t n = text_utf8_length(rest);
        good = n ? n : 1;
        if (n == 0 || rest.at[0] == '\0') { /* a NUL would end the text for many readers of SQLite files */
            memcpy(to + len, "\xef\xbf\xbd", 3);
            len += 3;
        } else {
            memcpy(to + len, rest.at, n);
            len += n;
        }
    }
    return (struct text){ .at = to, .len = len };
}

/* JSON as text in a column, through the one JSON writer.  The C library zeroes 8 KiB for each new stream: there is
 * one for all. */
static int bind_json(struct fact_case *c, sqlite3_stmt *s, int column, void (*write)(struct json *, const void *),
                     const void *what)
{
    struct json j;

    if (!c->json && !(c->json = open_memstream(&c->json_at, &c->json_len)))
        return SQLITE_NOMEM;
    rewind(c->json);
    json_init(&j, c->json, false);
    write(&j, what);
    if (fflush(c->json) || ferror(c->json))
        return SQLITE_NOMEM;
    return bind_text(s, column, arena_text(c->arena, (struct text){ c->json_at, c->json_len }));
}

static void write_list(struct json *j, const void *what)
{
    const struct text_list *list = what;

    json_array(j);
    for (size_t i = 0; i < list->count; i++)
        json_text(j, list->items[i]);
    json_array_end(j);
}

static void write_origin(struct json *j, const void *what)
{
    fact_json_origin(j, what);
}

static size_t put_number(char *into, const char *before, int64_t number)
{
    const size_t n = strlen(before);

    memcpy(into, before, n);
    return n + text_put_int(into + n, number);
}

static int bind_origin(struct fact_case *c, sqlite3_stmt *s, const struct fact_origin *o)
{
    enum { WORDS_MAX = 64 };
    char text[WORDS_MAX + 4 * TEXT_INT_MAX];
    size_t len = 0;

    if (o->steps.count || o->rows.count)
        return bind_json(c, s, COLUMN_ORIGIN, write_origin, o);
    /* The usual shapes, without a stream: most rows are positions and flows. */
    if (!fact_known_int(o->offset))
        return fact_known_int(o->packet_first) ? bind_json(c, s, COLUMN_ORIGIN, write_origin, o)
                                               : sqlite3_bind_null(s, COLUMN_ORIGIN);
    len = put_number(text, "{\"offset\":", o->offset);
    if (fact_known_int(o->length))
        len += put_number(text + len, ",\"length\":", o->length);
    if (fact_known_int(o->packet_first)) {
        len += put_number(text + len, ",\"packets\":[", o->packet_first);
        len += put_number(text + len, ",", fact_known_int(o->packet_last) ? o->packet_last : o->packet_first);
        text[len++] = ']';
    }
    text[len++] = '}';
    return bind_text(s, COLUMN_ORIGIN, arena_text(c->arena, (struct text){ text, len }));
}

static int bind_field(struct fact_case *c, sqlite3_stmt *s, int column, enum fact_kind kind,
                      const struct fact_field *field, const void *at, struct text evidence_key)
{
    char text[TIMESTAMP_TEXT_MAX];

    switch (field->type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        return bind_text(s, column, utf8_of(*(const struct text *)at, c->arena));
    case FACT_TYPE_LIST: {
        const struct text_list *list = at;
        return list->items ? bind_json(c, s, column, write_list, list) : sqlite3_bind_null(s, column);
    }
    case FACT_TYPE_REAL: {
        const double v = *(const double *)at;
        return fact_known_real(v) ? sqlite3_bind_double(s, column, v) : sqlite3_bind_null(s, column);
    }
    case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
        break;
    }
    const int64_t v = *(const int64_t *)at;
    if (!fact_known_int(v))
        return sqlite3_bind_null(s, column);
    if (field->type == FACT_TYPE_TIME)
        return bind_text(s, column, arena_text(c->arena, kind == FACT_POSITION ? timestamp_text_ms(v, text)
                                                                               : timestamp_text_near(&c->second, v,
                                                                                                     text)));
    if (field->type == FACT_TYPE_REF)
        return bind_text(s, column, case_row_id(fact_ref_kind(field), evidence_key, v, c->arena));
    return sqlite3_bind_int64(s, column, v);
}

int case_put(struct fact_case *c, enum fact_kind kind, const void *row, struct text evidence_key)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct fact_head *head = row;
    int rc;

    if (kind >= FACT_CASE_KIND_COUNT) /* no reader puts such rows here, unless its input has taken it over */
        return 0;
    sqlite3_stmt *s = c->insert[kind];
    arena_reset(c->arena);
    rc = bind_text(s, COLUMN_ID, text_known(head->id) ? head->id
                                                      : case_row_id(kind, evidence_key, head->number, c->arena));
    if (rc == SQLITE_OK)
        rc = bind_text(s, COLUMN_EVIDENCE, text_known(head->evidence) ? head->evidence : evidence_key);
    if (rc == SQLITE_OK)
        rc = bind_origin(c, s, &head->origin);
    for (size_t i = 0; i < table->field_count && rc == SQLITE_OK; i++)
        rc = bind_field(c, s, COLUMN_FIELDS + (int)i, kind, &table->fields[i],
                        (const char *)row + table->fields[i].offset, evidence_key);
    if (rc == SQLITE_OK && kind == FACT_POSITION) {
        const struct fact_position *p = row;
        buffer_clear(&c->geometry);
        geometry_point(&c->geometry, p->longitude_deg, p->latitude_deg, p->altitude_m);
        rc = sqlite3_bind_blob64(s, COLUMN_FIELDS + (int)table->field_count, c->geometry.at, c->geometry.len,
                                 SQLITE_STATIC);
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_step(s) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(c->db);
    if (rc != SQLITE_OK)
        case_failed(c);
    sqlite3_reset(s);
    return rc == SQLITE_OK ? 0 : rc == SQLITE_FULL ? -ENOSPC : -EIO;
}

static struct text column_text(sqlite3_stmt *s, int column, struct arena *arena)
{
    const char *at = (const char *)sqlite3_column_text(s, column);

    if (!at)
        return TEXT_UNKNOWN;
    return arena_text(arena, (struct text){ .at = at, .len = (size_t)sqlite3_column_bytes(s, column) });
}

static int64_t reference_number(struct text id)
{
    int64_t number;
    size_t start = id.len;

    while (start > 0 && id.at[start - 1] != '-')
        start--;
    if (!text_known(id) || !text_to_int((struct text){ id.at + start, id.len - start }, 1, INT64_MAX, &number))
        return FACT_UNKNOWN_INT;
    return number;
}

static void read_field(sqlite3_stmt *s, int column, enum fact_type type, void *at, struct arena *arena)
{
    if (sqlite3_column_type(s, column) == SQLITE_NULL)
        return; /* fact_init made it unknown */
    switch (type) {
    case FACT_TYPE_TEXT: case FACT_TYPE_JSON:
        *(struct text *)at = column_text(s, column, arena);
        break;
    case FACT_TYPE_LIST:
        if (!fact_json_read_list(column_text(s, column, arena), arena, at))
            *(struct text_list *)at = (struct text_list){ NULL, 0 };
        break;
    case FACT_TYPE_INT: case FACT_TYPE_BOOL:
        *(int64_t *)at = sqlite3_column_int64(s, column);
        break;
    case FACT_TYPE_TIME:
        if (!timestamp_parse(column_text(s, column, arena), at))
            *(int64_t *)at = FACT_UNKNOWN_INT;
        break;
    case FACT_TYPE_REF:
        *(int64_t *)at = reference_number(column_text(s, column, arena));
        break;
    case FACT_TYPE_REAL:
        *(double *)at = sqlite3_column_double(s, column);
        break;
    }
}

static void read_row(sqlite3_stmt *s, enum fact_kind kind, void *row, struct arena *arena)
{
    const struct fact_table *table = &fact_tables[kind];
    struct fact_head *head = row;

    fact_init(kind, row);
    head->id = column_text(s, COLUMN_ID - 1, arena);
    head->evidence = column_text(s, COLUMN_EVIDENCE - 1, arena);
    head->number = reference_number(head->id);
    if (!fact_json_read_origin(column_text(s, COLUMN_ORIGIN - 1, arena), arena, &head->origin))
        head->origin = FACT_ORIGIN_UNKNOWN;
    for (size_t i = 0; i < table->field_count; i++)
        read_field(s, COLUMN_FIELDS - 1 + (int)i, table->fields[i].type, (char *)row + table->fields[i].offset, arena);
}

int case_each(struct fact_case *c, enum fact_kind kind, const char *where,
              int (*each)(void *user, const void *row), void *user)
{
    const struct fact_table *table = &fact_tables[kind];
    struct arena *arena = arena_new(0);
    struct buffer sql;
    sqlite3_stmt *s = NULL;
    int rc, answer = 0;

    buffer_init(&sql, 1 << 16);
    buffer_printf(&sql, "SELECT id, evidence, origin");
    for (size_t i = 0; i < table->field_count; i++) /* a case may come from anybody: JSON that is none would break what it is put into */
        if (table->fields[i].type == FACT_TYPE_JSON)
            buffer_printf(&sql, ", CASE WHEN json_valid(\"%s\") THEN \"%s\" END", table->fields[i].name,
                          table->fields[i].name);
        else
            buffer_printf(&sql, ", \"%s\"", table->fields[i].name);
    buffer_printf(&sql, " FROM %s%s%s ORDER BY fid", table->name, where ? " WHERE " : "", where ? where : "");
    buffer_add_u8(&sql, 0);
    rc = sqlite3_prepare_v2(c->db, (const char *)sql.at, -1, &s, NULL);
    buffer_done(&sql);
    if (rc == SQLITE_OK) {
        void *row = memory_alloc(table->row_bytes);
        while (answer == 0 && (rc = sqlite3_step(s)) == SQLITE_ROW) {
            arena_reset(arena);
            read_row(s, kind, row, arena);
            answer = each(user, row);
        }
        free(row);
    }
    if (answer == 0 && rc != SQLITE_DONE && rc != SQLITE_OK)
        answer = case_failed(c);
    sqlite3_finalize(s);
    arena_free(arena);
    return answer;
}

size_t case_rows(struct fact_case *c, enum fact_kind kind)
{
    sqlite3_stmt *s = NULL;
    char sql[128];
    size_t rows = 0;

    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", fact_tables[kind].name);
    if (sqlite3_prepare_v2(c->db, sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        rows = (size_t)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return rows;
}

int case_set(struct fact_case *c, const char *key, struct text value)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(c->db, "INSERT INTO run (key, value) VALUES (?, ?)"
                                " ON CONFLICT (key) DO UPDATE SET value = excluded.value", -1, &s, NULL);
    if (rc == SQLITE_OK) {
        arena_reset(c->arena);
        sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
        bind_text(s, 2, utf8_of(value, c->arena));
        rc = sqlite3_step(s);
    }
    if (rc != SQLITE_DONE)
        case_failed(c);
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? 0 : rc == SQLITE_FULL ? -ENOSPC : -EIO;
}

struct text case_get(struct fact_case *c, const char *key, struct arena *arena)
{
    struct text value = TEXT_UNKNOWN;
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(c->db, "SELECT value FROM run WHERE key = ?", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC);
        if (sqlite3_step(s) == SQLITE_ROW)
            value = column_text(s, 0, arena);
    }
    sqlite3_finalize(s);
    return value;
}
