#include "report/stix_id.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"

enum { UUID_BYTES = 16, CANONICAL_MAX = 1 << 20 };

/* Section 2.9: of all observable objects. */
static const uint8_t observables[UUID_BYTES] = { 0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2,
                                                 0x33, 0x15, 0xa9, 0xb7 };
/* Of leash's own objects: drawn by lot once. */
static const uint8_t leash[UUID_BYTES] = { 0x5c, 0x0e, 0x3d, 0x0b, 0x52, 0x8b, 0x4d, 0x6f, 0x8a, 0x37, 0x1d, 0x93, 0xe6,
                                           0x4f, 0x0a, 0x21 };

static struct stix_id id_of(const char *type, const uint8_t space[UUID_BYTES], const struct buffer *name)
{
    uint8_t digest[SHA1_BYTES];
    char hex[2 * UUID_BYTES];
    struct buffer all;
    struct stix_id id;

    buffer_init(&all, CANONICAL_MAX + UUID_BYTES);
    buffer_add(&all, space, UUID_BYTES);
    buffer_add(&all, name->at, name->len);
    sha1_of((struct bytes){ .at = all.at, .len = all.len }, digest);
    buffer_done(&all);
    digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x50);
    digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
    hash_hex(digest, UUID_BYTES, hex);
    snprintf(id.text, sizeof id.text, "%s--%.8s-%.4s-%.4s-%.4s-%.12s", type, hex, hex + 8, hex + 12, hex + 16,
             hex + 20);
    return id;
}

struct stix_id stix_observable_id(const char *type, const struct buffer *canonical)
{
    return id_of(type, observables, canonical);
}

struct stix_id stix_object_id(const char *type, struct text head, struct text key)
{
    struct buffer name;

    buffer_init(&name, CANONICAL_MAX);
    buffer_add_text(&name, head);
    buffer_printf(&name, "/%s/", type);
    buffer_add_text(&name, key);
    const struct stix_id id = id_of(type, leash, &name);
    buffer_done(&name);
    return id;
}

void stix_put_canonical(struct buffer *b, struct text t)
{
    static const char shorts[] = "\b\f\n\r\t", letters[] = "bfnrt";

    buffer_add_u8(b, '"');
    for (size_t i = 0; i < t.len; i++) {
        const unsigned char c = (unsigned char)t.at[i];
        const char *as = c ? strchr(shorts, c) : NULL;
        if (as)
            buffer_printf(b, "\\%c", letters[as - shorts]);
        else if (c < 0x20)
            buffer_printf(b, "\\u%04x", c);
        else if (c == '"' || c == '\\')
            buffer_printf(b, "\\%c", c);
        else
            buffer_add_u8(b, c);
    }
    buffer_add_u8(b, '"');
}

struct stix_id stix_value_id(const char *type, struct text value)
{
    struct buffer canonical;

    buffer_init(&canonical, CANONICAL_MAX);
    buffer_printf(&canonical, "{\"value\":");
    stix_put_canonical(&canonical, value);
    buffer_printf(&canonical, "}");
    const struct stix_id id = stix_observable_id(type, &canonical);
    buffer_done(&canonical);
    return id;
}
