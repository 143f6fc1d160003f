#include <stdlib.h>
#include <string.h>

#include "broadcast/drip.h"
#include "broadcast/signature.h"
#include "support.h"

/* A registry's key of nobody's, so that DRIP is followed as far as it goes; made-up. */
static const char keys_file[] = "for: 2001:30:fa07:d005:1:2:3:4\n-----BEGIN PUBLIC KEY-----\n"
                                "MCowBQYDK2VwAyEAT9CZzNR9eJPf6ewkQU7LDZtUICMqrTDZHEZb4zy+ZcQ=\n-----END PUBLIC KEY-----\n";

/* The first byte is the type, the second how many messages (25 bytes each) go before the data; the rest is the data.
 * The whole is read as a file of keys, too. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(0);
    struct rid_keys keys, own;
    static struct details details;
    struct signature_result result;
    struct drip drip;
    const char *why = NULL;

    if (!rid_keys_read((struct bytes){ .at = data, .len = size }, arena, &own, &why) && !why)
        abort();
    if (!rid_keys_read((struct bytes){ .at = (const uint8_t *)keys_file, .len = sizeof keys_file - 1 }, arena, &keys,
                       &why))
        abort();
    if (size < 2 || size < 2 + (size_t)(data[1] % 10) * REMOTE_ID_MESSAGE) {
        arena_free(arena);
        return 0;
    }
    const size_t messages = (size_t)(data[1] % 10) * REMOTE_ID_MESSAGE;
    const struct bytes content = { .at = data + 2 + messages,
                                   .len = size - 2 - messages < 255 ? size - 2 - messages : 255 };
    const struct signature_input in = {
        .type = data[0] & 15, .data = content, .messages = { .at = data + 2,
                                                             .len = messages }, .is_pack = data[0] >> 4 & 1,
        .may_be_mixed = data[0] >> 5 & 1, .uas_id = TEXT("1596EXAMPLE00001"), .operator_id = TEXT("FINexample01"),
        .at_utc_ns = INT64_C(1750000000000000000),
    };
    if (drip_parse(content, &drip) == PARSE_OK &&
        (drip.signature.at + drip.signature.len != content.at + content.len || drip.evidence.len > content.len))
        abort();
    uint64_t tries = 0;
    struct verifier *v = verifier_new(&keys, &tries);
    for (int i = 0; i < 2; i++) { /* the second time it knows what a link said */
        verifier_check(v, &in, &result);
        details_init(&details);
        signature_details(&result, &details);
        if (!text_known(details_text(&details)) || (result.verdict == SIGNATURE_GOOD && !result.covers))
            abort();
    }
    verifier_free(v);
    arena_free(arena);
    return 0;
}
