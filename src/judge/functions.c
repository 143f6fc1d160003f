#include <sqlite3.h>
#include <string.h>

#include "base/network.h"
#include "base/timestamp.h"
#include "judge/query.h"
#include "policy/schema.h"

static struct text value_text(sqlite3_value *v)
{
    if (sqlite3_value_type(v) == SQLITE_NULL)
        return TEXT_UNKNOWN;
    const char *at = (const char *)sqlite3_value_text(v);
    return at ? (struct text){ .at = at, .len = (size_t)sqlite3_value_bytes(v) } : TEXT_UNKNOWN;
}

static const struct text_list nothing_stated = { NULL, 0 };

/* NULL, and an error: policies have no list of that name. */
static const struct text_list *list_named(sqlite3_context *context, sqlite3_value *name)
{
    bool known;
    const struct text_list *list = policy_list(sqlite3_user_data(context), value_text(name), &known);

    if (!known)
        sqlite3_result_error(context, "policies have no list of that name", -1);
    return list ? list : known ? &nothing_stated : NULL;
}

static void stated(sqlite3_context *context, int count, sqlite3_value **v)
{
    const struct policy *p = sqlite3_user_data(context);
    const struct text name = value_text(v[0]);
    bool known, found = policy_list(p, name, &known) != NULL;

    for (size_t i = 0; i < p->value_count && !found; i++) {
        const struct policy_value *x = &p->values[i];
        found = text_equal(x->list, name) ||
                (text_known(x->field) && name.len == x->list.len + 1 + x->field.len &&
                 text_starts_with(name, x->list) &&
                 name.at[x->list.len] == '.' && text_ends_with(name, x->field));
    }
    if (known)
        sqlite3_result_int(context, found);
    else
        sqlite3_result_error(context, "policies have no list of that name", -1);
}

/* destination_allowed(HOST, OWNER, COUNTRY, ADDRESS, PORT, PHASE) */
static void destination_allowed(sqlite3_context *context, int count, sqlite3_value **v)
{
    const struct recipient to = {
        .host = value_text(v[0]), .owner = value_text(v[1]), .country = value_text(v[2]), .address = value_text(v[3]),
        .port = sqlite3_value_type(v[4]) == SQLITE_NULL ? -1 : sqlite3_value_int64(v[4]), .phase = value_text(v[5]),
    };

    sqlite3_result_int(context, policy_allows(sqlite3_user_data(context), &to));
}

static bool name_equal(struct text name, struct text entry)
{
    return text_equal_ignoring_case(name, entry);
}

static bool network_equal(struct text address, struct text entry)
{
    struct network a, n;

    return network_address(address, &a) && network_parse(entry, &n) && network_holds(&n, &a);
}

static void listed(sqlite3_context *context, sqlite3_value **v, bool (*fits)(struct text, struct text))
{
    const struct text_list *list = list_named(context, v[1]);
    const struct text value = value_text(v[0]);
    bool found = false;

    if (!list)
        return;
    for (size_t i = 0; text_known(value) && i < list->count && !found; i++)
        found = fits(value, list->items[i]);
    sqlite3_result_int(context, found);
}

static void host_listed(sqlite3_context *c, int count, sqlite3_value **v) { listed(c, v, host_is_under); }
static void name_listed(sqlite3_context *c, int count, sqlite3_value **v) { listed(c, v, name_equal); }
static void network_listed(sqlite3_context *c, int count, sqlite3_value **v) { listed(c, v, network_equal); }

static void is_private(sqlite3_context *context, int count, sqlite3_value **v)
{
    struct network a;

    if (network_address(value_text(v[0]), &a))
        sqlite3_result_int(context, network_is_private(&a));
}

static void is_group(sqlite3_context *context, int count, sqlite3_value **v)
{
    struct network a;

    if (network_address(value_text(v[0]), &a))
        sqlite3_result_int(context, network_is_group(&a));
}

static void address_in(sqlite3_context *context, int count, sqlite3_value **v)
{
    struct network a, n;

    if (network_address(value_text(v[0]), &a) && network_parse(value_text(v[1]), &n))
        sqlite3_result_int(context, network_holds(&n, &a));
}

static void same_network(sqlite3_context *context, int count, sqlite3_value **v)
{
    struct network a, b;
    const int bits = sqlite3_value_int(v[2]);

    if (!network_address(value_text(v[0]), &a) || !network_address(value_text(v[1]), &b) || bits < 0 || bits > 32)
        return;
    const bool v4 = memcmp(a.address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0;
    a.length_bits = v4 ? 96 + bits : 64;
    sqlite3_result_int(context, network_holds(&a, &b));
}

static void has_class(sqlite3_context *context, int count, sqlite3_value **v)
{
    struct text purpose = value_text(v[0]);
    const struct text wanted = value_text(v[1]);
    bool found = false;

    if (!text_known(purpose) || !text_known(wanted))
        return;
    for (size_t i = 0; i < purpose.len; i++)
        if (purpose.at[i] == ':' || purpose.at[i] == '[' || purpose.at[i] == '(')
            purpose.len = i;
    for (size_t from = 0; from <= purpose.len && !found;) {
        size_t to = from;
        while (to < purpose.len && purpose.at[to] != '/')
            to++;
        struct text class = { .at = purpose.at + from, .len = to - from };
        while (class.len && class.at[class.len - 1] == ' ')
            class.len--;
        found = text_equal_ignoring_case(class, wanted);
        from = to + 1;
    }
    sqlite3_result_int(context, found);
}

static bool is_mail_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == '+';
}

