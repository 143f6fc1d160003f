#include "report/redact.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/network.h"
#include "fact/chain.h"
#include "fact/fact_json.h"
#include "report/path.h"
#include "report/redact_fields.h"
#include "report/redact_places.h"

enum { TEXT_MAX = 1 << 24, FILE_NAME_MIN = 6 };

struct redaction {
    struct fact_case *from, *to;
    struct pseudonyms *names;
    struct arena *arena;       /* of one row */
    struct buffer text;
    enum fact_kind kind;
    bool overflowed;
    struct text drone;         /* the last own one, and where it was */
    struct redact_cell drone_cell;
    struct arena *drone_arena;
};

/* ---- which values there are ---- */

static bool is_local_host(struct text host)
{
    struct network n;

    if (network_address(host, &n))
        return network_is_private(&n);
    return network_name_is_local(host);
}

static void learn_host(struct redaction *r, struct text host)
{
    if (text_known(host) && host.len > 0 && is_local_host(host))
        pseudonyms_add(r->names, redact_pseudonym_word(REDACT_LOCAL), host);
}

static struct text file_of(struct text path)
{
    size_t start = path.len;

    while (start > 0 && path.at[start - 1] != '/' && path.at[start - 1] != '!')
        start--;
    return (struct text){ .at = path.at + start, .len = path.len - start };
}

static void learn_file(struct redaction *r, struct text path)
{
    if (!text_known(path))
        return;
    const struct text pseudonym = pseudonyms_add(r->names, redact_pseudonym_word(REDACT_FILE), path);
    const struct text file = file_of(path);
    if (file.len >= FILE_NAME_MIN)
        pseudonyms_add_alias(r->names, pseudonym, file);
}

static enum redact_what what_of(const struct redaction *r, const void *row, size_t field)
{
    const struct fact_identifier *identifier = row;
    const struct fact_setting *setting = row;
    const struct fact_component *component = row;
    const struct fact_device *device = row;
    const struct fact_destination *destination = row;
    const enum redact_what what = redact_field(r->kind, field);

    if (what == REDACT_IDENTIFIER)
        return redact_identifier(identifier->kind);
    if (what == REDACT_SETTING)
        return redact_setting(setting->subject, setting->name,
                              fact_tables[r->kind].fields[field].offset == offsetof(struct fact_setting, detail));
    /* A name that is only the model's is every owner's. */
    if (r->kind == FACT_DEVICE && what == REDACT_NAME && text_known(device->model) &&
        text_equal_ignoring_case(device->name, device->model))
        return REDACT_KEEP;
    /* A company's name has no dot, as names of the local network have none. */
    if (r->kind == FACT_DESTINATION && fact_tables[r->kind].fields[field].offset == offsetof(struct fact_destination,
                                                                                             owner_group) &&
        text_known(destination->owner))
        return REDACT_KEEP;
    if (r->kind == FACT_COMPONENT && text_equal(component->kind, TEXT("key")) &&
        fact_tables[r->kind].fields[field].offset == offsetof(struct fact_component, name))
        return REDACT_VALUE;
    return what;
}

static void learn_text(struct redaction *r, enum redact_what what, struct text value)
{
    if (what == REDACT_FILE)
        learn_file(r, value);
    else if (what == REDACT_HOST || what == REDACT_ANSWER)
        learn_host(r, value);
    else if (redact_pseudonym_word(what) && text_known(value) && value.len > 0)
        pseudonyms_add(r->names, redact_pseudonym_word(what), value);
}

static int learn_row(void *user, const void *row)
{
    struct redaction *r = user;
    const struct fact_table *table = &fact_tables[r->kind];

    for (size_t i = 0; i < table->field_count; i++) {
        const void *at = (const char *)row + table->fields[i].offset;
        const struct text_list *list = at;
        const enum redact_what what = what_of(r, row, i);
        if (table->fields[i].type == FACT_TYPE_TEXT)
            learn_text(r, what, *(const struct text *)at);
        else if (table->fields[i].type == FACT_TYPE_LIST)
            for (size_t k = 0; k < list->count; k++)
                learn_text(r, what, list->items[k]);
    }
    return 0;
}

static int learn_own_destination(void *user, const void *row)
{
    const struct fact_destination *d = row;
    struct redaction *r = user;

    if (text_known(d->host))
        pseudonyms_add(r->names, redact_pseudonym_word(REDACT_LOCAL), d->host);
    for (size_t i = 0; i < d->addresses.count; i++)
        pseudonyms_add(r->names, redact_pseudonym_word(REDACT_LOCAL), d->addresses.items[i]);
    return 0;
}

