#include "broadcast/build.h"

#include "broadcast/bluetooth_frame.h"

#define SERIAL "1581F0000000000000A1"

static const uint8_t address_on_air[6] = { 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 };

/* From the access address on; `check`: with a good check sequence. */
static void put_check(struct made *m, size_t pdu_at)
{
    uint32_t crc = 0x555555; /* as the standard draws it: highest bit first, each byte lowest bit first */

    for (size_t i = pdu_at; i < m->len; i++)
        for (int bit = 0; bit < 8; bit++) {
            const uint32_t in = (m->at[i] >> bit & 1) ^ (crc >> 23 & 1);
            crc = (crc << 1 & 0xffffff) ^ (in ? 0x00065b : 0);
        }
    uint8_t bytes[3] = { 0 };
    for (int bit = 0; bit < 24; bit++)
        bytes[bit / 8] |= (uint8_t)((crc >> (23 - bit) & 1) << bit % 8);
    put(m, bytes, 3);
}

static void legacy(struct made *m, unsigned counter)
{
    PUT(m, 0xd6, 0xbe, 0x89, 0x8e);
    const size_t pdu = m->len;
    PUT(m, 0x42, 6 + 31);
    put(m, address_on_air, 6);
    PUT(m, 0x1e, 0x16, 0xfa, 0xff, 0x0d, (uint8_t)counter);
    put_basic_id(m, 2, 1, SERIAL);
    put_check(m, pdu);
}

/* `coding`: the byte of a long range frame; `address`: in the header. */
static void extended(struct made *m, bool coding, bool address)
{
    PUT(m, 0xd6, 0xbe, 0x89, 0x8e);
    if (coding)
        PUT(m, 0);
    const size_t pdu = m->len, ad = 1 + 3 + 1 + 1 + 3 + 25;
    PUT(m, 0x47, (uint8_t)(1 + (address ? 9 : 3) + ad));
    PUT(m, address ? 9 : 3, address ? 9 : 8);
    if (address)
        put(m, address_on_air, 6);
    PUT(m, 0x1c, 0x2f);
    PUT(m, (uint8_t)(ad - 1), 0x16, 0xfa, 0xff, 0x0d, 9, 0xf2, 25, 1);
    put_basic_id(m, 2, 1, SERIAL);
    put_check(m, pdu);
}

static void pseudo_header(struct made *m, unsigned flags)
{
    PUT(m, 37, 0xc4, 0, 0, 0xd6, 0xbe, 0x89, 0x8e);
    put_le(m, flags, 2);
}

static void nordic_header(struct made *m, unsigned version, unsigned flags)
{
    PUT(m, 3);
    if (version == 1)
        PUT(m, 6, 60);
    else
        PUT(m, 60, 0);
    PUT(m, (uint8_t)version, 1, 0, 6, 10, (uint8_t)flags, 37, 60, 0, 0, 1, 2, 3, 4);
}

struct carrier_case {
    const char *name;
    uint32_t link_type;
    int header;         /* flags of the pseudo header, or version << 16 | flags of Nordic's */
    bool extended, coding, address;
    const char *carrier; /* NULL: no row */
};

static const struct carrier_case carriers[] = {
    { "link layer", LINKTYPE_BLE_LL, 0, false, false, true, "bluetooth_legacy" },
    { "link layer, extended", LINKTYPE_BLE_LL, 0, true, false, true, "bluetooth_extended" },
    { "pseudo header", LINKTYPE_BLE_LL_PHDR, 0x0c03, false, false, true, "bluetooth_legacy" },
    { "pseudo header, extended on 2M", LINKTYPE_BLE_LL_PHDR, 0x4c83, true, false, true, "bluetooth_extended" },
    { "pseudo header, long range", LINKTYPE_BLE_LL_PHDR, 0x8c83, true, true, true, "bluetooth_long_range" },
    { "nRF version 1", LINKTYPE_NORDIC_BLE, 1 << 16 | 1, false, false, true, "bluetooth_legacy" },
    { "nRF version 2", LINKTYPE_NORDIC_BLE, 2 << 16 | 1, false, false, true, "bluetooth_legacy" },
    { "nRF version 3, long range", LINKTYPE_NORDIC_BLE, 3 << 16 | 0x21, true, true, true, "bluetooth_long_range" },
    { "nRF version 9", LINKTYPE_NORDIC_BLE, 9 << 16 | 1, false, false, true, NULL },
};

static void make(struct made *m, const struct carrier_case *x)
{
    m->len = 0;
    if (x->link_type == LINKTYPE_BLE_LL_PHDR)
        pseudo_header(m, (unsigned)x->header);
    else if (x->link_type == LINKTYPE_NORDIC_BLE)
        nordic_header(m, (unsigned)x->header >> 16, x->header & 0xff);
    if (x->extended)
        extended(m, x->coding, x->address);
    else
        legacy(m, 5);
}

static void every_way_to_record_them(void **state)
{
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++) {
        const struct carrier_case *x = &carriers[i];
        struct made m;
        struct heard h;
        make(&m, x);
        heard_init(&h);
        hear(&h, x->link_type, made_bytes(&m));
        heard_end(&h);
        if (kept_facts_count(&h.facts, FACT_BROADCAST) != (x->carrier != NULL))
            fail_msg("%s: %zu rows", x->name, kept_facts_count(&h.facts, FACT_BROADCAST));
        if (x->carrier) {
            const struct fact_broadcast *b = heard_broadcast(&h, 0);
            assert_text_equal(b->carrier, x->carrier);
            assert_text_equal(b->uas_id, SERIAL);
            assert_text_equal(b->sender, "11:22:33:44:55:66");
            assert_int_equal(b->anomalies.count, 0);
        }
        heard_done(&h);
    }
}