/* "@" is %40 in request paths. */
static void mail_address(sqlite3_context *context, int count, sqlite3_value **v)
{
    const struct text t = value_text(v[0]);
    char found[256];

    for (size_t at = 0; at < t.len; at++) {
        const size_t sign = t.at[at] == '@' ? 1 : t.len - at >= 3 && memcmp(t.at + at, "%40", 3) == 0 ? 3 : 0;
        if (!sign)
            continue;
        size_t from = at, to = at + sign, dots = 0;
        while (from > 0 && at - from < 64 && is_mail_character(t.at[from - 1]))
            from--;
        while (to < t.len && to - at < 128 && is_mail_character(t.at[to]))
            dots += t.at[to++] == '.';
        while (to > at + sign && t.at[to - 1] == '.') {
            to--;
            dots--;
        }
        if (from == at || dots == 0 || to - at - sign < 4)
            continue;
        size_t len = 0;
        for (size_t i = from; i < to; i++) {
            if (i > at && i < at + sign)
                continue;
            const char c = i == at ? '@' : t.at[i];
            found[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
        }
        sqlite3_result_text(context, found, (int)len, SQLITE_TRANSIENT);
        return;
    }
}

static void time_ns(sqlite3_context *context, int count, sqlite3_value **v)
{
    int64_t ns;

    if (timestamp_parse(value_text(v[0]), &ns))
        sqlite3_result_int64(context, ns);
}

static const struct {
    const char *name;
    int arguments;
    void (*call)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
    { "stated", 1, stated },
    { "destination_allowed", 6, destination_allowed },
    { "host_listed", 2, host_listed },
    { "name_listed", 2, name_listed },
    { "network_listed", 2, network_listed },
    { "is_private", 1, is_private },
    { "is_group", 1, is_group },
    { "address_in", 2, address_in },
    { "same_network", 3, same_network },
    { "has_class", 2, has_class },
    { "mail_address", 1, mail_address },
    { "time_ns", 1, time_ns },
};

static bool is_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The last text between quotes before the parenthesis that opens at `at` is closed again. */
static struct text last_literal(struct text sql, size_t at)
{
    struct text found = TEXT_UNKNOWN;

    for (int depth = 0; at < sql.len; at++) {
        const char c = sql.at[at];
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth == 0)
            break;
        if (c != '\'')
            continue;
        const size_t from = ++at;
        while (at < sql.len && sql.at[at] != '\'')
            at++;
        found = (struct text){ .at = sql.at + from, .len = at - from };
    }
    return found;
}

bool query_lists_known(struct text sql, struct text *bad)
{
    static const char *const takers[] = { "stated", "host_listed", "name_listed", "network_listed" };

    for (size_t from = 0, to; from < sql.len; from = to + 1) {
        for (to = from; to < sql.len && is_word(sql.at[to]);)
            to++;
        const struct text name = { .at = sql.at + from, .len = to - from };
        for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
            if (!text_equal_ignoring_case(name, text_of(takers[i])) || to == sql.len || sql.at[to] != '(')
                continue;
            *bad = last_literal(sql, to);
            if (text_known(*bad) && !schema_has_list(*bad))
                return false;
        }
    }
    return true;
}

bool query_functions_add(sqlite3 *db, const struct policy *p)
{
    bool good = true;

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        good = sqlite3_create_function(db, functions[i].name, functions[i].arguments,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                       (void *)(uintptr_t)p, functions[i].call, NULL, NULL) == SQLITE_OK && good;
    return good;
}

void query_functions_remove(sqlite3 *db)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        sqlite3_create_function(db, functions[i].name, functions[i].arguments, SQLITE_UTF8, NULL, NULL, NULL, NULL);
}

/* SQLite's functions of values alone.  Not here: those that read the clock (date and
 * time with 'now'), chance, files, or make long values from nothing. */
static const char *const harmless[] = {
    "abs", "avg", "coalesce", "count", "dense_rank", "first_value", "glob", "group_concat", "ifnull", "iif", "instr",
    "json", "json_array", "json_array_length", "json_extract", "json_group_array", "json_object", "json_type",
    "json_valid", "->", "->>", "lag", "last_value", "lead", "length", "like", "lower", "ltrim", "max", "min", "nullif",
    "rank", "replace", "round", "row_number", "rtrim", "substr", "substring", "sum", "total", "trim", "typeof", "upper",
};

bool query_function_allowed(const char *name)
{
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
        if (sqlite3_stricmp(name, harmless[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (sqlite3_stricmp(name, functions[i].name) == 0)
            return true;
    return false;
}
