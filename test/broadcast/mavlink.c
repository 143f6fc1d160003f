#include "broadcast/build.h"

#include <math.h>

#include "broadcast/mavlink.h"
#include "broadcast/signer.h"
#include "protocol/fake_conversation.h"

#define SERIAL "1581F0000000000000A1"

static uint16_t crc_x25(const uint8_t *at, size_t len, uint8_t extra)
{
    uint16_t crc = 0xffff;

    for (size_t i = 0; i <= len; i++) {
        uint16_t x = (uint16_t)(crc ^ (i < len ? at[i] : extra));
        for (int bit = 0; bit < 8; bit++)
            x = (x & 1) && bit < 8 ? (uint16_t)(x >> 1 ^ 0x8408) : (uint16_t)(x >> 1);
        crc = x;
    }
    return crc;
}

static uint8_t system_number = 1;

static void frame(struct made *m, unsigned version, uint32_t message, uint8_t extra, struct made payload)
{
    const size_t start = m->len;

    if (version == 2)
        while (payload.len > 1 && payload.at[payload.len - 1] == 0)
            payload.len--;
    PUT(m, version == 2 ? 0xfd : 0xfe, (uint8_t)payload.len);
    if (version == 2)
        PUT(m, 0, 0);
    PUT(m, 7, system_number, 1);
    put_le(m, message, version == 2 ? 3 : 1);
    put(m, payload.at, payload.len);
    put_le(m, crc_x25(m->at + start + 1, m->len - start - 1, extra), 2);
}

static void heartbeat(struct made *m, unsigned version)
{
    struct made p = { .len = 0 };

    put_zeros(&p, 4);
    PUT(&p, 2, 3, 81, 4, 3);
    frame(m, version, 0, 50, p);
}

static void put_float(struct made *m, float value)
{
    put(m, &value, sizeof value);
}

static void basic_id_of(struct made *m, const char *id)
{
    struct made p = { .len = 0 };

    put_zeros(&p, 22);
    PUT(&p, 1, 2);
    put_text_padded(&p, id, 20);
    frame(m, 2, 12900, 114, p);
}

static void basic_id(struct made *m)
{
    basic_id_of(m, SERIAL);
}

static void location(struct made *m)
{
    struct made p = { .len = 0 };

    put_le(&p, 487000000, 4), put_le(&p, 91000000, 4);
    put_float(&p, 101), put_float(&p, 120.5f), put_float(&p, 30), put_float(&p, 1234.5f);
    put_le(&p, 27000, 2), put_le(&p, 1000, 2), put_le(&p, (uint16_t)-200, 2);
    put_zeros(&p, 22);
    PUT(&p, 2, 1, 10, 4, 6, 3, 5);
    frame(m, 2, 12901, 254, p);
}

static void system_message(struct made *m)
{
    struct made p = { .len = 0 };

    put_le(&p, 488000000, 4), put_le(&p, 92000000, 4);
    put_float(&p, 200), put_float(&p, 100), put_float(&p, 50.5f);
    put_le(&p, 200000000, 4), put_le(&p, 1, 2), put_le(&p, 30, 2);
    put_zeros(&p, 22);
    PUT(&p, 1, 1, 1, 2);
    frame(m, 2, 12904, 77, p);
}

static void message_pack(struct made *m)
{
    struct made p = { .len = 0 };

    put_zeros(&p, 22);
    PUT(&p, 25, 2);
    put_basic_id(&p, 2, 1, SERIAL);
    put_location(&p, 2, 487000000, 91000000);
    put_zeros(&p, 249 - p.len);
    frame(m, 2, 12915, 94, p);
}

/* One page: 17 bytes of data in the first, 23 in the next. */
static void authentication(struct made *m, unsigned page, unsigned last, unsigned length)
{
    struct made p = { .len = 0 };

    put_le(&p, 200000000, 4);
    put_zeros(&p, 22);
    PUT(&p, 1, (uint8_t)page, (uint8_t)last, (uint8_t)length);
    for (int i = 0; i < 23; i++)
        PUT(&p, (uint8_t)('a' + page));
    frame(m, 2, 12902, 140, p);
}

