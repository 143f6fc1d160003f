#include "judge/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "fact/fact.h"
#include "judge/template.h"

const char *const catalogue_kind_names[4] = { "practice", "standard", "law", "vendor_claim" };

enum { CATALOGUE_ARENA_BYTES = 64 << 20, PATH_BYTES_MAX = 4096 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct yaml_key top_keys[] = {
    { "tables", YAML_LIST, false },
    { "demands", YAML_LIST, false },
    { "rules", YAML_LIST, false },
    { "observations", YAML_LIST, false },
};

static const struct yaml_key table_keys[] = {
    { "name", YAML_SCALAR, true },
    { "key", YAML_SCALAR, false },
    { "sql", YAML_SCALAR, true },
};

static const struct yaml_key demand_keys[] = {
    { "name", YAML_SCALAR, true },
    { "sql", YAML_SCALAR, true },
    { "need", YAML_SCALAR, true },
};

static const struct yaml_key rule_keys[] = {
    { "id", YAML_SCALAR, true },
    { "title", YAML_SCALAR, true },
    { "source", YAML_SCALAR, true },
    { "section", YAML_SCALAR, true },
    { "source_confidence", YAML_SCALAR, true },
    { "kind", YAML_SCALAR, true },
    { "profiles", YAML_LIST, true },
    { "evidence", YAML_LIST, true },
    { "severity", YAML_SCALAR, true },
    { "in_force_from", YAML_SCALAR, false },
    { "in_force_until", YAML_SCALAR, false },
    { "applies", YAML_SCALAR, false },
    { "applies_need", YAML_SCALAR, false },
    { "violations", YAML_SCALAR, true },
    { "statement", YAML_SCALAR, true },
    { "shown", YAML_SCALAR, false },
    { "values", YAML_SCALAR, false },
    { "demands", YAML_LIST, false },
    { "met", YAML_SCALAR, true },
    { "not_met", YAML_SCALAR, true },
    { "not_shown", YAML_SCALAR, true },
    { "not_applicable", YAML_SCALAR, false },
    { "next_step", YAML_SCALAR, true },
    { "remedy", YAML_SCALAR, false },
};

static const struct yaml_key observation_keys[] = {
    { "id", YAML_SCALAR, true },
    { "severity", YAML_SCALAR, true },
    { "violations", YAML_SCALAR, true },
    { "statement", YAML_SCALAR, true },
};

struct loader {
    struct catalogue *c;
    struct policy_error *error;
    size_t file;
};

static bool fail_node(struct loader *l, const struct yaml_node *node, const char *message, struct text what)
{
    return yaml_fail(l->error, node, false, "%s \"%.*s\"", message, (int)(what.len < 60 ? what.len : 60), what.at);
}

static struct text entry_text(const struct yaml_node *map, const char *key)
{
    const struct yaml_node *e = yaml_entry(map, text_of(key));

    return e && !e->null ? e->text : TEXT_UNKNOWN;
}

static struct catalogue_text placed_text(const struct loader *l, const struct yaml_node *map, const char *key)
{
    const struct yaml_node *e = yaml_entry(map, text_of(key));

