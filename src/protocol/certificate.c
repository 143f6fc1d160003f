#include "protocol/certificate.h"

#include <arpa/inet.h>

#include "base/hash.h"
#include "base/timestamp.h"
#include "fact/fact.h"
#include "protocol/certificate_name.h"

enum {
    NAMES_MAX = 4096,      /* of the alternative names become text; the largest that are issued have 2,000 */
    SERIAL_MAX = 64,       /* bytes; RFC 5280, 4.1.2.2 allows 20 */
};

static const char oid_common_name[] = "\x55\x04\x03";
static const char oid_subject_alt_name[] = "\x55\x1d\x11";

static bool host_like(struct text t)
{
    bool dot = false;

    for (size_t i = 0; i < t.len; i++) {
        const char b = t.at[i];
        dot |= b == '.';
        if (!((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '_' ||
              b == '.' || (b == '*' && i == 0)))
            return false;
    }
    return dot && t.len > 3;
}

static struct text common_name(struct cursor name)
{
    struct text found = TEXT_UNKNOWN;
    struct cursor set, attribute;
    struct bytes oid, value;

    while (name.rest.len > 0 && der_enter(&name, DER_SET, &set))
        if (der_enter(&set, DER_SEQUENCE, &attribute) && der_next(&attribute, &oid) == DER_OID &&
            bytes_equal(oid, oid_common_name, 3) && der_next(&attribute, &value) != 0 &&
                host_like(text_of_bytes(value)))
            found = text_of_bytes(value);
    return found;
}

/* RFC 5280, 4.1.2.5: "YYMMDDHHMMSSZ", of the years 1950 to 2049, or "YYYYMMDDHHMMSSZ".  9999-12-31 stands for "never"
 * and lies beyond what a time here can hold: unknown as well. */
static int64_t time_of(uint8_t tag, struct bytes content)
{
    enum { PAIRS = 7 };
    const size_t year_digits = tag == DER_GENERALIZED_TIME ? 4 : 2;
    int pairs[PAIRS] = { 0 };
    int64_t utc_ns;

    if ((tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME) || content.len != year_digits + 11 ||
        content.at[content.len - 1] != 'Z')
        return FACT_UNKNOWN_INT;
    for (size_t i = 0; i + 1 < content.len; i++) {
        if (content.at[i] < '0' || content.at[i] > '9')
            return FACT_UNKNOWN_INT;
        pairs[i / 2] = pairs[i / 2] * 10 + (content.at[i] - '0');
    }
    const int *rest = pairs + year_digits / 2;
    const int year = year_digits == 4 ? pairs[0] * 100 + pairs[1] : pairs[0] < 50 ? 2000 + pairs[0] : 1900 + pairs[0];
    return timestamp_from_civil(year, rest[0], rest[1], rest[2], rest[3], rest[4], &utc_ns) ? utc_ns : FACT_UNKNOWN_INT;
}

static void take_validity(struct bytes validity, struct certificate *ret)
{
    struct cursor c = cursor_over(validity);
    struct bytes content;
    uint8_t tag = der_next(&c, &content);

    ret->not_before_utc_ns = time_of(tag, content);
    tag = der_next(&c, &content);
    ret->not_after_utc_ns = time_of(tag, content);
}

/* One alternative name as text; unknown for those that are neither text nor an address. */
static struct text general_name(uint8_t tag, struct bytes content, struct arena *arena)
{
    enum { MAIL = 0x81, DNS = 0x82, URI = 0x86, ADDRESS = 0x87 };
    char text[INET6_ADDRSTRLEN];

    if (tag == MAIL || tag == DNS || tag == URI)
        return text_of_bytes(content);
    if (tag != ADDRESS || (content.len != 4 && content.len != 16) ||
        !inet_ntop(content.len == 4 ? AF_INET : AF_INET6, content.at, text, sizeof text))
        return TEXT_UNKNOWN;
    return arena_text(arena, text_of(text));
}

/* RFC 5280, 4.2.1.6 */
static void take_alt_names(struct cursor names, struct arena *arena, struct certificate *ret)
{
    enum { DNS = 0x82 };
    struct text list[NAMES_MAX];
    struct bytes content;
    size_t count = 0;
    bool wildcard = true;

    while (names.rest.len > 0) {
        const uint8_t tag = der_next(&names, &content);
        const struct text name = general_name(tag, content, arena);
        if (count < NAMES_MAX && name.len > 0)
            list[count++] = name;
        if (tag == DNS && host_like(name) && wildcard && (name.at[0] != '*' || !text_known(ret->host))) {
            ret->host = name;
            wildcard = name.at[0] == '*';
        }
    }
    ret->names = arena_text_list(arena, (struct text_list){ count ? list : NULL, count });
}

static void take_extensions(struct cursor extensions, struct arena *arena, struct certificate *ret)
{
    struct cursor extension, names;
    struct bytes oid, content;

    while (extensions.rest.len > 0 && der_enter(&extensions, DER_SEQUENCE, &extension)) {
        if (der_next(&extension, &oid) != DER_OID || !bytes_equal(oid, oid_subject_alt_name, 3))
            continue;
        uint8_t tag = der_next(&extension, &content);
        if (tag == DER_BOOLEAN) /* critical */
            tag = der_next(&extension, &content);
        struct cursor value = cursor_over(content);
        if (tag != DER_OCTET_STRING || !der_enter(&value, DER_SEQUENCE, &names))
            continue;
        take_alt_names(names, arena, ret);
        return;
    }
}

static struct text serial_text(struct bytes serial, struct arena *arena)
{
    char hex[2 * SERIAL_MAX];

    if (serial.len == 0 || serial.len > SERIAL_MAX)
        return TEXT_UNKNOWN;
    hash_hex(serial.at, serial.len, hex);
    return arena_text(arena, (struct text){ hex, 2 * serial.len });
}

enum parse_status certificate_parse(struct bytes der, struct arena *arena, struct certificate *ret)
{
    struct cursor c = cursor_over(der), certificate = { .failed = false }, body, issuer, subject, optional, extensions;
    struct certificate found = { .host = TEXT_UNKNOWN, .names = { NULL, 0 } };
    struct bytes content, serial, validity;

    if (!der_enter(&c, DER_SEQUENCE, &certificate) || !der_enter(&certificate, DER_SEQUENCE, &body))
        return c.failed || certificate.failed ? PARSE_TRUNCATED : PARSE_INVALID;
    found.whole = bytes_part(der, 0, der.len - c.rest.len);
    uint8_t tag = der_next(&body, &serial);
    if (tag == DER_CONTEXT_0) /* version */
        tag = der_next(&body, &serial);
    if (tag != DER_INTEGER || der_next(&body, &content) != DER_SEQUENCE || /* algorithm */
        !der_enter(&body, DER_SEQUENCE, &issuer) || der_next(&body, &validity) != DER_SEQUENCE ||
        !der_enter(&body, DER_SEQUENCE, &subject))
        return body.failed ? PARSE_TRUNCATED : PARSE_INVALID;

    found.issuer = certificate_name_text(issuer, arena);
    found.subject = certificate_name_text(subject, arena);
    found.serial = serial_text(serial, arena);
    take_validity(validity, &found);
    (void)der_next(&body, &content); /* public key */
    while (body.rest.len > 0 && !text_known(found.host)) {
        tag = der_next(&body, &content);
        optional = cursor_over(content);
        if (tag == DER_CONTEXT_3 && der_enter(&optional, DER_SEQUENCE, &extensions))
            take_extensions(extensions, arena, &found);
    }
    if (!text_known(found.host))
        found.host = common_name(subject);
    found.host = arena_text(arena, found.host);
    *ret = found;
    return PARSE_OK;
}
