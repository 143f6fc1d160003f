#include "leak/forms.h"

#include <string.h>

struct maker {
    void (*each)(void *user, const struct form *form);
    void *user;
};

static void give(struct maker *m, const char *name, const uint8_t *at, size_t len, bool ignore_case, bool digest)
{
    struct form form = { .name = name, .ignore_case = ignore_case, .digest = digest };

    form.len = len < FORM_BYTES_MAX ? len : FORM_BYTES_MAX;
    memcpy(form.bytes, at, form.len);
    m->each(m->user, &form);
}

static bool unreserved(unsigned char c) /* RFC 3986, section 2.3 */
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

static void give_percent_encoded(struct maker *m, struct text value, bool plus_for_blank, bool ignore_case)
{
    static const char digits[16] = "0123456789ABCDEF";
    uint8_t out[FORM_BYTES_MAX];
    size_t len = 0;
    bool blank = false, changed = false;

    for (size_t i = 0; i < value.len && len + 3 <= sizeof out; i++) {
        const unsigned char c = (unsigned char)value.at[i];
        blank |= c == ' ';
        if (unreserved(c)) {
            out[len++] = c;
        } else if (c == ' ' && plus_for_blank) {
            out[len++] = '+';
        } else {
            out[len++] = '%';
            out[len++] = (uint8_t)digits[c >> 4];
            out[len++] = (uint8_t)digits[c & 15];
            changed = true;
        }
    }
    if (plus_for_blank ? blank : changed)
        give(m, "percent-encoded", out, len, ignore_case, false);
}

static void give_utf16(struct maker *m, struct text value, bool ignore_case)
{
    uint8_t out[FORM_BYTES_MAX];
    size_t len = 0;

    for (size_t i = 0; i < value.len && len + 2 <= sizeof out; i++) {
        if ((unsigned char)value.at[i] >= 0x80)
            return;
        out[len++] = (uint8_t)value.at[i];
        out[len++] = 0;
    }
    /* Without the last zero it is found in either byte order. */
    give(m, "UTF-16", out, len - 1, ignore_case, false);
}

/* What base64 makes of the value wherever it begins in a group of three, without the
 * characters that depend on its neighbours (RFC 4648, sections 4 and 5). */
static void give_base64(struct maker *m, struct text value)
{
    static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { USEFUL_MIN = 10 };

    for (size_t phase = 0; phase < 3; phase++) {
        uint8_t out[FORM_BYTES_MAX], other[FORM_BYTES_MAX];
        size_t len = 0;
        bool differ = false;
        /* Sextets that lie wholly inside the value. */
        for (size_t sextet = (phase * 8 + 5) / 6; (sextet + 1) * 6 <= (phase + value.len) * 8 && len < sizeof out; sextet++) {
            const size_t bit = sextet * 6 - phase * 8, byte = bit / 8;
            const unsigned pair = (unsigned)(unsigned char)value.at[byte] << 8 |
                (byte + 1 < value.len ? (unsigned)(unsigned char)value.at[byte + 1] : 0);
            const char c = standard[pair >> (10 - bit % 8) & 63];
            out[len] = (uint8_t)c;
            other[len] = (uint8_t)(c == '+' ? '-' : c == '/' ? '_' : c);
            differ |= c == '+' || c == '/';
            len++;
        }
        if (len < USEFUL_MIN)
            continue;
        give(m, "base64", out, len, false, false);
        if (differ)
            give(m, "base64", other, len, false, false);
    }
}

static void give_hex(struct maker *m, const char *name, const uint8_t *at, size_t len, bool digest)
{
    char out[FORM_BYTES_MAX];

    if (len > sizeof out / 2)
        len = sizeof out / 2;
    hash_hex(at, len, out);
    give(m, name, (const uint8_t *)out, 2 * len, true, digest);
}

static void give_digests(struct maker *m, const uint8_t *at, size_t len)
{
    const struct bytes value = { .at = at, .len = len };
    uint8_t digest[SHA256_BYTES];

    md5_of(value, digest);
    give_hex(m, "MD5", digest, MD5_BYTES, true);
    give(m, "MD5", digest, MD5_BYTES, false, true);
    sha1_of(value, digest);
    give_hex(m, "SHA-1", digest, SHA1_BYTES, true);
    give(m, "SHA-1", digest, SHA1_BYTES, false, true);
    sha256_of(value, digest);
    give_hex(m, "SHA-256", digest, SHA256_BYTES, true);
    give(m, "SHA-256", digest, SHA256_BYTES, false, true);
}

/* Digests of the value as it is and in the two cases in which programs write it. */
static void give_disguises(struct maker *m, struct text value)
{
    uint8_t changed[256];

    give_digests(m, (const uint8_t *)value.at, value.len);
    if (value.len > sizeof changed)
        return;
    for (int upper = 0; upper < 2; upper++) {
        for (size_t i = 0; i < value.len; i++) {
            const char c = value.at[i];
            changed[i] = (uint8_t)(upper ? (c >= 'a' && c <= 'z' ? c - 32 : c) : (c >= 'A' && c <= 'Z' ? c + 32 : c));
        }
        if (memcmp(changed, value.at, value.len) != 0)
            give_digests(m, changed, value.len);
    }
}

/* Hardware addresses and UUIDs are written with and without their separators. */
static size_t without_separators(struct text value, uint8_t into[64])
{
    size_t len = 0, separators = 0;

    for (size_t i = 0; i < value.len; i++) {
        const char c = value.at[i];
        if (c == ':' || c == '-') {
            separators++;
            continue;
        }
        if (len == 64 || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
            return 0;
        into[len++] = (uint8_t)c;
    }
    return separators ? len : 0;
}

static void give_mac(struct maker *m, const uint8_t digits[12], char separator)
{
    uint8_t out[17];

    for (size_t i = 0; i < 6; i++) {
        out[i * 3] = digits[i * 2];
        out[i * 3 + 1] = digits[i * 2 + 1];
        if (i < 5)
            out[i * 3 + 2] = (uint8_t)separator;
    }
    give(m, "text", out, sizeof out, true, false);
}

void forms_of(const struct secret_literal *literal, void (*each)(void *user, const struct form *form), void *user)
{
    const struct text value = literal->value;
    const uint8_t *at = (const uint8_t *)value.at;
    /* What the operator typed is meant as typed; identifiers are written in either case. */
    const bool ignore_case = literal->kind != SECRET_TEXT;
    struct maker m = { .each = each, .user = user };
    uint8_t bare[64];

    if (value.len == 0)
        return;
    give(&m, "text", at, value.len, ignore_case, false);
    give_percent_encoded(&m, value, false, ignore_case);
    give_percent_encoded(&m, value, true, ignore_case);
    give_utf16(&m, value, ignore_case);
    give_base64(&m, value);
    give_hex(&m, "hex", at, value.len, false);
    if (literal->kind != SECRET_TEXT)
        give_disguises(&m, value);
    const size_t bare_len = without_separators(value, bare);
    if (bare_len >= 8) {
        give(&m, "text", bare, bare_len, true, false);
        if (bare_len == 12)
            give_mac(&m, bare, value.at[2] == ':' ? '-' : ':');
    }
}
