#include "packet/ip.h"
#include "support.h"

#include <stdlib.h>

static void check(const struct ip_packet *p, const uint8_t *from, size_t size)
{
    uint64_t sum = 0;

    if (p->payload.len > p->payload_len)
        abort();
    if (from && p->payload.len && (p->payload.at < from || p->payload.at + p->payload.len > from + size))
        abort();
    for (size_t i = 0; i < p->payload.len; i++)
        sum += p->payload.at[i];
    if (sum == UINT64_MAX)
        abort();
}

/* Packets, each behind its length in one byte; fragments are put together. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    struct ip_fragments *fragments = ip_fragments_new();
    uint64_t given = 0, taken = 0;
    struct ip_packet p, whole;
    struct carriage carried;

    while (c.rest.len > 0) {
        const size_t len = cursor_u8(&c);
        struct bytes packet = cursor_take(&c, len < c.rest.len ? len : c.rest.len);
        if (ip_parse(&packet, packet.len, &p) != PARSE_OK)
            continue;
        check(&p, packet.at, packet.len);
        given++;
        const struct carriage part = { .packets = 1, .bytes = len, .at_first_utc_ns = (int64_t)given,
                                       .at_last_utc_ns = (int64_t)given };
        while (ip_fragments_give_up(fragments, (int64_t)given, false, &whole, &carried)) {
            check(&whole, NULL, 0);
            taken += carried.packets;
        }
        if (!p.fragment) {
            taken++;
        } else if (ip_fragments_add(fragments, &p, &part, &whole, &carried)) {
            check(&whole, NULL, 0);
            taken += carried.packets;
        }
    }
    while (ip_fragments_give_up(fragments, 0, true, &whole, &carried)) {
        check(&whole, NULL, 0);
        taken += carried.packets;
    }
    if (given != taken)
        abort(); /* a frame was lost */
    ip_fragments_free(fragments);
    return 0;
}
