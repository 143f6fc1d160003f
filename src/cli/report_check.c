#include "cli/report_check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "report/html.h"
#include "report/json.h"
#include "report/words.h"

static int write_json(struct fact_case *c, FILE *out) { return report_json_write(c, out, true); }

/* How each form begins, within the first bytes. */
static const struct form {
    const char *begins, *holds;
    int (*write)(struct fact_case *c, FILE *out);
} forms[] = {
    { "<!DOCTYPE html>", "<meta name=\"generator\" content=\"leash ", report_html_write },
    { "{", "\"leash.report/1\"", write_json },
};

/* The language that a page says it is in. */
static struct text language_of(const char *start)
{
    static const char mark[] = "<html lang=\"";
    const char *at = strstr(start, mark);

    return at ? (struct text){ at + sizeof mark - 1, strcspn(at + sizeof mark - 1, "\"") } : TEXT("en");
}

/* `ret_language` is in `arena`. */
static const struct form *form_of(const char *path, struct arena *arena, struct text *ret_language)
{
    enum { LOOKED_AT = 2048 };
    char start[LOOKED_AT + 1];
    FILE *f = fopen(path, "re");

    if (!f)
        return NULL;
    start[fread(start, 1, LOOKED_AT, f)] = '\0';
    fclose(f);
    *ret_language = arena_text(arena, language_of(start));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strncmp(start, forms[i].begins, strlen(forms[i].begins)) == 0 && strstr(start, forms[i].holds))
            return &forms[i];
    return NULL;
}

/* The hash of a page without the block of its map, which is the last one of data and holds no "<" (report/html.c);
 * false when there is none. */
static bool hash_without_map(const char *path, char hex[SHA256_HEX])
{
    enum { PAGE_MAX = 128 << 20 };
    static const char begins[] = "<script type=\"application/json\" id=\"map\">", ends[] = "</script>\n";
    char *page = NULL;
    size_t len = 0;
    FILE *f = fopen(path, "re"), *copy = f ? open_memstream(&page, &len) : NULL;
    char piece[65536];
    bool found = false;

    for (size_t n; copy && len < PAGE_MAX && (n = fread(piece, 1, sizeof piece, f)) > 0;) {
        fwrite(piece, 1, n, copy);
        fflush(copy);
    }
    if (f)
        fclose(f);
    if (copy)
        fclose(copy);
    const char *from = page ? memmem(page, len, begins, sizeof begins - 1) : NULL;
    const char *to = from ? memmem(from, len - (size_t)(from - page), ends, sizeof ends - 1) : NULL;
    if (to) {
        uint8_t digest[SHA256_BYTES];
        struct sha256 *hash = sha256_new();
        const char *rest = to + sizeof ends - 1;
        sha256_add(hash, (struct bytes){ .at = (const uint8_t *)page, .len = (size_t)(from - page) });
        sha256_add(hash, (struct bytes){ .at = (const uint8_t *)rest, .len = len - (size_t)(rest - page) });
        sha256_finish(hash, digest);
        sha256_free(hash);
        hash_hex(digest, sizeof digest, hex);
        found = true;
    }
    free(page);
    return found;
}

static ssize_t add_to_hash(void *cookie, const char *at, size_t len)
{
    sha256_add(cookie, (struct bytes){ .at = (const uint8_t *)at, .len = len });
    return (ssize_t)len;
}

/* What this program makes of the case in that language, without keeping it. */
static bool hash_of_form(struct fact_case *c, const struct form *form, struct text language, char hex[SHA256_HEX])
{
    const struct text spoken = words_language_code(words_language());
    uint8_t digest[SHA256_BYTES];
    struct sha256 *hash = sha256_new();
    FILE *out = fopencookie(hash, "w", (cookie_io_functions_t){ .write = add_to_hash });
    bool made = words_use_language(language) && out && form->write(c, out) == 0;

    if (out && fclose(out))
        made = false;
    sha256_finish(hash, digest);
    sha256_free(hash);
    hash_hex(digest, sizeof digest, hex);
    return words_use_language(spoken) && made;
}

static bool is_noted(struct fact_case *c, const char sha256[SHA256_HEX])
{
    sqlite3_stmt *s = NULL;
    bool noted = false;

    if (sqlite3_prepare_v2(case_db(c), "SELECT 1 FROM leash_report WHERE sha256 = ?", -1, &s, NULL) == SQLITE_OK) {
        sqlite3_bind_text(s, 1, sha256, SHA256_HEX, SQLITE_STATIC);
        noted = sqlite3_step(s) == SQLITE_ROW;
    }
    sqlite3_finalize(s);
    return noted;
}

static bool made_by_this_version(struct fact_case *c)
{
    struct arena *arena = arena_new(0);
    const bool same = text_equal(case_get(c, "tool_version", arena), TEXT(LEASH_VERSION));

    arena_free(arena);
    return same;
}

enum report_answer report_check(struct fact_case *c, const char *path, const char sha256[SHA256_HEX],
                                bool case_is_whole)
{
    struct arena *arena = arena_new(0);
    struct text language = TEXT_UNKNOWN;
    const struct form *form = form_of(path, arena, &language);
    char made[SHA256_HEX], bare[SHA256_HEX];
    const bool known = form && hash_of_form(c, form, language, made),
        same = known && memcmp(made, sha256, SHA256_HEX) == 0;

    arena_free(arena);
    if (!form)
        return REPORT_NONE;
    if (same)
        return REPORT_OF_THIS_CASE;
    if (known && form->write == report_html_write && hash_without_map(path, bare) &&
        memcmp(made, bare, SHA256_HEX) == 0)
        return REPORT_WITH_MAP;
    const bool comparable = made_by_this_version(c);
    if (is_noted(c, sha256) && (!case_is_whole || !comparable))
        return REPORT_NOTED;
    return comparable ? REPORT_OF_ANOTHER : REPORT_NOT_COMPARABLE;
}
