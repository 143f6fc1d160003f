#include "app/host_text.h"

static bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool digit(char c) { return c >= '0' && c <= '9'; }

static bool host_character(char c)
{
    return letter(c) || digit(c) || c == '-' || c == '_' || c == '.';
}

static bool ipv4(struct text t)
{
    int numbers = 1, value = -1;

    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '.') {
            if (value < 0 || ++numbers > 4)
                return false;
            value = -1;
        } else if (digit(t.at[i])) {
            value = (value < 0 ? 0 : value * 10) + (t.at[i] - '0');
            if (value > 255)
                return false;
        } else {
            return false;
        }
    }
    return numbers == 4 && value >= 0;
}

bool host_looks_real(struct text t)
{
    enum { HOST_BYTES_MAX = 253, LABEL_BYTES_MAX = 63 };
    size_t label = 0, dots = 0, last = 0;
    bool last_of_letters = true;

    if (t.len < 4 || t.len > HOST_BYTES_MAX)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] == '.') {
            if (label == 0 || label > LABEL_BYTES_MAX)
                return false;
            dots++;
            label = 0;
            last = i + 1;
            last_of_letters = true;
        } else if (host_character(t.at[i])) {
            label++;
            last_of_letters &= letter(t.at[i]);
        } else {
            return false;
        }
    }
    const struct text top = { .at = t.at + last, .len = t.len - last };
    const bool puny = text_starts_with(top, TEXT("xn--"));
    return dots > 0 && label >= 2 && label <= LABEL_BYTES_MAX && (last_of_letters || puny);
}

/* Backwards from "://" over what a scheme is made of. */
static struct text scheme_before(struct bytes b, size_t mark)
{
    enum { SCHEME_BYTES_MAX = 12 };
    size_t n = 0;

    while (n < SCHEME_BYTES_MAX && n < mark && letter((char)b.at[mark - n - 1]))
        n++;
    return (struct text){ .at = (const char *)b.at + mark - n, .len = n };
}

/* "[2001:db8::1]": the text between the brackets, or none. */
static struct text bracketed(struct bytes b, size_t at)
{
    enum { IPV6_TEXT_MAX = 45 };
    size_t end = at + 1, colons = 0;

    while (end < b.len && end - at <= IPV6_TEXT_MAX &&
           (digit((char)b.at[end]) || strchr("abcdefABCDEF:.", b.at[end]))) {
        if (b.at[end] == 0)
            return TEXT("");
        colons += b.at[end++] == ':';
    }
    if (end >= b.len || b.at[end] != ']' || colons < 2)
        return TEXT("");
    return (struct text){ .at = (const char *)b.at + at + 1, .len = end - at - 1 };
}

static size_t put_text(char *into, size_t room, size_t at, const char *text, size_t len)
{
    const size_t n = len < room - at ? len : room - at;

    memcpy(into + at, text, n);
    return at + n;
}

/* One part of a path: whole, or masked when it is long and has digits and letters, as keys have. */
static size_t put_path_part(char *into, size_t room, size_t at, struct text part)
{
    enum { SHOWN_WHOLE = 20, SHOWN = 6 };
    size_t digits = 0, letters = 0;

    for (size_t i = 0; i < part.len; i++) {
        digits += digit(part.at[i]);
        letters += letter(part.at[i]);
    }
    if (part.len < SHOWN_WHOLE || digits < 4 || letters < 4)
        return put_text(into, room, at, part.at, part.len);
    at = put_text(into, room, at, part.at, SHOWN);
    return put_text(into, room, at, "...", 3);
}

size_t url_shown(const struct url_text *u, char *into, size_t room)
{
    const bool ipv6 = memchr(u->host.at, ':', u->host.len);
    size_t at = put_text(into, room, 0, u->scheme.at, u->scheme.len);

    at = put_text(into, room, at, ipv6 ? "://[" : "://", ipv6 ? 4 : 3);
    at = put_text(into, room, at, u->host.at, u->host.len);
    if (ipv6)
        at = put_text(into, room, at, "]", 1);
    for (size_t i = 0; i < u->rest.len;) {
        size_t end = i;
        while (end < u->rest.len && !strchr("/?#;", u->rest.at[end]))
            end++;
        at = put_path_part(into, room, at, (struct text){ u->rest.at + i, end - i });
        if (end < u->rest.len && u->rest.at[end] != '/')
            return put_text(into, room, at, "?...", 4);
        if (end < u->rest.len)
            at = put_text(into, room, at, "/", 1);
        i = end + 1;
    }
    return at;
}

