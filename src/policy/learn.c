#include "policy/learn.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/timestamp.h"
#include "policy/policy.h"

enum { ENTRIES_MAX = 4000 }; /* of one list; a policy has YAML_NODES_MAX nodes in all */

struct learning {
    struct fact_case *c;
    struct arena *arena;
    struct buffer *to;
    int64_t left_out;
    int error;
};

static void say(struct learning *l, const char *line)
{
    buffer_printf(l->to, "%s\n", line);
}

/* May this stand between quotes in a YAML file? */
static bool is_writable(const char *at, size_t len)
{
    for (size_t i = 0; i < len;) {
        const struct text rest = { .at = at + i, .len = len - i };
        const size_t n = text_utf8_length(rest);
        /* C1 controls, line and paragraph separators, byte order marks are no YAML text */
        const bool odd = n > 1 && ((uint8_t)at[i] == 0xc2 || (uint8_t)at[i] == 0xe2 || (uint8_t)at[i] == 0xef);
        if (n == 0 || (n == 1 && ((uint8_t)at[i] < 0x20 || at[i] == 0x7f || at[i] == '*' || at[i] == '?')) || odd)
            return false;
        i += n;
    }
    return len > 0 && len <= 253;
}

static void put_quoted(struct buffer *to, const char *at)
{
    buffer_printf(to, "\"");
    for (; *at; at++)
        buffer_printf(to, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    buffer_printf(to, "\"");
}

/* Runs `sql`, whose columns are the members of entries; NULL members are left out.  A single
 * column without a name makes a list of words.  The list's head is written even when it is
 * empty: that too is a statement. */
static void put_list(struct learning *l, const char *key, const char *indent, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int64_t entries = 0;
    int code = sqlite3_prepare_v2(case_db(l->c), sql, -1, &s, NULL);

    buffer_printf(l->to, "%s%s:", indent, key);
    while (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        bool good = true, first = true;
        const int columns = sqlite3_column_count(s);
        for (int i = 0; i < columns && good; i++) {
            const char *at = (const char *)sqlite3_column_text(s, i);
            good = !at || is_writable(at, (size_t)sqlite3_column_bytes(s, i));
        }
        code = SQLITE_OK;
        if (!good) {
            l->left_out++;
            continue;
        }
        if (++entries > ENTRIES_MAX) {
            l->error = -EFBIG;
            break;
        }
        buffer_printf(l->to, "\n%s  - ", indent);
        for (int i = 0; i < columns; i++) {
            const char *at = (const char *)sqlite3_column_text(s, i);
            if (!at)
                continue;
            if (columns > 1)
                buffer_printf(l->to, "%s%s: ", first ? "{ " : ", ", sqlite3_column_name(s, i));
            put_quoted(l->to, at);
            first = false;
        }
        buffer_printf(l->to, "%s", columns > 1 ? " }" : "");
    }
    buffer_printf(l->to, "%s\n", entries ? "" : " []");
    if (code != SQLITE_DONE && code != SQLITE_OK && !l->error)
        l->error = -EIO;
    sqlite3_finalize(s);
}

static bool there_is(struct learning *l, const char *sql)
{
    sqlite3_stmt *s = NULL;
    const bool found = sqlite3_prepare_v2(case_db(l->c), sql, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW;

    sqlite3_finalize(s);
    return found;
}

static double number(struct learning *l, const char *sql)
{
    sqlite3_stmt *s = NULL;
    double value = 0;

    if (sqlite3_prepare_v2(case_db(l->c), sql, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        value = sqlite3_column_double(s, 0);
    sqlite3_finalize(s);
    return value;
}

#define OUTSIDE "ifnull(local, 0) = 0"
#define SHARE(part) "SELECT CASE WHEN total(payload_out) + total(missing_out) > 0 THEN (" part \
    ") / (total(payload_out) + total(missing_out)) ELSE 0 END FROM flow WHERE " OUTSIDE

/* Upwards, so that the case itself stays inside. */
static void put_limits(struct learning *l)
{
    const double unreadable = number(l, SHARE("total(opaque_out) + total(missing_out)")),
                 opaque = number(l, SHARE("total(opaque_out)")), missing = number(l, SHARE("total(missing_out)"));

    say(l, "limits:");
    buffer_printf(l->to, "  unreadable_share_max: %.4f\n  opaque_share_max: %.4f\n  missing_share_max: %.4f\n",
                  ceil(unreadable * 10000) / 10000, ceil(opaque * 10000) / 10000, ceil(missing * 10000) / 10000);
}

/* One entry for each host or address and port.  Where ports are too many (a file transfer, a call),
 * the entry names the host alone. */
static void put_destinations(struct learning *l)
{
    say(l, "\n# What was sent to in this case.  Anything else is a violation.");
    put_list(l, "allowed_destinations", "",
             "SELECT host, CASE WHEN host IS NULL THEN dst END AS address, CASE WHEN ports <= 8 THEN dst_port END AS port"
             " FROM (SELECT DISTINCT lower(rtrim(nullif(f.host, ''), '.')) AS host,"
             "  CASE WHEN nullif(f.host, '') IS NULL THEN f.dst END AS dst, p.ports, CASE WHEN p.ports <= 8 THEN f.dst_port END AS dst_port"
             "  FROM flow f JOIN (SELECT ifnull(nullif(host, ''), dst) AS k, count(DISTINCT dst_port) AS ports FROM flow"
             "   WHERE " OUTSIDE " GROUP BY 1) p ON p.k = ifnull(nullif(f.host, ''), f.dst)"
             "  WHERE ifnull(f.local, 0) = 0 AND f.payload_out > 0)"
             " ORDER BY host IS NULL, host, dst, dst_port");
}

static void put_phases(struct learning *l)
{
    sqlite3_stmt *s = NULL;

    if (!there_is(l, "SELECT 1 FROM flow WHERE phase IS NOT NULL"))
        return;
    say(l, "\n# What left in each phase, by the class of its destination.\nmay_leave:");
    int code = sqlite3_prepare_v2(case_db(l->c),
                                  "SELECT DISTINCT phase FROM flow WHERE phase IS NOT NULL AND phase NOT GLOB "
                                                 "'*[^-_ a-z0-9]*' ORDER BY 1", -1, &s, NULL);
    while (code == SQLITE_OK && (code = sqlite3_step(s)) == SQLITE_ROW) {
        const char *phase = (const char *)sqlite3_column_text(s, 0);
        /* A purpose reads "map: tiles" or "share/media: photos"; without one the destination itself is
         * what is allowed. */
        char *sql = sqlite3_mprintf(
            "SELECT DISTINCT ifnull(CASE WHEN d.purpose GLOB '[a-z]*' AND d.party <> 'local' THEN substr(d.purpose, 1, min("
            " instr(d.purpose || ':', ':'), instr(d.purpose || '/', '/'), instr(d.purpose || ' ', ' ')) - 1) END, 'allowed')"
            " FROM flow f LEFT JOIN destination d ON lower(d.host) = lower(rtrim(nullif(f.host, ''), '.'))"
            " WHERE ifnull(f.local, 0) = 0 AND f.payload_out > 0 AND f.phase = %Q ORDER BY 1", phase);
        put_list(l, phase, "  ", sql);
        sqlite3_free(sql);
        code = SQLITE_OK;
    }
    if (code != SQLITE_DONE && !l->error)
        l->error = -EIO;
    sqlite3_finalize(s);
}

static void put_equipment(struct learning *l)
{
    if (there_is(l, "SELECT 1 FROM flow WHERE src_mac IS NOT NULL AND " OUTSIDE)) {
        say(l, "\n# Whose traffic was captured.");
        put_list(l, "captured_devices", "",
                 "SELECT DISTINCT src_mac FROM flow WHERE src_mac IS NOT NULL AND " OUTSIDE " ORDER BY 1");
    }
    if (there_is(l, "SELECT 1 FROM device WHERE serial IS NOT NULL")) {
        say(l, "\n# Equipment that the evidence names.");
        put_list(l, "inventory", "", "SELECT serial, max(vendor) AS maker, max(model) AS model, max(role) AS role"
                                     " FROM device WHERE serial IS NOT NULL GROUP BY serial ORDER BY serial");
    }
    if (there_is(l, "SELECT 1 FROM package WHERE package IS NOT NULL")) {
        say(l, "\n# App packages as they are.");
        put_list(l, "approved_software", "",
                 "SELECT DISTINCT p.package AS name, 'app' AS kind, p.version AS version, e.sha256 AS sha256"
                 " FROM package p JOIN evidence e ON e.sha256 = p.evidence WHERE p.package IS NOT NULL ORDER BY 1, 3, 4");
    }
}

/* What counts against the case: each finding of a rule that is not met, and observations from
 * the level on that makes a violation.  "who" and "reason" are for a person to write. */
static void put_accepted(struct learning *l)
{
    char day[TIMESTAMP_TEXT_MAX];
    int64_t started;

    static const char from[] =
        " FROM finding f LEFT JOIN precaution p ON p.rule = f.rule LEFT JOIN json_each(f.destinations) d"
        " WHERE f.rule NOT GLOB 'POL-*' AND CASE WHEN p.rule IS NULL THEN f.severity IN ('high', 'critical')"
        " ELSE p.verdict = 'not_met' AND p.source_confidence <> 'from_memory' END";
    if (!timestamp_parse(case_get(l->c, "started", l->arena), &started)) {
        l->error = -EINVAL;
        return;
    }
    timestamp_text(started + 365 * 24 * 3600 * NS_PER_S, day);
    char *exists = sqlite3_mprintf("SELECT 1%s", from);
    if (there_is(l, exists)) {
        say(l, "\n# Findings that count against this case.  Write who answers for each, and why, or delete it.");
        char *sql = sqlite3_mprintf("SELECT DISTINCT f.rule AS rule, d.value AS destination, 'nobody yet' AS who,"
                                    " 'seen when this policy was learned; nobody has decided yet' AS reason, '%.10s' AS until%s"
                                    " ORDER BY 1, 2", day, from);
        put_list(l, "accepted", "", sql);
        sqlite3_free(sql);
    }
    sqlite3_free(exists);
}

static void put_head(struct learning *l)
{
    char started[TIMESTAMP_TEXT_MAX];
    int64_t at;

    say(l, "# Learned from a case: the policy that this case meets exactly.  It is a beginning.  That something\n"
           "# was seen is no reason to allow it: go through it line by line.\n"
           "#\n"
           "#   leash policy init     explains every key\n");
    say(l, "version: 1");
    if (timestamp_parse(case_get(l->c, "started", l->arena), &at))
        buffer_printf(l->to, "name: \"learned on %.10s\"\n", timestamp_text(at, started).at);
    put_list(l, "profiles", "", "SELECT p.value FROM run, json_each(run.value) p WHERE run.key = 'profiles'");
    put_limits(l);
    if (there_is(l, "SELECT 1 FROM destination WHERE party = 'operator' AND host IS NOT NULL")) {
        say(l, "");
        put_list(l, "operator_hosts", "", "SELECT DISTINCT lower(host) FROM destination WHERE party = 'operator' AND host IS NOT NULL ORDER BY 1");
    }
}

int policy_learn(struct fact_case *c, struct buffer *to)
{
    struct learning l = { .c = c, .arena = arena_new(0), .to = to };
    struct policy *p = NULL;
    struct policy_error error;

    put_head(&l);
    put_destinations(&l);
    if (there_is(&l, "SELECT 1 FROM destination WHERE party = 'third' AND owner IS NOT NULL AND bytes_out > 0")) {
        say(&l, "\n# Third parties that were sent to.");
        put_list(&l, "known_third_parties", "",
                 "SELECT DISTINCT owner FROM destination WHERE party = 'third' AND owner IS NOT NULL"
                                                " AND owner NOT GLOB '*/*' AND bytes_out > 0 ORDER BY 1");
    }
    put_phases(&l);
    put_equipment(&l);
    put_accepted(&l);
    if (l.left_out)
        buffer_printf(to, "\n# %" PRId64 " entries have names that a policy cannot hold; they are not in it.\n",
                      l.left_out);
    if (!l.error && to->overflowed)
        l.error = -EFBIG;
    /* It must be one that leash takes. */
    if (!l.error && policy_parse(TEXT("the learned policy"), buffer_text(to), &p, &error)) {
        fprintf(stderr, "leash: %s:%d:%d: %s\n", error.file, error.line, error.column, error.message);
        l.error = -EFBIG;
    }
    policy_free(p);
    arena_free(l.arena);
    return l.error;
}
