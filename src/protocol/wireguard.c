/* WireGuard: Jason A. Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel" (NDSS 2017), section 5.4:
 *   all        type 1 byte, 3 zeros
 *   1          handshake initiation, 148 bytes
 *   2          handshake response, 92 bytes
 *   3          cookie reply, 64 bytes
 *   4          transport: receiver 4 bytes, counter 8 bytes (both little-endian), then 16 n + 16 bytes */
#include "protocol/rows.h"
#include "protocol/seen.h"
#include "protocol/vpn.h"

enum { INITIATION = 1, RESPONSE = 2, COOKIE = 3, TRANSPORT = 4 };
enum { INITIATION_BYTES = 148, RESPONSE_BYTES = 92, COOKIE_BYTES = 64, TRANSPORT_MIN = 32, PORT_WIREGUARD = 51820 };

/* A tunnel met in its middle: the same receiver and a counter that goes on say it.  It keeps the
 * receiver in the upper half, and of the counter, which starts at 0 every two minutes, the lower half. */
static bool goes_on(uint64_t *seen, struct bytes b)
{
    enum { STEP_MAX = 64 };
    struct cursor c = cursor_over(b);

    cursor_skip(&c, 4);
    const uint32_t receiver = cursor_u32le(&c);
    const uint64_t counter = cursor_u64le(&c);
    if (c.failed || counter >> 32 != 0)
        return false;
    const uint32_t then = (uint32_t)*seen, step = (uint32_t)counter - then;
    const bool same = *seen != 0 && *seen >> 32 == receiver && step >= 1 && step <= STEP_MAX;
    *seen = (uint64_t)receiver << 32 | (uint32_t)counter;
    return same;
}

static enum recognition recognise(const struct conversation *c, enum direction d, struct bytes b)
{
    if (b.len < TRANSPORT_MIN || b.at[0] < INITIATION || b.at[0] > TRANSPORT || b.at[1] != 0 || b.at[2] != 0 ||
        b.at[3] != 0)
        return RECOGNISED_NO;
    switch (b.at[0]) {
    case INITIATION:
        return b.len == INITIATION_BYTES ? RECOGNISED_YES : RECOGNISED_NO;
    case RESPONSE:
        return b.len == RESPONSE_BYTES ? RECOGNISED_YES : RECOGNISED_NO;
    case COOKIE:
        return b.len == COOKIE_BYTES && on_port(c, PORT_WIREGUARD) ? RECOGNISED_YES : RECOGNISED_NO;
    default:
        if (b.len % 16 != 0)
            return RECOGNISED_NO;
        return on_port(c, PORT_WIREGUARD) || goes_on(&c->seen[SEEN_TUNNEL + d], b) ? RECOGNISED_YES : RECOGNISED_MAYBE;
    }
}

const struct protocol wireguard_protocol = { .service = "wireguard", .recognise_datagram = recognise };