/* As the value would stand in JSON that leash made, where that differs. */
static void add_escaped(void *user, struct text value, struct text pseudonym)
{
    struct buffer *list = user;

    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < 0x20 || strchr("\"\\<>&", value.at[i])) {
            buffer_add(list, &value, sizeof value);
            buffer_add(list, &pseudonym, sizeof pseudonym);
            return;
        }
}

static void learn_escaped(struct redaction *r)
{
    struct buffer list;
    struct text pair[2];

    buffer_init(&list, SIZE_MAX);
    pseudonyms_each(r->names, add_escaped, &list);
    for (size_t at = 0; at < list.len; at += sizeof pair) {
        char *json = NULL;
        size_t len = 0;
        struct json j;
        memcpy(pair, list.at + at, sizeof pair);
        FILE *out = open_memstream(&json, &len);
        json_init(&j, out, false);
        json_array(&j);
        json_text(&j, pair[0]);
        json_array_end(&j);
        fclose(out);
        if (len > 4) /* ["..."] */
            pseudonyms_add_alias(r->names, pair[1], (struct text){ .at = json + 2, .len = len - 4 });
        free(json);
    }
    buffer_done(&list);
}

static int learn(struct redaction *r)
{
    int error = 0;

    r->kind = FACT_DESTINATION;
    error = case_each(r->from, r->kind, "party IN ('local', 'operator')", learn_own_destination, r);
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && !error; kind++) {
        r->kind = (enum fact_kind)kind;
        if (kind != FACT_POSITION && kind != FACT_RULE)
            error = case_each(r->from, r->kind, NULL, learn_row, r);
    }
    if (!error)
        learn_escaped(r);
    return error ? error : pseudonyms_complete(r->names) ? 0 : -E2BIG;
}

/* ---- what becomes of a row ---- */

static struct text replaced(struct redaction *r, struct text t, bool words_stay)
{
    buffer_clear(&r->text);
    if (!pseudonyms_replace(r->names, &r->text, t, words_stay)) {
        r->overflowed = true;
        return TEXT_UNKNOWN;
    }
    return arena_text(r->arena, (struct text){ .at = r->text.len ? (const char *)r->text.at : "", .len = r->text.len });
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Numbers with three decimals and more could be coordinates: one is left.  Not parts of addresses, versions and
 * times. */
static struct text without_digits(struct redaction *r, struct text t)
{
    char *to = arena_alloc(r->arena, t.len + 1, 1);
    size_t len = 0;

    for (size_t i = 0; i < t.len;) {
        size_t whole = i, decimals;
        if (!is_digit(t.at[i]) || (i > 0 && (is_digit(t.at[i - 1]) || t.at[i - 1] == '.' || t.at[i - 1] == ':'))) {
            to[len++] = t.at[i++];
            continue;
        }
        while (whole < t.len && is_digit(t.at[whole]))
            whole++;
        for (decimals = whole + 1; whole < t.len && t.at[whole] == '.' && decimals < t.len && is_digit(t.at[decimals]);
             )
            decimals++;
        const bool coarse = decimals > whole + 3 &&
            !(decimals + 1 < t.len && t.at[decimals] == '.' && is_digit(t.at[decimals + 1]));
        const size_t kept = coarse ? whole + 2 : whole;
        memcpy(to + len, t.at + i, kept - i);
        len += kept - i;
        i = coarse ? decimals : whole;
    }
    return (struct text){ .at = to, .len = len };
}

static struct text redacted_host(struct redaction *r, struct text host, bool answer)
{
    const struct text known = pseudonyms_find(r->names, host);
    struct network n;

    if (text_known(known))
        return known;
    /* Answers of other types than addresses and names are free text. */
    if (answer && !network_address(host, &n) && (memchr(host.at, ' ', host.len) || !memchr(host.at, '.', host.len)))
        return TEXT_UNKNOWN;
    return replaced(r, host, false);
}

static struct text redacted_text(struct redaction *r, enum redact_what what, struct text t)
{
    if (!text_known(t) || what == REDACT_HIDE)
        return TEXT_UNKNOWN;
    switch (what) {
    case REDACT_KEEP: return replaced(r, t, true);
    case REDACT_SENTENCE: return without_digits(r, replaced(r, t, false));
    case REDACT_HOST: case REDACT_ANSWER: return redacted_host(r, t, what == REDACT_ANSWER);
    case REDACT_TYPE: {
        const char *end = t.len ? memchr(t.at, ';', t.len) : NULL;
        return replaced(r, (struct text){ .at = t.at, .len = end ? (size_t)(end - t.at) : t.len }, true);
    }
    case REDACT_TRIED:
        return memmem(t.at, t.len, UNTESTED + 1, strlen(UNTESTED) - 1) /* it may begin a sentence */
             ? TEXT("The log is of a form that is " UNTESTED ".") : TEXT_UNKNOWN;
    default: break;
    }
    return redact_pseudonym_word(what) ? pseudonyms_add(r->names, redact_pseudonym_word(what), t) : TEXT_UNKNOWN;
}

static struct text_list redacted_list(struct redaction *r, enum redact_what what, struct text_list list)
{
    struct text *items = arena_alloc(r->arena, list.count + 1, sizeof *items);
    size_t count = 0;

