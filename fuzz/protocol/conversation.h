#ifndef LEASH_FUZZ_PROTOCOL_CONVERSATION_H
#define LEASH_FUZZ_PROTOCOL_CONVERSATION_H

#include "../../test/protocol/fake_conversation.h"
#include "support.h"

/* Plays an input as one conversation.  It is a list of turns, each
 *   1 byte   bit 0: direction (0 out), bit 1: a gap of the length instead of bytes,
 *            bits 4-7: pieces of 2^n bytes for streams (0: whole)
 *   2 bytes  length, big-endian; the bytes (what is missing at the end is left out)
 * so that pieces, gaps and both directions are in the fuzzer's reach. */
static inline void fuzz_conversation(const struct protocol *p, bool over_tcp, int64_t port, const uint8_t *data,
                                     size_t size)
{
    static struct fake_conversation fake;
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });

    fake_begin(&fake, p, fuzz_sink(size), over_tcp, port);
    fake.c.row.service = text_of(p->service);
    fake.c.protocol = fake.c.expected = p;
    while (c.rest.len > 0) {
        const uint8_t how = cursor_u8(&c);
        const size_t length = cursor_u16be(&c);
        const enum direction d = how & 1 ? DIRECTION_IN : DIRECTION_OUT;
        if (c.failed)
            break;
        if (how & 2) {
            if (over_tcp)
                fake_gap(&fake, d, length);
            continue;
        }
        const struct bytes turn = cursor_take(&c, length < c.rest.len ? length : c.rest.len);
        if (over_tcp)
            fake_stream(&fake, d, turn, how >> 4 ? (size_t)1 << (how >> 4) : 0);
        else
            fake_datagram(&fake, d, turn);
    }
    fake_end(&fake);
    fake_done(&fake);
}

#endif
