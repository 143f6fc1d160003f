#include "protocol/http1_head.h"

#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct text trimmed(struct text t)
{
    while (t.len > 0 && blank(t.at[0])) {
        t.at++;
        t.len--;
    }
    while (t.len > 0 && blank(t.at[t.len - 1]))
        t.len--;
    return t;
}

/* The next line without its end; false when none is left or the last one is not whole. */
static bool next_line(struct text *rest, struct text *ret)
{
    const char *lf = rest->len ? memchr(rest->at, '\n', rest->len) : NULL;

    if (!lf)
        return false;
    size_t len = (size_t)(lf - rest->at);
    *ret = (struct text){ rest->at, len };
    rest->at += len + 1;
    rest->len -= len + 1;
    if (len > 0 && ret->at[len - 1] == '\r')
        ret->len--;
    return true;
}

/* RFC 9110, 5.6.2 */
static bool token_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* The next element of a comma-separated list, without parameters; false at the end. */
static bool next_element(struct text *rest, struct text *ret)
{
    while (rest->len > 0) {
        const char *comma = memchr(rest->at, ',', rest->len);
        struct text element = { rest->at, comma ? (size_t)(comma - rest->at) : rest->len };
        const size_t used = element.len + (comma ? 1 : 0);
        rest->at += used;
        rest->len -= used;
        const char *semicolon = element.len ? memchr(element.at, ';', element.len) : NULL;
        if (semicolon)
            element.len = (size_t)(semicolon - element.at);
        *ret = trimmed(element);
        if (ret->len > 0)
            return true;
    }
    return false;
}

static enum http1_coding coding_of(struct text element)
{
    if (text_equal_ignoring_case(element, TEXT("gzip")) || text_equal_ignoring_case(element, TEXT("x-gzip")))
        return CODING_GZIP;
    if (text_equal_ignoring_case(element, TEXT("deflate")))
        return CODING_DEFLATE;
    if (text_equal_ignoring_case(element, TEXT("identity")))
        return CODING_IDENTITY;
    return CODING_UNKNOWN;
}

/* One coding can be undone here, more on top of each other not. */
static void add_coding(struct http1_head *h, enum http1_coding coding)
{
    if (coding != CODING_IDENTITY)
        h->coding = h->coding == CODING_IDENTITY ? coding : CODING_UNKNOWN;
}

static void take_transfer_encoding(struct http1_head *h, struct text value)
{
    struct text element;

    while (next_element(&value, &element)) {
        h->chunked = text_equal_ignoring_case(element, TEXT("chunked"));
        h->transfer_other = !h->chunked && !text_equal_ignoring_case(element, TEXT("identity"));
        if (h->transfer_other)
            add_coding(h, coding_of(element));
    }
}

/* RFC 9112, 6.3: the same length several times is one length. */
static void take_length(struct http1_head *h, struct text value)
{
    struct text element;
    int64_t length;

    if (trimmed(value).len == 0)
        h->bad_length = true;
    while (next_element(&value, &element)) {
        if (element.at[0] == '+' || element.at[0] == '-' || !text_to_int(element, 0, INT64_MAX, &length) ||
            (h->has_length && h->length != (uint64_t)length)) {
            h->bad_length = true;
            return;
        }
        h->has_length = true;
        h->length = (uint64_t)length;
    }
}

static void take_field(struct http1_head *h, struct text name, struct text value)
{
    struct text element;

    if (text_equal_ignoring_case(name, TEXT("Host"))) {
        if (!text_known(h->host))
            h->host = value;
    } else if (text_equal_ignoring_case(name, TEXT("User-Agent"))) {
        h->user_agent = value;
    } else if (text_equal_ignoring_case(name, TEXT("Content-Type"))) {
        h->content_type = value;
    } else if (text_equal_ignoring_case(name, TEXT("Content-Encoding"))) {
        while (next_element(&value, &element))
            add_coding(h, coding_of(element));
    } else if (text_equal_ignoring_case(name, TEXT("Transfer-Encoding"))) {
        take_transfer_encoding(h, value);
    } else if (text_equal_ignoring_case(name, TEXT("Content-Length"))) {
        take_length(h, value);
    }
}

