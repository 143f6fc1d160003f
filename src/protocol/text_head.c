#include "protocol/text_head.h"

static struct text part(struct text t, size_t from, size_t len)
{
    return (struct text){ .at = t.at + from, .len = len };
}

size_t text_head_length(struct bytes data)
{
    for (size_t i = 0; i < data.len; i++) {
        const uint8_t *end = memchr(data.at + i, '\n', data.len - i);
        if (!end)
            return 0;
        i = (size_t)(end - data.at);
        if (i + 1 < data.len && data.at[i + 1] == '\n')
            return i + 2;
        if (i + 2 < data.len && data.at[i + 1] == '\r' && data.at[i + 2] == '\n')
            return i + 3;
    }
    return 0;
}

bool text_head_line(struct cursor *c, struct text *ret)
{
    if (c->rest.len == 0)
        return false;
    const uint8_t *end = memchr(c->rest.at, '\n', c->rest.len);
    struct text line = text_of_bytes(cursor_take(c, end ? (size_t)(end - c->rest.at) : c->rest.len));
    if (end)
        cursor_skip(c, 1);
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    *ret = line;
    return true;
}

struct text text_trimmed(struct text t)
{
    while (t.len > 0 && (t.at[0] == ' ' || t.at[0] == '\t'))
        t = part(t, 1, t.len - 1);
    while (t.len > 0 && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\t'))
        t.len--;
    return t;
}

bool text_head_field(struct text line, struct text *ret_name, struct text *ret_value)
{
    const char *colon = line.len ? memchr(line.at, ':', line.len) : NULL;

    if (!colon)
        return false;
    const size_t at = (size_t)(colon - line.at);
    *ret_name = text_trimmed(part(line, 0, at));
    *ret_value = text_trimmed(part(line, at + 1, line.len - at - 1));
    return true;
}

struct text text_head_value(struct bytes head, struct text name)
{
    struct cursor c = cursor_over(head);
    struct text line, field, value;

    (void)text_head_line(&c, &line);
    while (text_head_line(&c, &line))
        if (text_head_field(line, &field, &value) && text_equal_ignoring_case(field, name))
            return value;
    return TEXT_UNKNOWN;
}

struct text text_word(struct text *t)
{
    const char *blank = t->len ? memchr(t->at, ' ', t->len) : NULL;
    const size_t len = blank ? (size_t)(blank - t->at) : t->len;
    const struct text word = part(*t, 0, len);

    *t = part(*t, blank ? len + 1 : len, blank ? t->len - len - 1 : 0);
    return word;
}

bool text_is_host(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        const char b = t.at[i];
        if (!((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '.' || b == '-' ||
              b == '_' || b == ':'))
            return false;
    }
    return t.len > 0;
}

bool text_is_address(struct text t)
{
    bool digits = t.len > 0;

    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == ':')
            return true;
        digits &= t.at[i] == '.' || (t.at[i] >= '0' && t.at[i] <= '9');
    }
    return digits;
}

static bool is_scheme(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!((t.at[i] | 0x20) >= 'a' && (t.at[i] | 0x20) <= 'z'))
            return false;
    return t.len > 0;
}

bool text_url_split(struct text url, struct text *ret_scheme, struct text *ret_host, struct text *ret_path)
{
    enum { SCHEME_MAX = 8 };
    size_t at = 0;

    while (at < url.len && at <= SCHEME_MAX && url.at[at] != ':')
        at++;
    if (at + 3 > url.len || memcmp(url.at + at, "://", 3) != 0 || !is_scheme(part(url, 0, at)))
        return false;
    *ret_scheme = part(url, 0, at);
    const struct text rest = part(url, at + 3, url.len - at - 3);
    size_t end = 0;
    while (end < rest.len && rest.at[end] != '/' && rest.at[end] != '?')
        end++;
    *ret_path = part(rest, end, rest.len - end);
    struct text host = part(rest, 0, end);
    const char *user = memrchr(host.at, '@', host.len);
    if (user)
        host = part(host, (size_t)(user - host.at) + 1, host.len - (size_t)(user - host.at) - 1);
    const char *close = host.len && host.at[0] == '[' ? memchr(host.at, ']', host.len) : NULL;
    if (close) {
        host = part(host, 1, (size_t)(close - host.at) - 1);
    } else {
        const char *colon = host.len ? memrchr(host.at, ':', host.len) : NULL;
        if (colon)
            host.len = (size_t)(colon - host.at);
    }
    *ret_host = host;
    return true;
}
