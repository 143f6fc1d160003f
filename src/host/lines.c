#include "host/lines.h"

#include "base/utf.h"

void lines_init(struct lines *l, struct bytes whole)
{
    *l = (struct lines){ .rest = whole, .encoding = LINES_UTF8 };
    if (bytes_start_with(whole, "\xef\xbb\xbf", 3)) {
        l->rest = bytes_part(whole, 3, UINT64_MAX);
    } else if (bytes_start_with(whole, "\xff\xfe", 2)) {
        l->encoding = LINES_UTF16LE;
        l->rest = bytes_part(whole, 2, UINT64_MAX);
    } else if (bytes_start_with(whole, "\xfe\xff", 2)) {
        l->encoding = LINES_UTF16BE;
        l->rest = bytes_part(whole, 2, UINT64_MAX);
    }
}

static unsigned unit_at(const struct lines *l, size_t i)
{
    const uint8_t a = l->rest.at[i], b = l->rest.at[i + 1];

    return l->encoding == LINES_UTF16LE ? a | (unsigned)b << 8 : b | (unsigned)a << 8;
}

static bool next_utf16(struct lines *l, struct line *ret)
{
    size_t n = 0;

    while (n + 2 <= l->rest.len && unit_at(l, n) != '\n')
        n += 2;
    ret->ended = n + 2 <= l->rest.len;
    if (!ret->ended)
        n = l->rest.len;
    ret->at = bytes_part(l->rest, 0, n);
    ret->text = (struct text){ .at = l->decoded, .len = utf16_to_utf8(ret->at, l->encoding == LINES_UTF16BE, l->decoded,
                                                                      sizeof l->decoded) };
    l->rest = bytes_part(l->rest, n + 2, UINT64_MAX);
    return true;
}

bool lines_next(struct lines *l, struct line *ret)
{
    if (l->rest.len == 0)
        return false;
    if (l->encoding != LINES_UTF8) {
        next_utf16(l, ret);
    } else {
        const uint8_t *end = memchr(l->rest.at, '\n', l->rest.len);
        const size_t n = end ? (size_t)(end - l->rest.at) : l->rest.len;
        ret->ended = end != NULL;
        ret->at = bytes_part(l->rest, 0, n);
        ret->text = text_of_bytes(ret->at);
        l->rest = bytes_part(l->rest, n + 1, UINT64_MAX);
    }
    while (ret->text.len > 0 && memchr(" \t\r", ret->text.at[ret->text.len - 1], 3))
        ret->text.len--;
    ret->indent = 0;
    while (ret->indent < ret->text.len && (ret->text.at[ret->indent] == ' ' || ret->text.at[ret->indent] == '\t'))
        ret->indent++;
    return true;
}

struct text line_trim(struct text t)
{
    while (t.len > 0 && (*t.at == ' ' || *t.at == '\t')) {
        t.at++;
        t.len--;
    }
    while (t.len > 0 && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\t'))
        t.len--;
    return t;
}

bool line_cut(struct text t, char mark, struct text *before, struct text *behind)
{
    const char *at = t.len ? memchr(t.at, mark, t.len) : NULL;

    if (!at)
        return false;
    const size_t n = (size_t)(at - t.at);
    if (before)
        *before = (struct text){ .at = t.at, .len = n };
    if (behind)
        *behind = (struct text){ .at = at + 1, .len = t.len - n - 1 };
    return true;
}

bool line_after(struct text t, struct text prefix, struct text *rest)
{
    if (!text_starts_with(t, prefix))
        return false;
    *rest = (struct text){ .at = t.at + prefix.len, .len = t.len - prefix.len };
    return true;
}

bool line_behind(struct text t, struct text mark, struct text *rest)
{
    const char *at = t.len ? memmem(t.at, t.len, mark.at, mark.len) : NULL;

    if (!at)
        return false;
    rest->len = t.len - (size_t)(at - t.at) - mark.len;
    rest->at = at + mark.len;
    return true;
}

struct text line_word(struct text *t)
{
    size_t n = 0;

    *t = line_trim(*t);
    while (n < t->len && t->at[n] != ' ' && t->at[n] != '\t')
        n++;
    const struct text word = { .at = t->at, .len = n };
    t->at += n;
    t->len -= n;
    return word;
}
