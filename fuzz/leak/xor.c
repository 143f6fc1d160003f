/* The search for a key, in the parts that the first byte says, against a fixed index: what it finds is a key, and the
 * same each time. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "fact/fact.h"
#include "leak/index.h"
#include "leak/text_scan.h"

static const struct xor_index *fixed_index(void)
{
    static const struct geo_box sea = { .west = -30.2501, .east = -30.2427, .south = 42.4799, .north = 42.4861 };
    static struct index_track flown;
    static struct xor_index *index;
    struct track_point points[64];

    if (index)
        return index;
    struct secrets *s = secrets_new();
    secrets_add_literal(s, TEXT("device-1"), SECRET_SERIAL, TEXT("serial number"), TEXT("1ZNBX9K00C00Q7"));
    secrets_add_text(s, TEXT("mail"), TEXT("pilot one@unit.example"));
    for (int i = 0; i < 64; i++)
        points[i] = (struct track_point){ sea.west + 0.001 + 0.00008 * i, sea.south + 0.001 + (i % 16 < 8 ? 0 : 0.0005),
                                          FACT_UNKNOWN_INT };
    track_init(&flown.track, points, sizeof points / sizeof *points, true);
    const struct position_index *positions = position_index_new(&sea, 1);
    index = xor_index_new(s, positions, text_index_new(positions, &sea, 1), &flown, 1);
    return index;
}

static void add_part(struct xor_sample *s, struct bytes part)
{
    if (s->part_count == XOR_PARTS_MAX || part.len == 0 || part.len > XOR_HEAD_BYTES ||
        part.len > (size_t)XOR_SAMPLE_BYTES - s->len)
        return;
    s->parts[s->part_count++] = (struct xor_part){ s->len, (uint16_t)part.len, xor_plain_head(part.at, part.len) };
    memcpy(s->bytes + s->len, part.at, part.len);
    s->len = (uint16_t)(s->len + part.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct xor_sample sample = { 0 };
    struct xor_key key = { 0 }, again = { 0 };

    if (size < 2)
        return 0;
    const size_t parts = 1 + data[0] % XOR_PARTS_MAX;
    struct bytes rest = { .at = data + 1, .len = size - 1 };
    const size_t each = 1 + rest.len / parts;
    while (rest.len > 0) {
        const size_t n = rest.len < each ? rest.len : each;
        add_part(&sample, (struct bytes){ .at = rest.at, .len = n });
        rest = bytes_part(rest, n, UINT64_MAX);
    }
    (void)xor_is_plain(data + 1, size - 1 < XOR_LOOK_BYTES ? size - 1 : XOR_LOOK_BYTES);
    if (sample.len < XOR_LEAST_BYTES)
        return 0;
    size_t searches = SIZE_MAX, as_many = SIZE_MAX;
    const bool found = xor_find_key(fixed_index(), &sample, &searches, &key);
    if (found != xor_find_key(fixed_index(), &sample, &as_many, &again) || searches != as_many || memcmp(key.bytes, again.bytes, sizeof key.bytes) != 0)
        abort();
    if (found ? key.len < 1 || key.len > XOR_KEY_MAX : key.len != 0)
        abort();
    return 0;
}
