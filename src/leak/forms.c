#include "leak/forms.h"

#include <string.h>

enum { VARIANTS_MAX = 16, VARIANT_BYTES_MAX = 128, BARE_MAX = 64, MAC_DIGITS = 12, MAC_BYTES = 6 };

struct maker {
    void (*each)(void *user, const struct form *form);
    void *user;
};

/* The spellings of one value that a program may store or hash. */
struct variants {
    struct {
        uint8_t bytes[VARIANT_BYTES_MAX];
        size_t len;
    } list[VARIANTS_MAX];
    size_t count;
};

static void give(struct maker *m, const char *name, const uint8_t *at, size_t len, bool ignore_case, bool digest)
{
    struct form form = { .name = name, .ignore_case = ignore_case, .digest = digest };

    form.len = len < FORM_BYTES_MAX ? len : FORM_BYTES_MAX;
    memcpy(form.bytes, at, form.len);
    m->each(m->user, &form);
}

static void give_utf16(struct maker *m, struct text value)
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
    give(m, "UTF-16", out, len - 1, true, false);
}

/* What base64 makes of bytes that begin `phase` bytes behind the start of a group of three,
 * without the characters that depend on neighbours (RFC 4648, sections 4 and 5), in both
 * alphabets. */
static void give_base64_at(struct maker *m, const char *name, const uint8_t *at, size_t n, size_t phase, bool to_end,
                           bool digest)
{
    static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { USEFUL_MIN = 10 };
    uint8_t out[FORM_BYTES_MAX], other[FORM_BYTES_MAX];
    size_t len = 0;
    bool differ = false;

    /* Sextets that lie wholly inside; to the end also the one that zeros fill up. */
    for (size_t sextet = (phase * 8 + 5) / 6; sextet * 6 + (to_end ? 0 : 6) <= (phase + n) * 8 - to_end &&
         len < sizeof out; sextet++) {
        const size_t bit = sextet * 6 - phase * 8, byte = bit / 8;
        const unsigned pair = (unsigned)at[byte] << 8 | (byte + 1 < n ? (unsigned)at[byte + 1] : 0);
        const char c = standard[pair >> (10 - bit % 8) & 63];
        out[len] = (uint8_t)c;
        other[len] = (uint8_t)(c == '+' ? '-' : c == '/' ? '_' : c);
        differ |= c == '+' || c == '/';
        len++;
    }
    if (len < USEFUL_MIN)
        return;
    give(m, name, out, len, false, digest);
    if (differ)
        give(m, name, other, len, false, digest);
}

static void give_hex(struct maker *m, const char *name, const uint8_t *at, size_t len, bool digest)
{
    char out[FORM_BYTES_MAX];

    if (len > sizeof out / 2)
        len = sizeof out / 2;
    hash_hex(at, len, out);
    give(m, name, (const uint8_t *)out, 2 * len, true, digest);
}

/* Hex of either case, base64, raw. */
static void give_digest(struct maker *m, const char *name, const uint8_t *digest, size_t len)
{
    give_hex(m, name, digest, len, true);
    give(m, name, digest, len, false, true);
    give_base64_at(m, name, digest, len, 0, true, true);
}

/* An MD5 with dashes, and what UUID.nameUUIDFromBytes makes of it in apps: version 3 (RFC 9562, 5.3), no namespace. */
static void give_uuids(struct maker *m, const uint8_t digest[MD5_BYTES])
{
    enum { UUID_TEXT = 36, GROUPS = 5 };
    static const uint8_t group_bytes[GROUPS] = { 4, 2, 2, 2, 6 };
    uint8_t bytes[MD5_BYTES];

    memcpy(bytes, digest, sizeof bytes);
    for (int version = 0; version < 2; version++) {
        char text[UUID_TEXT + 1], *to = text;
        const uint8_t *from = bytes;
        for (size_t i = 0; i < GROUPS; from += group_bytes[i++]) {
            hash_hex(from, group_bytes[i], to);
            to += 2 * group_bytes[i];
            *to++ = '-';
        }
        give(m, "MD5 UUID", (const uint8_t *)text, UUID_TEXT, true, true);
        bytes[6] = (bytes[6] & 0x0f) | 0x30;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
    }
}