bool host_is_bare_address(struct text t, struct text *ret_host)
{
    enum { TEXT_MIN = 7, TEXT_MAX = 21, VERSION_NUMBERS_BELOW = 32 };
    const char *colon = t.len >= TEXT_MIN && t.len <= TEXT_MAX && digit(t.at[0]) ? memchr(t.at, ':', t.len) : NULL;
    const struct text host = { .at = t.at, .len = colon ? (size_t)(colon - t.at) : t.len };
    size_t large = 0;
    int value = 0;

    if (t.len < TEXT_MIN || t.len > TEXT_MAX || !digit(t.at[0]) || !ipv4(host) || text_starts_with(host, TEXT("0.")) ||
        text_starts_with(host, TEXT("255.")))
        return false;
    for (size_t i = host.len + 1; i < t.len; i++)
        if (!digit(t.at[i]))
            return false;
    for (size_t i = 0; i <= host.len; i++) {
        large += (i == host.len || host.at[i] == '.') && value >= VERSION_NUMBERS_BELOW;
        value = i < host.len && digit(host.at[i]) ? value * 10 + (host.at[i] - '0') : 0;
    }
    *ret_host = host;
    return (colon && host.len + 1 < t.len) || large >= 2;
}

/* The rest of "user@" or "user:password@" at `at`, which must not be taken for the host; 0: there is none. */
static size_t user_length(struct bytes b, size_t at)
{
    enum { USER_BYTES_MAX = 100 };

    if (at >= b.len || (b.at[at] != '@' && b.at[at] != ':' && b.at[at] != '%'))
        return 0;
    for (size_t n = 0; n < USER_BYTES_MAX && at + n < b.len; n++) {
        const uint8_t c = b.at[at + n];
        if (c == '@')
            return n + 1;
        if (c <= 0x20 || c >= 0x7f || strchr("/?#\"'<>[]\\", c))
            return 0;
    }
    return 0;
}

/* Where "://" stands next, or NULL.  Colons are rare enough in code and data for memchr to be several times as fast as
 * memmem. */
static const uint8_t *next_mark(struct bytes b, size_t at)
{
    while (b.len - at >= 3) {
        const uint8_t *colon = memchr(b.at + at, ':', b.len - at - 2);
        if (!colon || (colon[1] == '/' && colon[2] == '/'))
            return colon;
        at = (size_t)(colon - b.at) + 1;
    }
    return NULL;
}

bool url_next(struct bytes b, size_t *at, struct url_text *ret)
{
    enum { REST_BYTES_MAX = 200 };

    while (*at < b.len) {
        const uint8_t *found = next_mark(b, *at);
        if (!found) {
            *at = b.len;
            return false;
        }
        const size_t mark = (size_t)(found - b.at);
        const char *text = (const char *)b.at;
        size_t end = mark + 3;
        *at = end;
        while (end < b.len && host_character(text[end]))
            end++;
        const size_t user = user_length(b, end);
        if (user > 0) {
            const size_t start = end + user;
            end = start;
            while (end < b.len && host_character(text[end]))
                end++;
            ret->host = (struct text){ .at = text + start, .len = end - start };
        } else {
            ret->host = (struct text){ .at = text + mark + 3, .len = end - mark - 3 };
        }
        const bool brackets = ret->host.len == 0 && end < b.len && text[end] == '[';
        if (brackets) {
            ret->host = bracketed(b, end);
            end += ret->host.len ? ret->host.len + 2 : 0;
        }
        while (ret->host.len > 0 && ret->host.at[ret->host.len - 1] == '.')
            ret->host.len--;
        ret->scheme = scheme_before(b, mark);
        ret->address = (brackets && ret->host.len > 0) || ipv4(ret->host);
        size_t rest = end;
        while (rest < b.len && rest - end < REST_BYTES_MAX && text[rest] > 0x20 && text[rest] < 0x7f &&
               text[rest] != '"' &&
               text[rest] != '\'' && text[rest] != '<' && text[rest] != '>' && text[rest] != ')')
            rest++;
        ret->rest = (struct text){ .at = text + end, .len = rest - end };
        *at = end;
        if (ret->scheme.len > 1 && (ret->address || host_looks_real(ret->host)))
            return true;
    }
    return false;
}

bool host_is_name_only(struct text host)
{
    static const char *const names[] = {
        "schemas.android.com", "www.w3.org", "schemas.microsoft.com", "schemas.xmlsoap.org", "xmlpull.org", "xml.org", "www.xml.org",
        "xml.apache.org", "java.sun.com", "ns.adobe.com", "purl.org", "example.com", "www.example.com", "example.org", "localhost.localdomain",
        "xmlns.com", "www.opengis.net", "openoffice.org", "www.slf4j.org", "publicsuffix.org",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_equal_ignoring_case(host, text_of(names[i])))
            return true;
    return false;
}
