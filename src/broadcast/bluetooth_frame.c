#include "broadcast/bluetooth_frame.h"

enum { ADDRESS = 6, CHECK = 3, PDU_HEADER = 2 };
#define ADVERTISING_ACCESS_ADDRESS 0x8e89bed6u

enum check { CHECK_UNKNOWN, CHECK_GOOD, CHECK_BAD };

/* What the sniffer says of a frame. */
struct radio_header {
    enum check check;
    bool coded;
    int signal_dbm;           /* 0: unknown */
    struct bytes frame;       /* from the access address on */
};

enum { PHDR_SIGNAL_VALID = 0x0002, PHDR_CRC_CHECKED = 0x0400, PHDR_CRC_VALID = 0x0800, PHY_CODED = 2 };

static enum parse_status pseudo_header(struct cursor c, struct radio_header *h)
{
    cursor_skip(&c, 1); /* channel */
    const int8_t signal = (int8_t)cursor_u8(&c);
    cursor_skip(&c, 1 + 1 + 4); /* noise, offences, reference address */
    const uint16_t flags = cursor_u16le(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    h->signal_dbm = flags & PHDR_SIGNAL_VALID ? signal : 0;
    if (flags & PHDR_CRC_CHECKED)
        h->check = flags & PHDR_CRC_VALID ? CHECK_GOOD : CHECK_BAD;
    h->coded = flags >> 14 == PHY_CODED;
    h->frame = c.rest;
    return PARSE_OK;
}

enum { NORDIC_CRC_OK = 0x01, NORDIC_PACKET_HEADER_MIN = 10 };

/* Board; six bytes whose third is the version; then a header with its own length. */
static enum parse_status nordic(struct cursor c, struct radio_header *h)
{
    cursor_skip(&c, 1 + 2);
    const uint8_t version = cursor_u8(&c);
    cursor_skip(&c, 2 + 1); /* packet counter, kind of packet */
    const uint8_t header_len = cursor_u8(&c);
    const uint8_t flags = cursor_u8(&c);
    cursor_skip(&c, 1); /* channel */
    const uint8_t signal = cursor_u8(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (version < 1 || version > 3 || header_len < NORDIC_PACKET_HEADER_MIN)
        return PARSE_UNSUPPORTED;
    cursor_skip(&c, header_len - 4);
    if (c.failed)
        return PARSE_TRUNCATED;
    h->signal_dbm = -(int)signal;
    h->check = flags & NORDIC_CRC_OK ? CHECK_GOOD : CHECK_BAD;
    h->coded = version >= 2 && (flags >> 4 & 7) == PHY_CODED;
    h->frame = c.rest;
    return PARSE_OK;
}

/* CRC-24 of the link layer (part B, 3.1.1), lowest bit first: x24+x10+x9+x6+x4+x3+x+1 from 0x555555. */
static bool check_is_good(struct bytes pdu, struct bytes check)
{
    const uint32_t polynomial = 0xda6000; /* with its bits in the order of transmission */
    uint32_t crc = 0xaaaaaa;

    for (size_t i = 0; i < pdu.len; i++) {
        crc ^= pdu.at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? polynomial : 0);
    }
    return check.len == CHECK && check.at[0] == (crc & 255) && check.at[1] == (crc >> 8 & 255) &&
           check.at[2] == crc >> 16;
}

static void address_of(struct bytes on_air, struct bluetooth_advert *a)
{
    for (size_t i = 0; i < ADDRESS; i++)
        a->address[i] = on_air.at[ADDRESS - 1 - i];
    a->has_address = true;
}

/* 2.3.4: what is in the header is told by flags, and comes in their order. */
static enum parse_status extended(struct cursor c, struct bluetooth_advert *a)
{
    enum { ADVERTISER = 1, TARGET = 2, CTE_INFO = 4, ADI = 8, AUX_POINTER = 16 };
    const uint8_t head = cursor_u8(&c);
    struct cursor h = cursor_over(cursor_take(&c, head & 63));

    if (c.failed)
        return PARSE_TRUNCATED;
    a->extended = true;
    a->data = c.rest;
    if (h.rest.len == 0)
        return PARSE_OK;
    const uint8_t flags = cursor_u8(&h);
    if (flags & ADVERTISER) {
        const struct bytes address = cursor_take(&h, ADDRESS);
        if (!h.failed)
            address_of(address, a);
    }
    cursor_skip(&h, (flags & TARGET ? ADDRESS : 0) + (flags & CTE_INFO ? 1 : 0));
    if (flags & ADI) {
        a->adi = cursor_u16le(&h);
        a->has_adi = !h.failed;
    }
    a->primary = (flags & AUX_POINTER) && a->data.len == 0;
    return h.failed ? PARSE_INVALID : PARSE_OK;
}

enum { ADV_IND = 0, ADV_NONCONN_IND = 2, SCAN_RSP = 4, ADV_SCAN_IND = 6, ADV_EXT_IND = 7 };

static enum parse_status payload(uint8_t head, struct bytes body, struct bluetooth_advert *a)
{
    enum { SENDER_IS_RANDOM = 0x40 };
    struct cursor c = cursor_over(body);

    a->address_is_random = head & SENDER_IS_RANDOM;
    switch (head & 15) {
    case ADV_IND: case ADV_NONCONN_IND: case SCAN_RSP: case ADV_SCAN_IND: {
        const struct bytes address = cursor_take(&c, ADDRESS);
        if (c.failed)
            return PARSE_TRUNCATED;
        address_of(address, a);
        a->data = c.rest;
        return PARSE_OK;
    }
    case ADV_EXT_IND:
        return extended(c, a);
    default:
        return PARSE_UNSUPPORTED;
    }
}

enum parse_status bluetooth_advert_parse(uint32_t link_type, struct bytes record, uint64_t original_len,
                                         struct bluetooth_advert *ret)
{
    struct radio_header h = { .frame = record };
    struct bluetooth_advert a = { .data = { .at = NULL } };
    enum parse_status status = PARSE_OK;

    if (link_type == LINKTYPE_BLE_LL_PHDR)
        status = pseudo_header(cursor_over(record), &h);
    else if (link_type == LINKTYPE_NORDIC_BLE)
        status = nordic(cursor_over(record), &h);
    else if (link_type != LINKTYPE_BLE_LL)
        return PARSE_UNSUPPORTED;
    if (status != PARSE_OK)
        return status;

    struct cursor c = cursor_over(h.frame);
    const uint32_t access_address = cursor_u32le(&c);
    if (h.coded)
        cursor_skip(&c, 1); /* coding indicator */
    const struct bytes pdu = c.rest;
    const uint8_t head = cursor_u8(&c), len = cursor_u8(&c);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (access_address != ADVERTISING_ACCESS_ADDRESS)
        return PARSE_UNSUPPORTED;
    const struct bytes body = bytes_part(c.rest, 0, len);
    if (h.check == CHECK_UNKNOWN && original_len == record.len && c.rest.len >= (size_t)len + CHECK) {
        const struct bytes covered = bytes_part(pdu, 0, (uint64_t)len + PDU_HEADER);
        h.check = check_is_good(covered, bytes_part(c.rest, len, CHECK)) ? CHECK_GOOD : CHECK_BAD;
    }
    a.bad_check = h.check == CHECK_BAD;
    a.coded = h.coded;
    a.signal_dbm = h.signal_dbm;
    status = payload(head, body, &a);
    if (a.bad_check && status != PARSE_UNSUPPORTED) {
        a.data = c.rest;
        status = PARSE_OK;
    }
    if (status == PARSE_OK)
        *ret = a;
    return status;
}
