#include "fact/component_sign.h"

#include <string.h>

/* "BEFORE one BETWEEN other AFTER", where `order` says which of number, name and file stand where. */
enum part { PART_NONE, PART_NUMBER, PART_NAME, PART_FILE };

static const struct {
    const char *words[4];    /* before, between and behind the parts; NULL: no more */
    enum part parts[3];
} forms[COMPONENT_SIGN_KIND_COUNT] = {
    [COMPONENT_SIGN_CLASSES]     = { { "", " classes, first ", " in ", "" }, { PART_NUMBER, PART_NAME, PART_FILE } },
    [COMPONENT_SIGN_EXPORT]      = { { "native library ", " (exports ", ")" }, { PART_FILE, PART_NAME } },
    [COMPONENT_SIGN_LIBRARY]     = { { "native library ", "" }, { PART_FILE } },
    [COMPONENT_SIGN_FILE]        = { { "file ", "" }, { PART_FILE } },
    [COMPONENT_SIGN_MANIFEST]    = { { "manifest: ", "" }, { PART_NAME } },
    [COMPONENT_SIGN_HOST]        = { { "host ", "" }, { PART_NAME } },
    [COMPONENT_SIGN_VERSION]     = { { "version text at ", " in ", "" }, { PART_NUMBER, PART_FILE } },
    [COMPONENT_SIGN_CERTIFICATE] = { { "certificate SHA-256 ", "" }, { PART_NAME } },
    [COMPONENT_SIGN_TRAFFIC]     = { { "a connection to ", " was seen" }, { PART_NAME } },
};

struct text component_sign_words(const struct component_sign *sign, struct arena *arena)
{
    struct text t = text_of(forms[sign->kind].words[0]);

    for (int i = 0; i < 3 && forms[sign->kind].parts[i] != PART_NONE; i++) {
        const enum part part = forms[sign->kind].parts[i];
        const char *behind = forms[sign->kind].words[i + 1];
        const struct text value = part == PART_NAME ? sign->name : sign->file;
        t = part == PART_NUMBER
                ? arena_printf(arena, "%.*s%llu%s", (int)t.len, t.at, (unsigned long long)sign->number, behind)
                : arena_printf(arena, "%.*s%.*s%s", (int)t.len, t.at, (int)value.len, value.at ? value.at : "", behind);
    }
    return t;
}

/* Up to where the part that begins `t` ends: before `behind`; the last part takes all that is left of it. */
static bool take_part(struct text *t, const char *behind, bool last, struct text *ret)
{
    const size_t len = strlen(behind);

    if (last) {
        if (!text_ends_with(*t, text_of(behind)))
            return false;
        *ret = (struct text){ .at = t->at, .len = t->len - len };
        *t = (struct text){ .at = t->at + t->len, .len = 0 };
        return true;
    }
    const char *found = memmem(t->at, t->len, behind, len);
    if (!found)
        return false;
    *ret = (struct text){ .at = t->at, .len = (size_t)(found - t->at) };
    *t = (struct text){ .at = found + len, .len = t->len - ret->len - len };
    return true;
}

static bool read_as(struct text words, enum component_sign_kind kind, struct component_sign *ret)
{
    const char *before = forms[kind].words[0];
    struct component_sign sign = { .kind = kind };

    if (!text_starts_with(words, text_of(before)))
        return false;
    words = (struct text){ .at = words.at + strlen(before), .len = words.len - strlen(before) };
    for (int i = 0; i < 3 && forms[kind].parts[i] != PART_NONE; i++) {
        const bool last = i == 2 || forms[kind].parts[i + 1] == PART_NONE;
        struct text part;
        int64_t number;
        if (!take_part(&words, forms[kind].words[i + 1], last, &part) || part.len == 0)
            return false;
        if (forms[kind].parts[i] == PART_NAME)
            sign.name = part;
        else if (forms[kind].parts[i] == PART_FILE)
            sign.file = part;
        else if (text_to_int(part, 0, INT64_MAX, &number))
            sign.number = (uint64_t)number;
        else
            return false;
    }
    *ret = sign;
    return true;
}

bool component_sign_read(struct text words, struct component_sign *ret)
{
    for (int kind = 0; kind < COMPONENT_SIGN_KIND_COUNT; kind++)
        if (text_known(words) && read_as(words, (enum component_sign_kind)kind, ret))
            return true;
    return false;
}
