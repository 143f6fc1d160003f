#include "app/jar_manifest.h"

#include <stdio.h>
#include <stdlib.h>

/* Without its end, which is CR LF, LF or CR. */
static struct bytes next_line(struct bytes *rest)
{
    size_t n = 0;

    while (n < rest->len && rest->at[n] != '\n' && rest->at[n] != '\r')
        n++;
    const struct bytes line = bytes_part(*rest, 0, n);
    size_t end = n;
    if (end < rest->len)
        end += rest->at[end] == '\r' && end + 1 < rest->len && rest->at[end + 1] == '\n' ? 2 : 1;
    *rest = bytes_part(*rest, end, UINT64_MAX);
    return line;
}

/* The value behind "NAME: ", if the line is that attribute; names ignore case. */
static bool line_value(struct bytes line, struct text name, struct text *ret)
{
    const struct text t = text_of_bytes(line);

    if (t.len <= name.len || t.at[name.len] != ':' ||
        !text_equal_ignoring_case((struct text){ .at = t.at, .len = name.len }, name))
        return false;
    size_t at = name.len + 1;
    while (at < t.len && t.at[at] == ' ')
        at++;
    *ret = (struct text){ .at = t.at + at, .len = t.len - at };
    return true;
}

/* The lines behind `first` that begin with a blank go on with its value. */
static struct text joined(struct text first, struct bytes rest, struct arena *arena)
{
    enum { VALUE_BYTES_MAX = 65536 };
    struct bytes ahead = rest;
    size_t len = first.len;

    while (ahead.len > 0 && ahead.at[0] == ' ' && len <= VALUE_BYTES_MAX)
        len += next_line(&ahead).len - 1;
    char *to = len <= VALUE_BYTES_MAX ? arena_alloc(arena, len + 1, 1) : NULL;
    if (!to)
        return TEXT_UNKNOWN;
    size_t at = first.len;
    memcpy(to, first.at, first.len);
    while (rest.len > 0 && rest.at[0] == ' ') {
        const struct bytes more = bytes_part(next_line(&rest), 1, UINT64_MAX);
        if (more.len)
            memcpy(to + at, more.at, more.len);
        at += more.len;
    }
    return (struct text){ .at = to, .len = at };
}

struct text jar_attribute(const struct jar_section *section, struct text name, struct arena *arena)
{
    struct bytes rest = section->bytes;
    struct text value = TEXT_UNKNOWN;

    while (rest.len > 0) {
        const struct bytes line = next_line(&rest);
        if (line.len == 0 || line.at[0] == ' ' || !line_value(line, name, &value))
            continue;
        return rest.len > 0 && rest.at[0] == ' ' ? joined(value, rest, arena) : value;
    }
    return TEXT_UNKNOWN;
}

/* From `rest` to behind the blank lines that end it. */
static struct bytes next_section(struct bytes *rest)
{
    const struct bytes start = *rest;

    while (rest->len > 0 && next_line(rest).len > 0)
        ;
    while (rest->len > 0 && (rest->at[0] == '\n' || rest->at[0] == '\r'))
        next_line(rest);
    return bytes_part(start, 0, start.len - rest->len);
}

static int by_name(const void *a, const void *b)
{
    const struct jar_section *const *x = a, *const *y = b;
    const int order = text_compare((*x)->name, (*y)->name);

    return order ? order : *x < *y ? -1 : *x > *y;
}

bool jar_manifest_parse(struct bytes whole, struct arena *arena, struct jar_manifest *ret)
{
    struct bytes rest = whole;

    *ret = (struct jar_manifest){ .whole = whole };
    ret->main.bytes = next_section(&rest);
    for (struct bytes counting = rest; counting.len > 0;) {
        (void)next_section(&counting);
        if (++ret->count > JAR_SECTIONS_MAX)
            return false;
    }
    ret->sections = arena_alloc(arena, ret->count + 1, sizeof *ret->sections);
    ret->sorted = arena_alloc(arena, ret->count + 1, sizeof *ret->sorted);
    if (!ret->sections || !ret->sorted)
        return false;
    for (size_t i = 0; i < ret->count; i++) {
        struct jar_section *s = &ret->sections[i];
        s->bytes = next_section(&rest);
        s->name = jar_attribute(s, TEXT("Name"), arena);
        ret->nameless |= !text_known(s->name);
        ret->sorted[i] = s;
    }
    qsort(ret->sorted, ret->count, sizeof *ret->sorted, by_name);
    for (size_t i = 1; i < ret->count; i++)
        ret->duplicate |= text_known(ret->sorted[i]->name) &&
            text_equal(ret->sorted[i]->name, ret->sorted[i - 1]->name);
    return true;
}