static void take_fields(struct http1_head *h, struct text rest)
{
    struct text line;

    while (next_line(&rest, &line) && line.len > 0) {
        const char *colon = memchr(line.at, ':', line.len);
        /* RFC 9112, 5.2: a line that begins with a blank goes on with the one before */
        struct text more;
        struct text after = rest;
        while (after.len > 0 && (after.at[0] == ' ' || after.at[0] == '\t') && next_line(&after, &more)) {
            line.len = (size_t)(more.at - line.at) + more.len;
            rest = after;
        }
        if (!colon)
            continue;
        const struct text name = trimmed((struct text){ line.at, (size_t)(colon - line.at) });
        take_field(h, name, trimmed((struct text){ colon + 1, (size_t)(line.at + line.len - colon - 1) }));
    }
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "HTTP/1.x" exactly. */
static bool version_text(struct text t)
{
    return t.len == 8 && memcmp(t.at, "HTTP/1.", 7) == 0 && digit(t.at[7]);
}

/* Of a request: small devices write "HTTP/1.0.8", and servers answer. */
static bool request_version_text(struct text t)
{
    enum { LEN_MAX = 16 };

    if (t.len < 8 || t.len > LEN_MAX || !version_text((struct text){ t.at, 8 }))
        return false;
    for (size_t i = 8; i < t.len; i++)
        if (!digit(t.at[i]) && t.at[i] != '.')
            return false;
    return true;
}

static bool take_status_line(struct http1_head *h, struct text line)
{
    if (line.len < 12 || !version_text((struct text){ line.at, 8 }) || line.at[8] != ' ')
        return false;
    for (int i = 9; i < 12; i++)
        if (!digit(line.at[i]))
            return false;
    h->version = line.at[7] == '0' ? HTTP_1_0 : HTTP_1_1;
    h->status = (line.at[9] - '0') * 100 + (line.at[10] - '0') * 10 + (line.at[11] - '0');
    return h->status >= 100;
}

/* HTTP/0.9: "GET /path" and nothing else. */
static bool simple_request(struct text line)
{
    const struct text begin = TEXT("GET /");

    return line.len >= begin.len && text_starts_with(line, begin) &&
           !memchr(line.at + begin.len, ' ', line.len - begin.len);
}

static bool take_request_line(struct http1_head *h, struct text line)
{
    size_t method_len = 0;

    while (line.len > 0 && blank(line.at[line.len - 1]))
        line.len--;
    while (method_len < line.len && token_character(line.at[method_len]))
        method_len++;
    if (simple_request(line)) {
        h->request = true;
        h->version = HTTP_0_9;
        h->method = (struct text){ line.at, 3 };
        h->target = (struct text){ line.at + 4, line.len - 4 };
        return true;
    }
    const char *last_blank = line.len ? memrchr(line.at, ' ', line.len) : NULL;
    if (method_len == 0 || method_len == line.len || line.at[method_len] != ' ')
        return false;
    const size_t target_end = (size_t)(last_blank - line.at);
    const struct text version = { last_blank + 1, line.len - target_end - 1 };
    h->method = (struct text){ line.at, method_len };
    h->target = trimmed((struct text){ line.at + method_len, target_end - method_len });
    if (!request_version_text(version) || h->target.len == 0)
        return false;
    h->request = true;
    h->version = version.at[7] == '0' ? HTTP_1_0 : HTTP_1_1;
    return true;
}

size_t http1_head_length(struct bytes data, size_t *scanned)
{
    size_t at = *scanned;
    struct text rest = text_of_bytes(data), line;

    if (text_starts_with(rest, TEXT("GET /")) && next_line(&rest, &line) && simple_request(line))
        return data.len - rest.len;
    while (at < data.len) {
        const uint8_t *lf = memchr(data.at + at, '\n', data.len - at);
        if (!lf) {
            at = data.len;
            break;
        }
        const size_t next = (size_t)(lf - data.at) + 1;
        if (next < data.len && data.at[next] == '\n')
            return next + 1;
        if (next + 1 < data.len && data.at[next] == '\r' && data.at[next + 1] == '\n')
            return next + 2;
        if (next + 1 >= data.len) { /* cannot be told yet: come back to this line's end */
            at = next - 1;
            break;
        }
        at = next;
    }
    *scanned = at;
    return 0;
}

enum parse_status http1_head_parse(struct bytes head, struct http1_head *ret)
{
    struct http1_head h = { .host = TEXT_UNKNOWN };
    struct text rest = text_of_bytes(head), line;

    if (!next_line(&rest, &line))
        return PARSE_TRUNCATED;
    if (!take_status_line(&h, line) && !take_request_line(&h, line))
        return PARSE_INVALID;
    if (!h.request || h.version != HTTP_0_9)
        take_fields(&h, rest);
    *ret = h;
    return PARSE_OK;
}

enum http1_look http1_look_at(struct bytes data)
{
    enum { METHOD_MAX = 32, LINE_MAX = 16 * 1024 };
    const struct text t = text_of_bytes(data);
    const struct text protocol = TEXT("HTTP/1.");
    struct text rest = t, line;
    struct http1_head h = { .status = 0 };
    size_t method_len = 0;

    if (t.len == 0)
        return HTTP1_MAYBE;
    if (text_starts_with(t, protocol)) {
        const struct text start = { t.at, t.len < 12 ? t.len : 12 };
        if (start.len == 12)
            return take_status_line(&h, start) ? HTTP1_RESPONSE : HTTP1_NO;
        return HTTP1_MAYBE;
    }
    if (text_starts_with(protocol, t))
        return HTTP1_MAYBE;
    while (method_len < t.len && method_len <= METHOD_MAX && token_character(t.at[method_len]))
        method_len++;
    if (method_len == t.len && method_len <= METHOD_MAX)
        return HTTP1_MAYBE;
    if (method_len == 0 || method_len > METHOD_MAX || t.at[method_len] != ' ')
        return HTTP1_NO;
    if (next_line(&rest, &line))
        return take_request_line(&h, line) ? HTTP1_REQUEST : HTTP1_NO;
    if (t.len > LINE_MAX)
        return HTTP1_NO;
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.at[i] < 0x20 && t.at[i] != '\t' && !(t.at[i] == '\r' && i + 1 == t.len))
            return HTTP1_NO;
    return HTTP1_MAYBE;
}