/* One of the four pages of a signature of the aircraft's id. */
enum { SIGNATURE_PAGES = 4 };
static void signature_page(struct made *m, unsigned page, const uint8_t *data, size_t len)
{
    const size_t from = page == 0 ? 0 : 17 + 23 * (page - 1), room = page == 0 ? 17 : 23;
    struct made p = { .len = 0 };

    put_le(&p, 200000000, 4);
    put_zeros(&p, 22);
    PUT(&p, 1, (uint8_t)page, (uint8_t)(page ? 0 : SIGNATURE_PAGES - 1), (uint8_t)(page ? 0 : len));
    for (size_t i = from; i < from + room; i++)
        PUT(&p, i < len ? data[i] : 0);
    put_zeros(&p, 53 - p.len);
    frame(m, 2, 12902, 140, p);
}

static void tell(struct kept_facts *k, const struct made *m, struct fake_conversation *f)
{
    kept_facts_init(k);
    fake_begin(f, &mavlink_protocol, &k->sink, false, 14550);
    fake_datagram(f, DIRECTION_OUT, made_bytes(m));
    fake_end(f);
}

static void messages_of_remote_id(void **state)
{
    static struct fake_conversation f;
    struct made m = { .len = 0 };
    struct kept_facts k;

    heartbeat(&m, 2);
    basic_id(&m);
    location(&m);
    system_message(&m);
    message_pack(&m);
    tell(&k, &m, &f);
    assert_true(f.recognised);
    assert_int_equal(f.ways[DIRECTION_OUT].readable, m.len);
    assert_int_equal(kept_facts_count(&k, FACT_BROADCAST), 4);
    const struct fact_broadcast *id = kept_facts_row(&k, FACT_BROADCAST, 0),
        *place = kept_facts_row(&k, FACT_BROADCAST, 1),
                                *operator = kept_facts_row(&k, FACT_BROADCAST,
                                                           2), *pack = kept_facts_row(&k, FACT_BROADCAST, 3);
    assert_text_equal(id->carrier, "mavlink");
    assert_text_equal(id->uas_id, SERIAL);
    assert_text_equal(id->id_source, "message");
    assert_text_equal(place->uas_id, SERIAL);
    assert_text_equal(place->id_source, "sender");
    assert_true(fabs(place->longitude_deg - 9.1) < 1e-9 && fabs(place->latitude_deg - 48.7) < 1e-9);
    assert_true(fabs(place->altitude_m - 120.5) < 1e-9);
    static const char *const said[] = { "\"direction_deg\":270", "\"speed_m_s\":10.00", "\"vertical_speed_m_s\":-2.00",
                                        "\"height_m\":30.0", "\"height_ref\":\"ground\"", "\"timestamp_s\":1234.5",
                                        "\"altitude_pressure_m\":101.0", "\"accuracy_speed\":3", "\"status\":\"airborne\"" };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (!memmem(place->details.at, place->details.len, said[i], strlen(said[i])))
            fail_msg("%s not in %.*s", said[i], (int)place->details.len, place->details.at);
    assert_true(fabs(operator->operator_longitude_deg - 9.2) < 1e-9);
    assert_text_equal(operator->operator_source, "live");
    assert_non_null(memmem(operator->details.at, operator->details.len, "\"area_radius_m\":30", 18));
    assert_text_equal(pack->uas_id, SERIAL);
    assert_true(fact_known_real(pack->longitude_deg));
    fake_done(&f);
    kept_facts_done(&k);
}

static void authentication_in_pages(void **state)
{
    static const char whole[] = "\"authentication\":{\"type\":\"uas_id_signature\"";
    static struct fake_conversation f;
    struct made m = { .len = 0 };
    struct kept_facts k;

    heartbeat(&m, 2);
    authentication(&m, 0, 1, 40);
    authentication(&m, 1, 0, 0);
    tell(&k, &m, &f);
    assert_int_equal(kept_facts_count(&k, FACT_BROADCAST), 2);
    const struct fact_broadcast *first = kept_facts_row(&k, FACT_BROADCAST, 0),
        *second = kept_facts_row(&k, FACT_BROADCAST, 1);
    assert_null(memmem(first->details.at, first->details.len, whole, sizeof whole - 1));
    assert_non_null(memmem(second->details.at, second->details.len, whole, sizeof whole - 1));
    assert_non_null(memmem(second->details.at, second->details.len, "6161616262", 10));
    assert_int_equal(second->verified, FACT_UNKNOWN_INT);
    fake_done(&f);
    kept_facts_done(&k);
}