static void wrong_check_sequences_are_shown_and_not_relied_on(void **state)
{
    static const int bad[][2] = { { LINKTYPE_BLE_LL, 0 }, { LINKTYPE_BLE_LL_PHDR, 0x0403 },
                                  { LINKTYPE_NORDIC_BLE, 3 << 16 } };

    for (size_t i = 0; i < 3; i++) {
        const struct carrier_case x = { "", (uint32_t)bad[i][0], bad[i][1], false, false, true, NULL };
        struct made m;
        struct heard h;
        make(&m, &x);
        m.at[m.len - 1] ^= 1;
        heard_init(&h);
        hear(&h, x.link_type, made_bytes(&m));
        heard_end(&h);
        const struct fact_broadcast *b = heard_broadcast(&h, 0);
        assert_true(is_odd(b, "received_with_errors"));
        assert_false(text_known(b->uas_id));
        assert_non_null(memmem(b->details.at, b->details.len, SERIAL, 20));
        assert_int_equal(kept_facts_count(&h.facts, FACT_DEVICE), 0);
        assert_int_equal(kept_facts_count(&h.facts, FACT_DAMAGE), 1);
        heard_done(&h);
    }
}

/* Any bit of the lengths and flags between the PDU's header and the messages may be the one that was hit. */
static void messages_are_found_behind_a_damaged_header(void **state)
{
    enum { HEADER_AT = 4 + 2, MESSAGES_AT = HEADER_AT + 1 + 9 + 1 };

    for (unsigned bit = HEADER_AT * 8; bit < MESSAGES_AT * 8; bit++) {
        struct made m = { .len = 0 };
        struct heard h;
        extended(&m, false, true);
        m.at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        heard_init(&h);
        hear(&h, LINKTYPE_BLE_LL, made_bytes(&m));
        heard_end(&h);
        assert_int_equal(kept_facts_count(&h.facts, FACT_BROADCAST), 1);
        const struct fact_broadcast *b = heard_broadcast(&h, 0);
        assert_true(is_odd(b, "received_with_errors"));
        assert_non_null(memmem(b->details.at, b->details.len, SERIAL, 20));
        assert_false(text_known(b->uas_id));
        assert_false(text_known(b->sender));
        assert_int_equal(kept_facts_count(&h.facts, FACT_DEVICE), 0);
        heard_done(&h);
    }
}

static void messages_of_one_radio_belong_together(void **state)
{
    struct made m = { .len = 0 };
    struct heard h;

    heard_init(&h);
    legacy(&m, 1);
    hear(&h, LINKTYPE_BLE_LL, made_bytes(&m));
    m.len = 0;
    PUT(&m, 0xd6, 0xbe, 0x89, 0x8e, 0x42, 6 + 31);
    put(&m, address_on_air, 6);
    PUT(&m, 0x1e, 0x16, 0xfa, 0xff, 0x0d, 1);
    put_location(&m, 2, 487000000, 91000000);
    put_check(&m, 4);
    hear(&h, LINKTYPE_BLE_LL, made_bytes(&m));
    heard_end(&h);
    const struct fact_broadcast *b = heard_broadcast(&h, 1);
    assert_text_equal(b->uas_id, SERIAL);
    assert_text_equal(b->id_source, "sender");
    assert_text_equal(heard_broadcast(&h, 0)->id_source, "message");
    assert_true(fact_known_real(b->longitude_deg));
    assert_int_equal(kept_facts_count(&h.facts, FACT_DEVICE), 1);
    heard_done(&h);
}

static void an_address_told_by_the_pointer(void **state)
{
    struct made m = { .len = 0 };
    struct heard h;

    heard_init(&h);
    PUT(&m, 0xd6, 0xbe, 0x89, 0x8e, 0x47, 13, 12, 0x19); /* address, data id, pointer */
    put(&m, address_on_air, 6);
    PUT(&m, 0x1c, 0x2f, 1, 2, 3);
    put_check(&m, 4);
    hear(&h, LINKTYPE_BLE_LL, made_bytes(&m));
    m.len = 0;
    extended(&m, false, false);
    hear(&h, LINKTYPE_BLE_LL, made_bytes(&m));
    hear(&h, LINKTYPE_BLE_LL, made_bytes(&m)); /* two seconds later it may be another's */
    heard_end(&h);
    assert_text_equal(heard_broadcast(&h, 0)->sender, "11:22:33:44:55:66");
    assert_false(text_known(heard_broadcast(&h, 1)->sender));
    heard_done(&h);
}

static void cut_everywhere_and_flipped(void **state)
{
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++) {
        struct made m;
        struct heard h;
        make(&m, &carriers[i]);
        heard_init(&h);
        for (size_t len = 0; len < m.len; len++)
            hear(&h, carriers[i].link_type, (struct bytes){ .at = m.at, .len = len });
        for (size_t bit = 0; bit < 8 * m.len; bit++) {
            m.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
            hear(&h, carriers[i].link_type, made_bytes(&m));
            m.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        heard_end(&h);
        heard_done(&h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_record_them),
        cmocka_unit_test(wrong_check_sequences_are_shown_and_not_relied_on),
        cmocka_unit_test(messages_are_found_behind_a_damaged_header),
        cmocka_unit_test(messages_of_one_radio_belong_together),
        cmocka_unit_test(an_address_told_by_the_pointer),
        cmocka_unit_test(cut_everywhere_and_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
