#include "cli/yara_option.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"

static bool name_is_taken(const struct yara_option *y, struct text name)
{
    for (size_t i = 0; i < y->count; i++)
        if (text_equal(y->sources[i].name, name))
            return true;
    return false;
}

bool yara_option_take(struct yara_option *y, const char *path, struct arena *arena, const char **why)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    struct text name = arena_text(arena, text_of(base));
    struct bytes content;

    if (!yara_built_in()) {
        *why = "this leash was built without libyara";
        return false;
    }
    if (y->count == YARA_FILES_MAX) {
        *why = "too many files of rules";
        return false;
    }
    const int error = table_file(path, YARA_SOURCE_BYTES_MAX, arena, &content);
    if (error) {
        *why = error == -EFBIG ? "larger than rules may be" : strerror(-error);
        return false;
    }
    if (content.len > 0 && memchr(content.at, 0, content.len)) {
        *why = "not the text of rules; rules that are compiled already are not taken, because loading them is running them";
        return false;
    }
    for (int n = 2; name_is_taken(y, name); n++)
        name = arena_printf(arena, "%s (%d)", base, n);
    y->sources[y->count++] = (struct yara_source){ .name = name, .content = text_of_bytes(content) };
    return true;
}

static void note_used(const struct yara_option *y, const struct note_taker *notes, struct text warnings)
{
    for (size_t i = 0; i < y->count; i++) {
        char hex[SHA256_HEX];
        uint8_t digest[SHA256_BYTES];
        struct sha256 *h = sha256_new();
        sha256_add(h, (struct bytes){ .at = (const uint8_t *)y->sources[i].content.at,
                                      .len = y->sources[i].content.len });
        sha256_finish(h, digest);
        sha256_free(h);
        hash_hex(digest, sizeof digest, hex);
        note_printf(notes, "YARA rules of %.*s (SHA-256 %.*s) were held against every file of this case and the unpacked parts of packages.",
                    (int)y->sources[i].name.len, y->sources[i].name.at, (int)SHA256_HEX, hex);
    }
    if (text_known(warnings))
        note_printf(notes, "libyara warns of these rules: %.*s", (int)(warnings.len < 2000 ? warnings.len : 2000),
                    warnings.at);
}

int yara_option_compile(struct yara_option *y, const struct command *command, struct arena *arena,
                        const struct note_taker *notes,
                        const struct yara_rules **ret_rules)
{
    struct text problem, warnings;

    *ret_rules = NULL;
    if (y->count == 0)
        return EXIT_OK;
    if (!yara_compile(y->sources, y->count, arena, &y->rules, &problem, &warnings)) {
        while (problem.len > 0) { /* one a line */
            const char *end = memchr(problem.at, '\n', problem.len);
            const size_t len = end ? (size_t)(end - problem.at) : problem.len, passed = end ? len + 1 : len;
            if (passed < problem.len)
                run_error("--yara: %.*s", (int)len, problem.at);
            else
                return usage_error(command, "--yara: %.*s", (int)len, problem.at);
            problem.at += passed;
            problem.len -= passed;
        }
        return EXIT_USAGE;
    }
    if (y->rules.rule_count == 0)
        return usage_error(command, "--yara: there is no rule in what was named");
    *ret_rules = &y->rules;
    if (notes)
        note_used(y, notes, warnings);
    return EXIT_OK;
}
