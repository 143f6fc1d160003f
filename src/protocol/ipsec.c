/* IPsec over UDP: IKE (RFC 7296, 3.1; RFC 2408, 3.1) on ports 500 and 4500, where four zero bytes stand in front
 * of it, and ESP on port 4500 (RFC 3948).  ESP as an IP protocol of its own is named in packet/. */
#include "protocol/rows.h"
#include "protocol/seen.h"
#include "protocol/vpn.h"

enum { PORT_IKE = 500, PORT_NAT = 4500, SPI_FIRST = 256 /* RFC 4303, 2.1 */ };

static bool is_ike(struct bytes b)
{
    enum { VERSION_1 = 0x10, VERSION_2 = 0x20, HEADER = 28 };
    struct cursor c = cursor_over(b);
    const uint64_t initiator = cursor_u64be(&c);

    cursor_skip(&c, 9); /* responder, next payload */
    const uint8_t version = cursor_u8(&c), exchange = cursor_u8(&c);
    cursor_skip(&c, 5);
    const uint32_t length = cursor_u32be(&c);
    if (c.failed || initiator == 0 || length < HEADER || length < b.len)
        return false;
    return (version == VERSION_1 && (exchange <= 6 || exchange == 32 || exchange == 33)) ||
           (version == VERSION_2 && exchange >= 34 && exchange <= 44);
}

static bool esp_goes_on(uint64_t *seen, struct bytes b)
{
    enum { STEP_MAX = 64 };
    struct cursor c = cursor_over(b);
    const uint32_t spi = cursor_u32be(&c), sequence = cursor_u32be(&c);

    if (c.failed || spi < SPI_FIRST)
        return false;
    const bool same = *seen >> 32 == spi && sequence - (uint32_t)*seen >= 1 && sequence - (uint32_t)*seen <= STEP_MAX;
    *seen = (uint64_t)spi << 32 | sequence;
    return same;
}

static enum recognition recognise(const struct conversation *c, enum direction d, struct bytes b)
{
    if (on_port(c, PORT_IKE))
        return is_ike(b) ? RECOGNISED_YES : RECOGNISED_NO;
    if (!on_port(c, PORT_NAT))
        return RECOGNISED_NO;
    if (bytes_start_with(b, "\0\0\0\0", 4))
        return is_ike(bytes_part(b, 4, b.len)) ? RECOGNISED_YES : RECOGNISED_NO;
    return esp_goes_on(&c->seen[SEEN_ESP + d], b) ? RECOGNISED_YES : RECOGNISED_MAYBE;
}

const struct protocol ipsec_protocol = { .service = "ipsec", .recognise_datagram = recognise };