/* Two autopilots on one link, each with an id of its own, whose pages come in turns; with the key of the first. */
static void signatures_of_two_systems(void **state)
{
    static struct fake_conversation f;
    struct reading_options options = { .rid_keys = NULL };
    struct rid_keys keys;
    struct signer first, second;
    uint8_t of_first[160], of_second[160], of_nobody[160];
    const char *why = NULL;

    make_signer(&first, NULL);
    make_signer(&second, NULL);
    struct arena *arena = arena_new(0);
    assert_true(rid_keys_read((struct bytes){ .at = (const uint8_t *)first.pem, .len = strlen(first.pem) }, arena,
                              &keys, &why));
    options.rid_keys = &keys;
    const struct bytes id = { .at = (const uint8_t *)SERIAL, .len = sizeof SERIAL - 1 };
    const size_t len = sign(&first, NULL, id, of_first);
    assert_int_equal(sign(&second, NULL, id, of_second), len);
    memcpy(of_nobody, of_first, len);
    of_nobody[5] ^= 1;
    const uint8_t *const signatures[] = { of_first, of_second, of_nobody };
    for (size_t i = 0; i < 3; i++) {
        struct made m = { .len = 0 };
        struct kept_facts k;
        basic_id(&m);
        system_number = 2;
        basic_id_of(&m, "1596EXAMPLE00002");
        for (unsigned page = 0; page < SIGNATURE_PAGES; page++) {
            system_number = 1;
            signature_page(&m, page, signatures[i], len);
            system_number = 2;
            signature_page(&m, page, of_second, len);
        }
        system_number = 1;
        kept_facts_init(&k);
        fake_begin(&f, &mavlink_protocol, &k.sink, false, 14550);
        f.reading.options = &options;
        fake_datagram(&f, DIRECTION_OUT, made_bytes(&m));
        fake_end(&f);
        assert_int_equal(kept_facts_count(&k, FACT_BROADCAST), 10);
        for (size_t row = 2; row < 8; row++)
            assert_int_equal(((const struct fact_broadcast *)kept_facts_row(&k, FACT_BROADCAST, row))->verified,
                             FACT_UNKNOWN_INT);
        const struct fact_broadcast *of_1 = kept_facts_row(&k, FACT_BROADCAST, 8),
            *of_2 = kept_facts_row(&k, FACT_BROADCAST, 9);
        assert_text_equal(of_1->uas_id, SERIAL);
        assert_text_equal(of_2->uas_id, "1596EXAMPLE00002");
        assert_int_equal(of_1->verified, i == 0);
        assert_int_equal(of_2->verified, false);
        assert_int_equal(memmem(of_1->details.at, of_1->details.len, "\"signed\":\"id\"", 13) != NULL, i == 0);
        assert_int_equal(kept_facts_count(&k, FACT_DAMAGE), 0);
        fake_done(&f);
        kept_facts_done(&k);
    }
    EVP_PKEY_free(first.key);
    EVP_PKEY_free(second.key);
    arena_free(arena);
}

/* Message 12919 moves the operator of the last 12904, and of none says no more than the place. */
static void operators_who_move(void **state)
{
    for (int after = 0; after < 2; after++) {
        static struct fake_conversation f;
        struct made m = { .len = 0 }, p = { .len = 0 };
        struct kept_facts k;
        heartbeat(&m, 2);
        if (after)
            system_message(&m);
        put_le(&p, 488000500, 4), put_le(&p, 92000700, 4);
        put_float(&p, 51);
        put_le(&p, 200000009, 4);
        frame(&m, 2, 12919, 7, p);
        tell(&k, &m, &f);
        assert_int_equal(kept_facts_count(&k, FACT_BROADCAST), after + 1u);
        const struct fact_broadcast *b = kept_facts_row(&k, FACT_BROADCAST, (size_t)after);
        assert_true(fabs(b->operator_latitude_deg - 48.80005) < 1e-9 &&
                    fabs(b->operator_longitude_deg - 9.20007) < 1e-9);
        assert_non_null(memmem(b->details.at, b->details.len, "\"operator_altitude_m\":51.0", 26));
        assert_non_null(memmem(b->details.at, b->details.len, "\"timestamp_utc_s\":1746300809", 28));
        if (after) {
            assert_text_equal(b->operator_source, "live");
            assert_non_null(memmem(b->details.at, b->details.len, "\"area_radius_m\":30", 18));
        } else {
            assert_false(text_known(b->operator_source));
        }
        fake_done(&f);
        kept_facts_done(&k);
    }
}