    return (struct catalogue_text){ .text = entry_text(map, key), .node = e ? e : map, .file = l->file };
}

static bool room(struct loader *l, const struct yaml_node *node, size_t have)
{
    return have < CATALOGUE_ROWS_MAX || yaml_fail(l->error, node, false, "more than %d rows", CATALOGUE_ROWS_MAX);
}

static bool load_tables(struct loader *l, const struct yaml_node *list)
{
    for (const struct yaml_node *e = list ? list->first : NULL; e; e = e->next) {
        if (!yaml_check_keys(e, table_keys, COUNT(table_keys), "a table", l->error) || !room(l, e, l->c->table_count))
            return false;
        l->c->tables[l->c->table_count++] = (struct catalogue_table){ .name = entry_text(e, "name"),
            .key = entry_text(e, "key"), .sql = placed_text(l, e, "sql") };
    }
    return true;
}

static bool load_demands(struct loader *l, const struct yaml_node *list)
{
    for (const struct yaml_node *e = list ? list->first : NULL; e; e = e->next) {
        if (!yaml_check_keys(e, demand_keys, COUNT(demand_keys), "a demand", l->error) ||
            !room(l, e, l->c->demand_count))
            return false;
        const struct text name = entry_text(e, "name");
        for (size_t i = 0; i < l->c->demand_count; i++)
            if (text_equal(l->c->demands[i].name, name))
                return fail_node(l, yaml_entry(e, TEXT("name")), "a second demand called", name);
        l->c->demands[l->c->demand_count++] = (struct catalogue_demand){ .name = name,
            .sql = placed_text(l, e, "sql"), .need = placed_text(l, e, "need") };
    }
    return true;
}

/* Ids become part of the ids of rows: "finding-bul-2-1". */
static bool id_good(struct text id)
{
    for (size_t i = 0; i < id.len; i++)
        if (!((id.at[i] >= 'A' && id.at[i] <= 'Z') || (id.at[i] >= 'a' && id.at[i] <= 'z') ||
              (id.at[i] >= '0' && id.at[i] <= '9') || id.at[i] == '-'))
            return false;
    return id.len > 0 && id.len <= 40;
}

static bool load_head(struct loader *l, const struct yaml_node *e, struct catalogue_rule *r)
{
    const struct yaml_node *id = yaml_entry(e, TEXT("id"));
    size_t word;

    r->node = e;
    r->file = l->file;
    r->id = id->text;
    if (!id_good(r->id))
        return yaml_fail(l->error, id, false, "an id is made of letters, digits and -");
    for (size_t i = 0; i < l->c->rule_count; i++)
        if (text_equal_ignoring_case(l->c->rules[i].id, r->id))
            return fail_node(l, id, "a second row with the id", r->id);
    if (!yaml_word(yaml_entry(e, TEXT("severity")), severity_names, 5, &word, l->error))
        return false;
    r->severity = (enum severity)word;
    r->violations = placed_text(l, e, "violations");
    r->statement = placed_text(l, e, "statement");
    return true;
}

/* The first day, and the first day after. */
static bool load_force(struct loader *l, const struct yaml_node *e, struct catalogue_rule *r)
{
    const struct yaml_node *from = yaml_entry(e, TEXT("in_force_from")), *until = yaml_entry(e, TEXT("in_force_until"));

    r->in_force_from_utc_ns = r->in_force_until_utc_ns = FACT_UNKNOWN_INT;
    if (from && !from->null && !policy_day(from->text, &r->in_force_from_utc_ns))
        return yaml_fail(l->error, from, false, "expected a day as 2025-12-22");
    if (until && !until->null && !policy_day(until->text, &r->in_force_until_utc_ns))
        return yaml_fail(l->error, until, false, "expected a day as 2028-12-22");
    if (fact_known_int(r->in_force_from_utc_ns) && fact_known_int(r->in_force_until_utc_ns) &&
        r->in_force_until_utc_ns <= r->in_force_from_utc_ns)
        return yaml_fail(l->error, until, false, "\"in_force_until\" is not after \"in_force_from\"");
    return true;
}

static bool load_rule(struct loader *l, const struct yaml_node *e, struct catalogue_rule *r)
{
    static const char *const confidences[] = { "seen", "partial", "from_memory" };
    size_t word;

    if (!yaml_check_keys(e, rule_keys, COUNT(rule_keys), "a rule", l->error) || !load_head(l, e, r) ||
        !yaml_word(yaml_entry(e, TEXT("kind")), catalogue_kind_names, 4, &word, l->error))
        return false;
    r->kind = (enum catalogue_kind)word;
    if (!yaml_word(yaml_entry(e, TEXT("source_confidence")), confidences, 3, &word, l->error) ||
        !yaml_texts(yaml_entry(e, TEXT("profiles")), l->c->arena, &r->profiles, l->error) ||
        !yaml_texts(yaml_entry(e, TEXT("evidence")), l->c->arena, &r->evidence, l->error))
        return false;
    if (!r->profiles.count || !r->evidence.count)
        return yaml_fail(l->error, e, false, "a rule names at least one profile and one kind of evidence");
    if (!load_force(l, e, r))
        return false;
    r->source_confidence = text_of(confidences[word]);
    r->counts = word != 2;
    r->title = entry_text(e, "title");
    r->source = entry_text(e, "source");
    r->section = entry_text(e, "section");
    r->next_step = entry_text(e, "next_step");
    r->remedy = yaml_entry(e, TEXT("remedy")) ? entry_text(e, "remedy") : r->next_step;
    r->applies = placed_text(l, e, "applies");
    r->applies_need = placed_text(l, e, "applies_need");
    r->shown = placed_text(l, e, "shown");
    r->values = placed_text(l, e, "values");
    r->met = placed_text(l, e, "met");
    r->not_met = placed_text(l, e, "not_met");
    r->not_shown = placed_text(l, e, "not_shown");
    r->not_applicable = placed_text(l, e, "not_applicable");
    if (text_known(r->applies.text) != text_known(r->applies_need.text))
        return yaml_fail(l->error, e, false, "\"applies\" and \"applies_need\" go together");
    return true;
}

static bool load_rules(struct loader *l, const struct yaml_node *list, bool observations)
{
    for (const struct yaml_node *e = list ? list->first : NULL; e; e = e->next) {
        struct catalogue_rule r = { .observation = observations };
        if (!room(l, e, l->c->rule_count))
            return false;
        if (observations ? !yaml_check_keys(e, observation_keys, COUNT(observation_keys), "an observation", l->error) ||
                           !load_head(l, e, &r)
                         : !load_rule(l, e, &r))
            return false;
        l->c->rules[l->c->rule_count++] = r;
    }
    return true;
}

/* Demands may stand in another file than the rules that name them. */
static bool link_demands(struct loader *l, struct catalogue_rule *r)
{
    const struct yaml_node *list = yaml_entry(r->node, TEXT("demands"));
    size_t *indexes = arena_alloc(l->c->arena, (list ? list->count : 0) + 1, sizeof *indexes);

    if (!indexes)
        return yaml_fail(l->error, r->node, false, "too large");
    for (const struct yaml_node *e = list ? list->first : NULL; e; e = e->next) {
        size_t d = 0;
        while (d < l->c->demand_count && !text_equal(l->c->demands[d].name, e->text))
            d++;
        if (d == l->c->demand_count)
            return fail_node(l, e, "there is no demand called", e->text);
        indexes[r->demand_count++] = d;
    }
    r->demands = indexes;
    return true;
}

static int load_file(struct loader *l, const char *path)
{
    const struct yaml_node *top = NULL;
    const int result = yaml_read(path, l->c->arena, &top, l->error);

    if (result)
        return result;
    if (!yaml_check_keys(top, top_keys, COUNT(top_keys), "the catalogue", l->error) ||
        !load_tables(l, yaml_entry(top, TEXT("tables"))) || !load_demands(l, yaml_entry(top, TEXT("demands"))) ||
        !load_rules(l, yaml_entry(top, TEXT("rules")), false) ||
        !load_rules(l, yaml_entry(top, TEXT("observations")), true))
        return -EINVAL;
    return 0;
}

static int is_yaml(const struct dirent *d)
{
    const struct text name = text_of(d->d_name);

    return text_ends_with(name, TEXT(".yaml")) && name.at[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int by_kind(const void *a, const void *b)
{
    const struct catalogue_rule *x = a, *y = b;
    const int kind_x = x->observation ? 4 : (int)x->kind, kind_y = y->observation ? 4 : (int)y->kind;

    if (kind_x != kind_y)
        return kind_x < kind_y ? -1 : 1;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->node->line < y->node->line ? -1 : x->node->line > y->node->line;
}

static int load_files(struct loader *l, const char *directory, struct dirent **entries, int count)
{
    struct text *files = arena_alloc(l->c->arena, (size_t)count + 1, sizeof *files);
    int result = 0;

    l->c->files = files;
    for (int i = 0; i < count && !result; i++) {
        char path[PATH_BYTES_MAX];
        if ((size_t)snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name) >= sizeof path)
            return -ENAMETOOLONG;
        files[i] = arena_text(l->c->arena, text_of(path));
        l->file = l->c->file_count++;
        result = load_file(l, path);
    }
    for (size_t i = 0; i < l->c->rule_count && !result; i++) {
        l->file = l->c->rules[i].file;
        if (!link_demands(l, &l->c->rules[i])) {
            snprintf(l->error->file, sizeof l->error->file, "%s", files[l->file].at);
            result = -EINVAL;
        }
    }
    return result;
}

static struct catalogue *catalogue_new(void)
{
    struct catalogue *c = memory_alloc_array(1, sizeof *c);

    c->arena = arena_new(CATALOGUE_ARENA_BYTES);
    c->tables = memory_alloc_array(CATALOGUE_ROWS_MAX, sizeof *c->tables);
    c->demands = memory_alloc_array(CATALOGUE_ROWS_MAX, sizeof *c->demands);
    c->rules = memory_alloc_array(CATALOGUE_ROWS_MAX, sizeof *c->rules);
    return c;
}

int catalogue_load(const char *data_dir, struct catalogue **ret, struct policy_error *error)
{
    char directory[PATH_BYTES_MAX];
    struct dirent **entries = NULL;

    memset(error, 0, sizeof *error);
    if ((size_t)snprintf(directory, sizeof directory, "%s/precautions", data_dir) >= sizeof directory)
        return -ENAMETOOLONG;
    snprintf(error->file, sizeof error->file, "%.*s", (int)sizeof error->file - 1, directory);
    const int count = scandir(directory, &entries, is_yaml, by_name);
    if (count < 0) {
        const int code = errno;
        yaml_fail(error, NULL, false, "%s", strerror(code));
        return -code;
    }
    struct catalogue *c = catalogue_new();
    struct loader l = { .c = c, .error = error };
    int result = 0;
    if (count == 0 || count > CATALOGUE_FILES_MAX) {
        yaml_fail(error, NULL, false, "%s", count ? "too many files" : "no catalogue file (*.yaml)");
        result = count ? -EINVAL : -ENOENT;
    } else {
        result = load_files(&l, directory, entries, count);
    }
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    if (result) {
        catalogue_free(c);
        return result;
    }
    qsort(c->rules, c->rule_count, sizeof *c->rules, by_kind);
    *ret = c;
    return 0;
}

void catalogue_free(struct catalogue *c)
{
    if (!c)
        return;
    arena_free(c->arena);
    free(c->tables);
    free(c->demands);
    free(c->rules);
    free(c);
}

int catalogue_fail(const struct catalogue *c, struct policy_error *error, const struct catalogue_text *where,
                   const char *format, ...)
{
    va_list arguments;

    snprintf(error->file, sizeof error->file, "%.*s", (int)c->files[where->file].len, c->files[where->file].at);
    error->line = where->node->line;
    error->column = where->node->column;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

struct preparing {
    const struct catalogue *c;
    struct query_engine *q;
    struct arena *arena;
    struct policy_error *error;
};

static int refused(struct preparing *p, enum query_status status, const struct catalogue_text *where)
{
    if (status == QUERY_OK)
        return 0;
    catalogue_fail(p->c, p->error, where, "SQL refused: %s", query_error(p->q));
    return status == QUERY_FAILED ? -EIO : status == QUERY_TOO_LONG ? -ETIME : -EINVAL;
}

static int check_lists(struct preparing *p, const struct catalogue_text *sql)
{
    struct text bad;

    if (query_lists_known(sql->text, &bad))
        return 0;
    return catalogue_fail(p->c, p->error, sql, "SQL refused: policies have no list called \"%.*s\"",
                          (int)(bad.len < 60 ? bad.len : 60), bad.at);
}

/* Compiles SQL that must give the columns in `wanted` (NULL-terminated).  SQL that the
 * row does not have gives no columns. */
static int compile(struct preparing *p, const struct catalogue_text *sql, const char *const *wanted,
                   struct text_list *columns)
{
    *columns = (struct text_list){ NULL, 0 };
    if (!text_known(sql->text))
        return 0;
    int result = check_lists(p, sql);
    if (!result)
        result = refused(p, query_compile(p->q, sql->text, p->arena, columns), sql);
    for (; !result && *wanted; wanted++) {
        size_t i = 0;
        while (i < columns->count && !text_equal(columns->items[i], text_of(*wanted)))
            i++;
        if (i == columns->count)
            return catalogue_fail(p->c, p->error, sql, "the SQL gives no column \"%s\"", *wanted);
    }
    return result;
}

static int check_template(struct preparing *p, const struct catalogue_text *t, struct text_list columns,
                          const char *const *more)
{
    struct text names[QUERY_COLUMNS_MAX + 8], bad;
    size_t count = 0;

    for (size_t i = 0; i < columns.count && count < QUERY_COLUMNS_MAX; i++)
        names[count++] = columns.items[i];
    for (; *more; more++)
        names[count++] = text_of(*more);
    if (text_known(t->text) && !template_check(t->text, names, count, &bad))
        return catalogue_fail(p->c, p->error, t, "\"{%.*s}\" is not a value that is known here, or not closed",
                              (int)(bad.len < 60 ? bad.len : 60), bad.at);
    return 0;
}

static int prepare_rule(struct preparing *p, const struct catalogue_rule *r)
{
    static const char *const nothing[] = { NULL }, *const applies[] = { "applies", NULL },
        *const facts[] = { "fact", "destination", NULL }, *const fact[] = { "fact", NULL },
        *const in_statement[] = { "rows", NULL }, *const in_reason[] = { "findings", "destinations", NULL };
    struct text_list columns;
    int result;

    if ((result = compile(p, &r->violations, facts, &columns)) ||
        (result = check_template(p, &r->statement, columns, in_statement)) || r->observation)
        return result;
    if ((result = compile(p, &r->applies, applies, &columns)) ||
        (result = compile(p, &r->shown, fact, &columns)) ||
        (result = compile(p, &r->values, nothing, &columns)))
        return result;
    const struct catalogue_text *const reasons[] = { &r->met, &r->not_met, &r->not_shown, &r->not_applicable,
                                                     &r->applies_need };
    for (size_t i = 0; i < COUNT(reasons) && !result; i++)
        result = check_template(p, reasons[i], columns, in_reason);
    return result;
}

int catalogue_prepare(const struct catalogue *c, struct query_engine *q, struct policy_error *error)
{
    static const char *const ok[] = { "ok", NULL }, *const nothing[] = { NULL };
    struct preparing p = { .c = c, .q = q, .arena = arena_new(CATALOGUE_ARENA_BYTES), .error = error };
    struct text_list columns;
    int result = 0;

    for (size_t i = 0; i < c->table_count && !result; i++) {
        result = check_lists(&p, &c->tables[i].sql);
        if (!result)
            result = refused(&p, query_keep(q, c->tables[i].name, c->tables[i].sql.text, c->tables[i].key),
                             &c->tables[i].sql);
    }
    for (size_t i = 0; i < c->demand_count && !result; i++) {
        result = compile(&p, &c->demands[i].sql, ok, &columns);
        if (!result)
            result = check_template(&p, &c->demands[i].need, columns, nothing);
    }
    for (size_t i = 0; i < c->rule_count && !result; i++)
        result = prepare_rule(&p, &c->rules[i]);
    arena_free(p.arena);
    return result;
}
