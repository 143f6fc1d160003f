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

bool url_next(struct bytes b, size_t *at, struct url_text *ret)
{
    enum { REST_BYTES_MAX = 200 };

    while (*at < b.len) {
        const uint8_t *found = memmem(b.at + *at, b.len - *at, "://", 3);
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
        if (end < b.len && text[end] == '@') { /* user@host */
            const size_t start = end + 1;
            end = start;
            while (end < b.len && host_character(text[end]))
                end++;
            ret->host = (struct text){ .at = text + start, .len = end - start };
        } else {
            ret->host = (struct text){ .at = text + mark + 3, .len = end - mark - 3 };
        }
        while (ret->host.len > 0 && ret->host.at[ret->host.len - 1] == '.')
            ret->host.len--;
        ret->scheme = scheme_before(b, mark);
        ret->address = ipv4(ret->host);
        size_t rest = end;
        while (rest < b.len && rest - end < REST_BYTES_MAX && text[rest] > 0x20 && text[rest] < 0x7f && text[rest] != '"' &&
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
