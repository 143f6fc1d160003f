#include "protocol/mdns_device.h"

#include "protocol/dns_message.h"
#include "protocol/rows.h"

enum { NETBIOS_NAME = 15 };

/* "model" is Apple's (_device-info) and most others', "md" Google's, "ty" of printers, "fn" a name given by people. */
static void txt_met(struct fact_device *row, struct bytes data)
{
    static const struct { struct text key; bool is_name; } known[] = {
        { TEXT_INIT("model="), false }, { TEXT_INIT("md="), false }, { TEXT_INIT("ty="), false }, { TEXT_INIT("fn="), true },
    };
    struct cursor c = cursor_over(data);

    while (c.rest.len > 0) {
        const struct text pair = text_of_bytes(cursor_take(&c, cursor_u8(&c)));
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            struct text *field = known[i].is_name ? &row->name : &row->model;
            if (!c.failed && text_starts_with(pair, known[i].key) && pair.len > known[i].key.len && !text_known(*field))
                *field = (struct text){ pair.at + known[i].key.len, pair.len - known[i].key.len };
        }
    }
}

static struct text without_local(struct text name)
{
    static const struct text local = TEXT_INIT(".local");

    if (name.len > local.len &&
        text_equal_ignoring_case((struct text){ name.at + name.len - local.len, local.len }, local))
        name.len -= local.len;
    return name;
}

void mdns_device_met(struct conversation *c, enum direction d, struct bytes message)
{
    const struct text sender = d == DIRECTION_OUT ? c->row.src : c->row.dst;
    char name[DNS_NAME_TEXT_MAX], address[ADDRESS_TEXT_MAX];
    struct text host = TEXT_UNKNOWN;
    struct dns_message m;
    struct dns_question q;
    struct dns_record r;
    struct cursor at;
    struct fact_device row;

    if (dns_header_read(&at, message, &m) != PARSE_OK || !m.response)
        return;
    for (size_t i = 0; i < m.question_count; i++)
        if (dns_question_read(&at, message, &q) != PARSE_OK)
            return;
    device_begin(&row, c, message);
    const size_t records = (size_t)m.answer_count + m.authority_count + m.additional_count;
    for (size_t i = 0; i < records && dns_record_read(&at, message, &r) == PARSE_OK; i++) {
        if (r.type == DNS_TXT)
            txt_met(&row, r.data);
        const bool is_address = (r.type == DNS_A && r.data.len == 4) || (r.type == DNS_AAAA && r.data.len == 16);
        if (is_address && !text_known(host) && text_equal(dns_address_text(r.data, address), sender))
            host = without_local(dns_name_text(&r.owner, name));
    }
    if (text_known(host))
        row.name = host;
    if (!text_known(row.name) && !text_known(row.model))
        return;
    if (d == DIRECTION_OUT)
        row.mac = c->row.src_mac;
    (void)conversation_device(c, &row, TEXT_UNKNOWN);
}

/* RFC 1001, 14.1: 16 bytes, each in two letters from 'A' on; the last byte says what the name stands for. */
static bool netbios_name(const struct dns_name *encoded, char into[NETBIOS_NAME], uint8_t *ret_kind)
{
    enum { ENCODED = 2 * (NETBIOS_NAME + 1) };

    if (encoded->len < 1 + ENCODED || encoded->wire[0] != ENCODED)
        return false;
    for (size_t i = 0; i <= NETBIOS_NAME; i++) {
        const unsigned high = encoded->wire[1 + 2 * i] - 'A', low = encoded->wire[2 + 2 * i] - 'A';
        if (high > 15 || low > 15)
            return false;
        if (i < NETBIOS_NAME)
            into[i] = (char)(high << 4 | low);
        else
            *ret_kind = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* RFC 1002, 4.2.2 and 4.2.4: who registers or refreshes a name of its own; names of groups are not its own. */
void nbns_device_met(struct conversation *c, enum direction d, struct bytes message)
{
    enum { REGISTRATION = 5, REFRESH = 8, REFRESH_TOO = 9, WORKSTATION = 0x00, SERVER = 0x20, GROUP = 0x80 };
    char name[NETBIOS_NAME];
    struct dns_message m;
    struct dns_question q;
    struct dns_record r;
    struct cursor at;
    struct fact_device row;
    uint8_t kind = 0;

    if (dns_header_read(&at, message, &m) != PARSE_OK || m.response ||
        (m.opcode != REGISTRATION && m.opcode != REFRESH && m.opcode != REFRESH_TOO) || m.question_count != 1 ||
        dns_question_read(&at, message, &q) != PARSE_OK || dns_record_read(&at, message, &r) != PARSE_OK ||
        r.data.len == 0 || (r.data.at[0] & GROUP) || !netbios_name(&q.name, name, &kind) ||
        (kind != WORKSTATION && kind != SERVER))
        return;
    struct text t = { name, NETBIOS_NAME };
    while (t.len > 0 && (t.at[t.len - 1] == ' ' || t.at[t.len - 1] == '\0'))
        t.len--;
    if (t.len == 0)
        return;
    device_begin(&row, c, message);
    row.name = t;
    if (d == DIRECTION_OUT)
        row.mac = c->row.src_mac;
    (void)conversation_device(c, &row, TEXT_UNKNOWN);
}
