/* OpenVPN: doc/doxygen/doc_protocol_overview.h and src/openvpn/ssl_pkt.h of OpenVPN/openvpn.
 *   opcode 5 bits, key id 3 bits; over TCP a length of 2 bytes in front
 *   control packets (all opcodes but 6 and 9): session id 8 bytes, then
 *     none:      number of acknowledged packets 1 byte, packet id 4 bytes
 *     tls-auth:  HMAC, packet id 4 bytes, time 4 bytes, then the same
 *     tls-crypt: packet id 4 bytes, time 4 bytes, HMAC 32 bytes, then the same, encrypted */
#include "protocol/rows.h"
#include "protocol/seen.h"
#include "protocol/vpn.h"

enum opcode { CONTROL_V1 = 4, ACK_V1 = 5, DATA_V1 = 6, RESET_CLIENT_V2 = 7, RESET_SERVER_V2 = 8, DATA_V2 = 9,
              RESET_CLIENT_V3 = 10, CONTROL_WKC_V1 = 11 };
enum { PORT_OPENVPN = 1194, CONTROL_MIN = 14, RESET_MAX = 1400, TLS_CRYPT_MIN = 54, SESSION_BYTES = 8 };

static bool zeros(const uint8_t *at, size_t n)
{
    uint8_t any = 0;

    for (size_t i = 0; i < n; i++)
        any |= at[i];
    return any == 0;
}

/* The first packet of a client: nothing acknowledged yet and packet 0, at the end or behind tls-crypt's
 * first packet id. */
static bool is_client_reset(struct bytes b)
{
    if (b.len < CONTROL_MIN || b.len > RESET_MAX || zeros(b.at + 1, SESSION_BYTES))
        return false;
    const uint8_t opcode = b.at[0] >> 3;
    if ((b.at[0] & 7) != 0 || (opcode != RESET_CLIENT_V2 && opcode != RESET_CLIENT_V3))
        return false;
    if (opcode == RESET_CLIENT_V2 && (b.len == CONTROL_MIN || b.len >= CONTROL_MIN + 16 + 8) &&
        zeros(b.at + b.len - 5, 5))
        return true;
    const uint8_t *id = b.at + 1 + SESSION_BYTES;
    return b.len >= TLS_CRYPT_MIN && (id[0] == 0 || id[0] == 0x0f) && zeros(id + 1, 2) && id[3] == 1;
}

static bool is_control(uint8_t opcode)
{
    return opcode == CONTROL_V1 || opcode == ACK_V1 || opcode == RESET_CLIENT_V2 || opcode == RESET_SERVER_V2 ||
           opcode == RESET_CLIENT_V3 || opcode == CONTROL_WKC_V1;
}

static uint64_t session_of(struct bytes b)
{
    struct cursor c = cursor_over(b);

    cursor_skip(&c, 1);
    return cursor_u64be(&c);
}

/* Control packets met without their first: each end keeps its own session id, and says so in each. */
static bool same_session(const struct conversation *c, enum direction d, struct bytes b)
{
    uint64_t *mine = &c->seen[SEEN_TUNNEL + d];
    const uint64_t session = session_of(b), other = c->seen[SEEN_TUNNEL + !d];
    const bool again = *mine == session && session != 0;

    *mine = session;
    return again && other != 0 && other != session;
}

static enum recognition recognise_datagram(const struct conversation *c, enum direction d, struct bytes b)
{
    if (b.len < CONTROL_MIN)
        return RECOGNISED_NO;
    if (is_client_reset(b))
        return RECOGNISED_YES;
    const uint8_t opcode = b.at[0] >> 3;
    if (on_port(c, PORT_OPENVPN) && (opcode == DATA_V2 || opcode == DATA_V1 || is_control(opcode)))
        return RECOGNISED_YES;
    if (!is_control(opcode) || (b.at[0] & 7) != 0)
        return RECOGNISED_NO;
    return same_session(c, d, b) ? RECOGNISED_YES : RECOGNISED_MAYBE;
}

static enum recognition recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    struct cursor at = cursor_over(head);
    const size_t length = cursor_u16be(&at);

    if (!c->from_start || d != c->client)
        return RECOGNISED_NO;
    if (head.len < 3)
        return head.len > 0 && head.at[0] > RESET_MAX >> 8 ? RECOGNISED_NO : RECOGNISED_MAYBE;
    if (length < CONTROL_MIN || length > RESET_MAX ||
        (head.at[2] != RESET_CLIENT_V2 << 3 && head.at[2] != RESET_CLIENT_V3 << 3))
        return RECOGNISED_NO;
    if (at.rest.len < length)
        return RECOGNISED_MAYBE;
    return is_client_reset(bytes_part(at.rest, 0, length)) ? RECOGNISED_YES : RECOGNISED_NO;
}

/* All of it is opaque. */
static size_t stream(struct conversation *c, enum direction d, struct bytes data)
{
    (void)c;
    (void)d;
    return data.len;
}

static bool gap(struct conversation *c, enum direction d, uint64_t missing)
{
    (void)c;
    (void)d;
    (void)missing;
    return true;
}

const struct protocol openvpn_protocol = {
    .service = "openvpn",
    .recognise_stream = recognise_stream, .stream = stream, .gap = gap,
    .recognise_datagram = recognise_datagram,
};
