#include "protocol/dns.h"

#include "protocol/dns_exchange.h"
#include "protocol/rows.h"

enum {
    PORT_DNS = 53, PORT_NBNS = 137, PORT_MDNS = 5353, PORT_LLMNR = 5355,
    LENGTH_PREFIX = 2,     /* RFC 1035, 4.2.2 */
};

struct dns_state {
    struct dns_exchanges exchanges;
    uint64_t skip[2]; /* per direction: bytes of a message already read that are still to come */
};

static bool host_name_like(const struct dns_name *name)
{
    size_t labels = 0;

    for (size_t at = 0; name->wire[at] != 0; labels++) {
        const size_t end = at + 1 + name->wire[at];
        for (at++; at < end; at++) {
            const uint8_t b = name->wire[at];
            if (!((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '_'))
                return false;
        }
    }
    return labels >= 2;
}

/* One ordinary question, and every byte accounted for. */
static bool beyond_doubt(struct bytes b)
{
    struct dns_message m;
    struct dns_question q;
    struct dns_record r;
    struct cursor at;
    char type[DNS_TYPE_TEXT_MAX];
    enum { CLASS_IN = 1 };

    if (dns_header_read(&at, b, &m) != PARSE_OK || m.opcode != DNS_OPCODE_QUERY || m.question_count != 1 ||
        (b.at[3] & 0x40) != 0 /* must be zero */ || dns_question_read(&at, b, &q) != PARSE_OK)
        return false;
    if (q.class != CLASS_IN || !host_name_like(&q.name) || text_starts_with(dns_type_text(q.type, type), TEXT("TYPE")))
        return false;
    if (!m.response && (m.answer_count > 0 || m.authority_count > 0 || m.additional_count > 2 || m.response_code > 0))
        return false;
    const size_t records = (size_t)m.answer_count + m.authority_count + m.additional_count;
    for (size_t i = 0; i < records; i++)
        if (dns_record_read(&at, b, &r) != PARSE_OK)
            return false;
    return at.rest.len == 0;
}

static enum recognition dns_recognise_datagram(const struct conversation *c, enum direction d, struct bytes datagram)
{
    (void)d;
    if (on_port(c, PORT_DNS))
        return dns_plausible(datagram, DNS_OPCODE_MAX) ? RECOGNISED_YES : RECOGNISED_NO;
    if (on_port(c, PORT_MDNS) || on_port(c, PORT_LLMNR) || on_port(c, PORT_NBNS))
        return RECOGNISED_NO;
    return beyond_doubt(datagram) ? RECOGNISED_YES : RECOGNISED_NO;
}

static enum recognition dns_recognise_stream(const struct conversation *c, enum direction d, struct bytes head)
{
    struct cursor at = cursor_over(head);
    const size_t length = cursor_u16be(&at);

    (void)d;
    if (!on_port(c, PORT_DNS))
        return RECOGNISED_NO;
    if (head.len < LENGTH_PREFIX + DNS_HEADER_BYTES)
        return RECOGNISED_MAYBE;
    return length >= DNS_HEADER_BYTES && dns_plausible(bytes_part(at.rest, 0, length), DNS_OPCODE_MAX)
        ? RECOGNISED_YES : RECOGNISED_NO;
}

static void dns_datagram(struct conversation *c, enum direction d, struct bytes datagram)
{
    struct dns_state *s = c->state;

    conversation_readable(c, d, dns_message_met(&s->exchanges, c, d, datagram));
}

static size_t dns_stream(struct conversation *c, enum direction d, struct bytes data)
{
    struct dns_state *s = c->state;
    size_t consumed = 0;

    while (consumed < data.len) {
        const struct bytes rest = bytes_part(data, consumed, data.len);
        if (s->skip[d] > 0) {
            const size_t n = s->skip[d] < rest.len ? (size_t)s->skip[d] : rest.len;
            s->skip[d] -= n;
            consumed += n;
            continue;
        }
        struct cursor at = cursor_over(rest);
        const size_t length = cursor_u16be(&at);
        if (at.failed)
            break;
        /* The longest messages do not fit into what is held for us: take what there is. */
        const bool cut = rest.len >= PROTOCOL_HOLD_MAX && at.rest.len < length;
        if (at.rest.len < length && !cut)
            break;
        const struct bytes message = bytes_part(at.rest, 0, length);
        const size_t understood = dns_message_met(&s->exchanges, c, d, message);
        if (understood == 0)
            return SIZE_MAX;
        conversation_readable(c, d, LENGTH_PREFIX + understood);
        s->skip[d] = length - message.len;
        consumed += LENGTH_PREFIX + message.len;
    }
    return consumed;
}

static void dns_stream_end(struct conversation *c, enum direction d, struct bytes left)
{
    struct dns_state *s = c->state;

    /* The last message was cut off. */
    if (left.len > LENGTH_PREFIX)
        conversation_readable(c, d, dns_message_met(&s->exchanges, c, d, bytes_part(left, LENGTH_PREFIX, left.len)));
}

static void dns_end(struct conversation *c)
{
    const struct dns_state *s = c->state;

    dns_exchanges_end(&s->exchanges, c);
}

const struct protocol dns_protocol = {
    .service = "dns",
    .state_bytes = sizeof(struct dns_state),
    .recognise_stream = dns_recognise_stream,
    .stream = dns_stream,
    .stream_end = dns_stream_end,
    .recognise_datagram = dns_recognise_datagram,
    .datagram = dns_datagram,
    .end = dns_end,
};