struct text http1_host_of(struct text authority)
{
    const char *at_sign = authority.len ? memrchr(authority.at, '@', authority.len) : NULL;

    if (!text_known(authority))
        return TEXT_UNKNOWN;
    if (at_sign) { /* user information */
        authority.len -= (size_t)(at_sign + 1 - authority.at);
        authority.at = at_sign + 1;
    }
    if (authority.len > 0 && authority.at[0] == '[') {
        const char *closing = memchr(authority.at, ']', authority.len);
        if (closing)
            return (struct text){ authority.at + 1, (size_t)(closing - authority.at) - 1 };
    }
    const char *colon = authority.len ? memrchr(authority.at, ':', authority.len) : NULL;
    /* An IPv6 address without brackets has several and no port. */
    if (colon && memchr(authority.at, ':', authority.len) == colon) {
        int64_t port;
        const struct text digits = { colon + 1, (size_t)(authority.at + authority.len - colon - 1) };
        if (digits.len == 0 || text_to_int(digits, 0, UINT16_MAX, &port))
            authority.len = (size_t)(colon - authority.at);
    }
    return authority;
}

bool http1_absolute_form(struct text target, struct text *ret_authority, struct text *ret_path)
{
    size_t scheme = 0;

    while (scheme < target.len && ((target.at[scheme] >= 'a' && target.at[scheme] <= 'z') ||
                                   (target.at[scheme] >= 'A' && target.at[scheme] <= 'Z')))
        scheme++;
    const struct text behind = { target.at + scheme, target.len - scheme };
    if (scheme == 0 || !text_starts_with(behind, TEXT("://")))
        return false;
    struct text rest = { behind.at + 3, behind.len - 3 };
    size_t end = 0;
    while (end < rest.len && rest.at[end] != '/' && rest.at[end] != '?')
        end++;
    *ret_authority = (struct text){ rest.at, end };
    *ret_path = end < rest.len ? (struct text){ rest.at + end, rest.len - end } : TEXT("/");
    return true;
}