/* What aircraft say of themselves: over TCP in pieces of any size, each place and the number once. */
static void places_and_number(void **state)
{
    static struct fake_conversation f;
    struct made m = { .len = 0 }, p = { .len = 0 };
    struct kept_facts k;

    put_zeros(&p, 28);
    frame(&m, 2, 33, 104, p);                        /* no fix */
    p.len = 0;
    put_le(&p, 1000, 4), put_le(&p, 525200080, 4), put_le(&p, 134049540, 4), put_le(&p, 120000, 4), put_le(&p, 80000,
                                                                                                           4);
    put_zeros(&p, 8);
    frame(&m, 1, 33, 104, p);
    frame(&m, 2, 33, 104, p);                        /* again */
    p.len = 0;
    put_le(&p, (uint32_t)-25000000, 4), put_le(&p, (uint32_t)-10000000, 4);
    put_zeros(&p, 44);
    frame(&m, 2, 242, 104, p);
    p.len = 0;
    put_zeros(&p, 8);
    put_le(&p, 0x1122334455667788, 8);
    put_zeros(&p, 44);
    frame(&m, 2, 148, 178, p);
    frame(&m, 2, 148, 178, p);
    for (size_t step = 0; step < 60; step += 9) {
        kept_facts_init(&k);
        fake_begin(&f, &mavlink_protocol, &k.sink, true, 5760);
        fake_stream(&f, DIRECTION_OUT, made_bytes(&m), step);
        fake_end(&f);
        assert_true(f.recognised);
        assert_int_equal(f.ways[DIRECTION_OUT].readable, m.len);
        assert_int_equal(kept_facts_count(&k, FACT_REQUEST), 2);
        const struct fact_request *place = kept_facts_row(&k, FACT_REQUEST, 0),
            *home = kept_facts_row(&k, FACT_REQUEST, 1);
        assert_text_equal(place->protocol, "mavlink");
        assert_text_equal(place->method, "GLOBAL_POSITION_INT");
        assert_text_equal(place->path, "52.5200080,13.4049540");
        assert_text_equal(home->method, "HOME_POSITION");
        assert_text_equal(home->path, "-2.5000000,-1.0000000");
        assert_int_equal(kept_facts_count(&k, FACT_IDENTIFIER), 1);
        const struct fact_identifier *number = kept_facts_row(&k, FACT_IDENTIFIER, 0);
        assert_text_equal(number->kind, "autopilot_uid");
        assert_text_equal(number->value, "8877665544332211");
        fake_done(&f);
        kept_facts_done(&k);
    }
    /* What follows no frame is no stream any more. */
    PUT(&m, 0x20);
    kept_facts_init(&k);
    fake_begin(&f, &mavlink_protocol, &k.sink, true, 5760);
    fake_stream(&f, DIRECTION_OUT, made_bytes(&m), 0);
    assert_true(f.ways[DIRECTION_OUT].opaque);
    fake_end(&f);
    fake_done(&f);
    kept_facts_done(&k);
}

static void what_is_recognised(void **state)
{
    for (unsigned version = 1; version <= 2; version++)
        for (int wrong = 0; wrong < 2; wrong++) {
            static struct fake_conversation f;
            struct made m = { .len = 0 };
            struct kept_facts k;
            heartbeat(&m, version);
            m.at[m.len - 1] ^= (uint8_t)wrong;
            tell(&k, &m, &f);
            assert_int_equal(f.recognised, !wrong);
            fake_done(&f);
            kept_facts_done(&k);
        }
}

static void cut_everywhere_and_flipped(void **state)
{
    struct made whole = { .len = 0 };

    heartbeat(&whole, 2);
    location(&whole);
    for (size_t i = 0; i < whole.len + 8 * whole.len; i++) {
        static struct fake_conversation f;
        struct kept_facts k;
        struct made m = whole;
        if (i < whole.len)
            m.len = i;
        else
            m.at[(i - whole.len) / 8] ^= (uint8_t)(1u << (i - whole.len) % 8);
        if (m.len == 0)
            continue;
        tell(&k, &m, &f);
        fake_done(&f);
        kept_facts_done(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_remote_id), cmocka_unit_test(authentication_in_pages),
        cmocka_unit_test(signatures_of_two_systems), cmocka_unit_test(operators_who_move),
        cmocka_unit_test(places_and_number),
        cmocka_unit_test(what_is_recognised),
        cmocka_unit_test(cut_everywhere_and_flipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