    if (!list.items || what == REDACT_HIDE)
        return (struct text_list){ NULL, 0 };
    for (size_t i = 0; i < list.count; i++) {
        const struct text t = redacted_text(r, what, list.items[i]);
        if (text_known(t))
            items[count++] = t;
    }
    return (struct text_list){ .items = items, .count = count };
}

static void redact_fields(struct redaction *r, void *row)
{
    const struct fact_table *table = &fact_tables[r->kind];
    enum redact_what whats[64];

    for (size_t i = 0; i < table->field_count && i < 64; i++)
        whats[i] = what_of(r, row, i); /* before what it depends on is changed */
    for (size_t i = 0; i < table->field_count && i < 64; i++) {
        void *at = (char *)row + table->fields[i].offset;
        const enum redact_what what = whats[i];
        switch (table->fields[i].type) {
        case FACT_TYPE_TEXT: *(struct text *)at = redacted_text(r, what, *(struct text *)at); break;
        case FACT_TYPE_LIST: *(struct text_list *)at = redacted_list(r, what, *(struct text_list *)at); break;
        case FACT_TYPE_JSON:
            *(struct text *)at = what == REDACT_KEEP &&
                text_known(*(struct text *)at) ? replaced(r, *(struct text *)at, true) : TEXT_UNKNOWN;
            break;
        case FACT_TYPE_REAL:
            if (what == REDACT_LONGITUDE || what == REDACT_LATITUDE)
                *(double *)at = redact_snap(*(double *)at);
            else if (what != REDACT_KEEP)
                *(double *)at = FACT_UNKNOWN_REAL;
            break;
        case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
            if (what != REDACT_KEEP)
                *(int64_t *)at = FACT_UNKNOWN_INT;
        }
    }
}

/* ---- places ---- */

/* Of the own ones, that is those whose serial number stored evidence has; `uas_id` is as the case has it, `pseudonym`
 * as the copy.  Of others no place is told. */
static struct redact_cell cell_of_drone(struct redaction *r, struct text uas_id, struct text pseudonym)
{
    if (!text_known(uas_id) || !text_known(pseudonym) ||
        !text_starts_with(pseudonym, text_of(redact_pseudonym_word(REDACT_SERIAL))))
        return (struct redact_cell){ NAN, NAN };
    if (!text_equal(r->drone, pseudonym)) {
        r->drone_cell = redact_cell_of_drone(r->from, uas_id);
        arena_reset(r->drone_arena);
        r->drone = arena_text(r->drone_arena, pseudonym);
    }
    return r->drone_cell;
}

/* Whether the row is in the copy at all. */
static bool is_kept(const struct redaction *r, const void *row)
{
    const struct fact_identifier *identifier = row;
    const struct fact_setting *setting = row;

    switch (r->kind) {
    case FACT_RULE: return false;
    case FACT_IDENTIFIER: return redact_identifier(identifier->kind) != REDACT_HIDE;
    case FACT_SETTING: return redact_setting(setting->subject, setting->name, false) != REDACT_HIDE;
    default: return true;
    }
}

static int copy_row(void *user, const void *borrowed)
{
    struct redaction *r = user;
    const struct fact_table *table = &fact_tables[r->kind];

    arena_reset(r->arena);
    void *row = arena_alloc(r->arena, 1, table->row_bytes);
    memcpy(row, borrowed, table->row_bytes);
    struct fact_head *head = row;
    if (!is_kept(r, row))
        return 0;
    struct redact_cell cell = { NAN, NAN };
    const struct text key = fact_id_key(head->id);
    if (r->kind == FACT_FLIGHT)
        cell = redact_cell_of_flight(row);
    if (r->kind == FACT_POSITION) {
        const struct fact_position *p = row;
        if (fact_known_int(p->flight))
            cell = redact_cell_of_flight_id(r->from, case_row_id(FACT_FLIGHT, key, p->flight, r->arena));
        if (isnan(cell.longitude_deg))
            cell = redact_cell_of(p->longitude_deg, p->latitude_deg);
    }
    redact_fields(r, row);
    head->origin.steps = redacted_list(r, REDACT_KEEP, head->origin.steps);
    if (r->kind == FACT_FLIGHT)
        redact_place_flight(row, cell);
    if (r->kind == FACT_POSITION) {
        struct fact_position *p = row;
        redact_place(&p->longitude_deg, &p->latitude_deg, cell);
    }
    if (r->kind == FACT_BROADCAST) {
        struct fact_broadcast *b = row;
        cell = cell_of_drone(r, ((const struct fact_broadcast *)borrowed)->uas_id, b->uas_id);
        redact_place(&b->longitude_deg, &b->latitude_deg, cell);
        redact_place(&b->operator_longitude_deg, &b->operator_latitude_deg, cell);
    }
    if (r->kind == FACT_EXPOSURE) {
        struct fact_exposure *e = row;
        redact_place(&e->longitude_deg, &e->latitude_deg,
                     cell_of_drone(r, ((const struct fact_exposure *)borrowed)->uas_id, e->uas_id));
    }
    return case_put(r->to, r->kind, row, text_known(head->evidence) ? key : TEXT_UNKNOWN);
}

/* One for each flight or photo and what was there. */
static const char positions_kept[] =
    "fid IN (SELECT min(fid) FROM position WHERE coalesce(flight, media) IS NOT NULL GROUP BY flight, media, subject)";

/* ---- the run ---- */

static int copy_run(struct redaction *r)
{
    /* The operator's name, the command line and whatever else a later version keeps are not in the copy. */
    static const char *const kept[] = { "tool_version", "started", "policy", "profiles", "data_versions", "credits",
                                        "phases", "notes",
                                        "coverage", "verdict" };
    int error = 0;

    for (size_t i = 0; i < sizeof kept / sizeof *kept && !error; i++) {
        arena_reset(r->arena);
        struct text value = case_get(r->from, kept[i], r->arena);
        if (text_equal(text_of(kept[i]), TEXT("policy")) && text_known(value) && memchr(value.at, '/', value.len))
            value = TEXT("a file of the operator"); /* a path */
        if (text_known(value))
            error = case_set(r->to, kept[i], replaced(r, value, true));
    }
    const struct text label = case_get(r->from, "label", r->arena);
    const struct text shown = text_known(label) && label.len > 0 ? replaced(r, label, false) : TEXT_UNKNOWN;
    if (!error)
        error = case_set(r->to, "label", text_known(shown) ? arena_printf(r->arena, "%.*s (redacted copy)",
                                                                          (int)shown.len, shown.at)
                                                           : TEXT("redacted copy"));
    return error;
}

/* The copy speaks for the case that it was made of: reports name that one's head, so that whoever has it can tell. */
static int keep_head(struct redaction *r)
{
    sqlite3_stmt *s = NULL;

    arena_reset(r->arena);
    const struct text head = chain_head(case_db(r->from), r->arena);
    int rc = sqlite3_prepare_v2(case_db(r->to),
                                text_known(head) ? "UPDATE leash_chain SET head = ?1 WHERE table_name = 'leash_chain'"
                                                                 : "DELETE FROM leash_chain", -1, &s, NULL);
    if (rc == SQLITE_OK && text_known(head))
        rc = sqlite3_bind_text64(s, 1, head.at, head.len, SQLITE_STATIC, SQLITE_UTF8);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(s);
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? 0 : -EIO;
}

static int copy_all(struct redaction *r)
{
    int error = 0;

    for (int kind = 0; kind < FACT_CASE_KIND_COUNT && !error; kind++) {
        r->kind = (enum fact_kind)kind;
        error = case_each(r->from, r->kind, kind == FACT_POSITION ? positions_kept : NULL, copy_row, r);
    }
    if (!error)
        error = copy_run(r);
    if (!error && (r->overflowed || !pseudonyms_complete(r->names)))
        error = -E2BIG;
    if (!error)
        error = case_seal(r->to);
    return error ? error : keep_head(r);
}

int redact_case(struct fact_case *from, const char *path, struct pseudonyms *names, struct fact_case **ret)
{
    struct redaction r = { .from = from, .names = names, .arena = arena_new(0), .drone_arena = arena_new(0) };
    int error = case_create(path, false, &r.to);

    buffer_init(&r.text, TEXT_MAX);
    if (!error)
        error = learn(&r);
    if (!error)
        error = copy_all(&r);
    buffer_done(&r.text);
    arena_free(r.arena);
    arena_free(r.drone_arena);
    if (error)
        case_free(r.to);
    else
        *ret = r.to;
    return error;
}