static void give_digests(struct maker *m, const uint8_t *at, size_t len)
{
    const struct bytes value = { .at = at, .len = len };
    uint8_t digest[SHA256_BYTES];

    md5_of(value, digest);
    give_digest(m, "MD5", digest, MD5_BYTES);
    give_uuids(m, digest);
    sha1_of(value, digest);
    give_digest(m, "SHA-1", digest, SHA1_BYTES);
    sha256_of(value, digest);
    give_digest(m, "SHA-256", digest, SHA256_BYTES);
}

static void add_variant(struct variants *v, const uint8_t *at, size_t len)
{
    if (len == 0 || len > VARIANT_BYTES_MAX || v->count == VARIANTS_MAX)
        return;
    for (size_t i = 0; i < v->count; i++)
        if (v->list[i].len == len && memcmp(v->list[i].bytes, at, len) == 0)
            return;
    memcpy(v->list[v->count].bytes, at, len);
    v->list[v->count++].len = len;
}

/* As it is, and in lower and upper case. */
static void add_cases(struct variants *v, const uint8_t *at, size_t len)
{
    uint8_t changed[VARIANT_BYTES_MAX];

    if (len > sizeof changed)
        return;
    add_variant(v, at, len);
    for (int upper = 0; upper < 2; upper++) {
        for (size_t i = 0; i < len; i++) {
            const uint8_t c = at[i];
            changed[i] = (uint8_t)(upper ? (c >= 'a' && c <= 'z' ? c - 32 : c) : (c >= 'A' && c <= 'Z' ? c + 32 : c));
        }
        add_variant(v, changed, len);
    }
}

static bool is_separator(char c)
{
    return c == ':' || c == '-' || c == ' ' || c == '.' || c == '(' || c == ')' || c == '/';
}

static bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static bool is_hex(uint8_t c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

/* Letters and digits alone, of values that are nothing else but for separators: addresses,
 * UUIDs, serial and phone numbers.  0: it has no separators, or other characters. */
static size_t without_separators(struct text value, uint8_t into[BARE_MAX])
{
    size_t len = 0, separators = 0, digits = 0;

    for (size_t i = 0; i < value.len; i++) {
        const uint8_t c = (uint8_t)value.at[i];
        if (is_separator(value.at[i])) {
            separators++;
            continue;
        }
        if (c == '+' && i == 0)
            continue;
        if (len == BARE_MAX || !(is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')))
            return 0;
        digits += is_digit(c);
        into[len++] = c;
    }
    /* Words with blanks between are a name, not a number. */
    return separators && digits * 3 >= len ? len : 0;
}

static void add_mac(struct variants *v, const uint8_t digits[MAC_DIGITS], char separator, size_t every)
{
    uint8_t out[MAC_DIGITS * 3 / 2];
    size_t len = 0;

    for (size_t i = 0; i < MAC_DIGITS; i++) {
        if (i && i % every == 0)
            out[len++] = (uint8_t)separator;
        out[len++] = digits[i];
    }
    add_cases(v, out, len);
}

static bool all_hex(const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is_hex(at[i]))
            return false;
    return true;
}

static bool has_letter(const uint8_t *at, size_t len)
{
    size_t digits = 0;

    for (size_t i = 0; i < len; i++)
        digits += is_digit(at[i]);
    return digits < len;
}

/* The bytes that hex digits mean, as packets carry addresses; those of addresses also the
 * other way round, as Bluetooth has them. */
static void give_bytes(struct maker *m, const uint8_t *digits, size_t len)
{
    uint8_t bytes[BARE_MAX / 2], reversed[BARE_MAX / 2];
    const size_t n = len / 2;

    for (size_t i = 0; i < n; i++) {
        unsigned value = 0;
        for (size_t k = 0; k < 2; k++) {
            const uint8_t c = digits[2 * i + k];
            value = value << 4 | (unsigned)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        bytes[i] = (uint8_t)value;
        reversed[n - 1 - i] = (uint8_t)value;
    }
    give(m, "bytes", bytes, n, false, false);
    if (n == MAC_BYTES)
        give(m, "bytes reversed", reversed, n, false, false);
}

static void variants_of(struct text value, const uint8_t *bare, size_t bare_len, struct variants *v)
{
    add_cases(v, (const uint8_t *)value.at, value.len);
    if (bare_len)
        add_cases(v, bare, bare_len);
    if (bare_len == MAC_DIGITS && all_hex(bare, bare_len)) {
        add_mac(v, bare, ':', 2);
        add_mac(v, bare, '-', 2);
        add_mac(v, bare, '.', 4);
    }
}

/* Spellings differ in case, which text ignores: those that differ besides. */
static void give_spellings(struct maker *m, const struct variants *v, size_t from)
{
    for (size_t i = from; i < v->count; i++) {
        bool known = false;
        for (size_t k = 0; k < i && !known; k++)
            known = text_equal_ignoring_case((struct text){ (const char *)v->list[k].bytes, v->list[k].len },
                                             (struct text){ (const char *)v->list[i].bytes, v->list[i].len });
        if (!known)
            give(m, "text", v->list[i].bytes, v->list[i].len, true, false);
    }
}

static void give_plus_for_blank(struct maker *m, struct text value)
{
    uint8_t out[FORM_BYTES_MAX];
    bool blank = false;
    const size_t n = value.len < sizeof out ? value.len : sizeof out;

    for (size_t i = 0; i < n; i++) {
        out[i] = value.at[i] == ' ' ? '+' : (uint8_t)value.at[i];
        blank |= value.at[i] == ' ';
    }
    if (blank) /* as HTML forms do it; the rest of their encoding is undone where it is found */
        give(m, "text", out, n, true, false);
}

void forms_of(const struct secret_literal *literal, enum forms_wanted wanted,
              void (*each)(void *user, const struct form *form), void *user)
{
    const struct text value = literal->value;
    const uint8_t *at = (const uint8_t *)value.at;
    const bool typed = literal->kind == SECRET_TEXT;
    struct maker m = { .each = each, .user = user };
    struct variants variants = { .count = 0 };
    uint8_t bare[BARE_MAX];

    if (value.len == 0)
        return;
    const size_t bare_len = without_separators(value, bare);
    give(&m, "text", at, value.len, true, false); /* names of hosts, as others, are written in either case */
    give_plus_for_blank(&m, value);
    if (!typed || bare_len >= 8) {
        variants_of(value, bare, bare_len, &variants);
        give_spellings(&m, &variants, 1);
    }
    if (wanted == FORMS_TEXT)
        return;
    give_utf16(&m, value);
    for (size_t phase = 0; phase < 3; phase++)
        give_base64_at(&m, "base64", at, value.len, phase, false, false);
    give_hex(&m, "hex", at, value.len, false);
    const uint8_t *digits = bare_len ? bare : at;
    const size_t digit_count = bare_len ? bare_len : value.len;
    if (digit_count % 2 == 0 && digit_count >= MAC_DIGITS && digit_count <= BARE_MAX && all_hex(digits, digit_count) &&
        (digit_count == MAC_DIGITS ? bare_len || has_letter(digits, digit_count) : digit_count >= 16))
        give_bytes(&m, digits, digit_count);
    if (typed)
        add_cases(&variants, at, value.len);
    for (size_t i = 0; i < variants.count; i++)
        give_digests(&m, variants.list[i].bytes, variants.list[i].len);
}