const struct jar_section *jar_section_find(const struct jar_manifest *m, struct text name)
{
    size_t low = 0, high = m->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = text_compare(m->sorted[middle]->name, name);
        if (order == 0)
            return m->sorted[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648, 4; false when it is none or does not fit. */
static bool decode_base64(struct text t, uint8_t into[DIGEST_BYTES_MAX], size_t *ret_len)
{
    uint32_t bits = 0;
    int held = 0;
    size_t len = 0;

    for (size_t i = 0; i < t.len && t.at[i] != '='; i++) {
        const int value = base64_value(t.at[i]);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            if (len == DIGEST_BYTES_MAX)
                return false;
            into[len++] = (uint8_t)(bits >> held);
        }
    }
    *ret_len = len;
    return len > 0;
}

static const struct { const char *name; enum digest_kind kind; } digest_names[] = {
    { "SHA-512", DIGEST_SHA512 }, { "SHA-384", DIGEST_SHA384 }, { "SHA-256", DIGEST_SHA256 },
    { "SHA1", DIGEST_SHA1 }, { "SHA-1", DIGEST_SHA1 }, { "SHA", DIGEST_SHA1 }, { "SHA256", DIGEST_SHA256 },
    { "SHA384", DIGEST_SHA384 }, { "SHA512", DIGEST_SHA512 }, { "MD5", DIGEST_MD5 },
};
enum { NEW_DIGEST_NAMES = 4 }; /* those that platforms from 18 on look for, best first */

static bool take_digest(const struct jar_section *section, struct text algorithm, const char *suffix,
                        struct arena *arena,
                        struct jar_digest *ret)
{
    char name[64];

    for (size_t i = 0; i < sizeof digest_names / sizeof *digest_names; i++) {
        const struct text known = text_of(digest_names[i].name);
        if (!text_equal_ignoring_case(known, algorithm))
            continue;
        snprintf(name, sizeof name, "%s%s", digest_names[i].name, suffix);
        const struct text value = jar_attribute(section, text_of(name), arena);
        ret->kind = digest_names[i].kind;
        return text_known(value) && decode_base64(value, ret->value, &ret->len);
    }
    return false;
}

/* A platform before 18 takes the first of the list Digest-Algorithms that is there. */
static bool old_digest(const struct jar_section *section, const char *suffix, struct arena *arena,
                       struct jar_digest *ret)
{
    enum { ALGORITHMS_MAX = 16 };
    struct text list = jar_attribute(section, TEXT("Digest-Algorithms"), arena);

    if (!text_known(list))
        list = TEXT("SHA SHA1");
    for (int tried = 0; list.len > 0 && tried < ALGORITHMS_MAX; tried++) {
        size_t n = 0;
        while (n < list.len && list.at[n] != ' ')
            n++;
        if (n > 0 && take_digest(section, (struct text){ .at = list.at, .len = n }, suffix, arena, ret))
            return true;
        n += n < list.len;
        list = (struct text){ .at = list.at + n, .len = list.len - n };
    }
    return false;
}

size_t jar_digests(const struct jar_section *section, const char *suffix, int64_t min_sdk, struct arena *arena,
                   struct jar_digest ret[2])
{
    enum { NEW_DIGESTS_FROM = 18 };
    size_t count = 0;

    if (min_sdk < NEW_DIGESTS_FROM) {
        if (!old_digest(section, suffix, arena, &ret[0]))
            return 0;
        count = 1;
    }
    for (size_t i = 0; i < NEW_DIGEST_NAMES; i++) {
        if (!take_digest(section, text_of(digest_names[i].name), suffix, arena, &ret[count]))
            continue;
        if (count == 0 || ret[0].kind != ret[count].kind)
            count++;
        break;
    }
    return count;
}
