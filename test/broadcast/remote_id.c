#include "broadcast/build.h"

#include "broadcast/announce_remote_id.h"
#include "broadcast/authentication.h"

#define SERIAL "1581F0000000000000A1"

static void full_pack(struct made *m, unsigned version)
{
    m->len = 0;
    PUT(m, (uint8_t)(0xf0 | version), 25, 6);
    put_basic_id(m, version, REMOTE_ID_SERIAL, SERIAL);
    put_basic_id(m, version, REMOTE_ID_SESSION, "\x01session");
    put_location(m, version, 487000000, -91000000);
    PUT(m, (uint8_t)(0x30 | version), 0);
    put_text_padded(m, "survey of a roof", 23);
    put_system(m, version, 488000000, 92000000, 200000000);
    put_operator_id(m, version, "FIN00testtest000");
}

static void every_field_of_a_pack(void **state)
{
    struct made m;
    struct remote_id r;
    int v;

    for (unsigned version = 0; version <= 15; version++) { /* no version is a reason not to read */
        full_pack(&m, version);
        assert_int_equal(remote_id_parse(made_bytes(&m), &r), PARSE_OK);
        assert_true(r.is_pack);
        assert_int_equal(r.version, version);
        assert_int_equal(r.messages, 6);
        assert_int_equal(r.oddities, 0);
        assert_int_equal(r.basic_count, 2);
        assert_int_equal(r.basic[0].id_type, REMOTE_ID_SERIAL);
        assert_int_equal(r.basic[0].aircraft_type, 2);
        assert_memory_equal(r.basic[0].id.at, SERIAL, 20);
        assert_int_equal(r.basic[1].id_type, REMOTE_ID_SESSION);
        assert_true(r.has_location && r.has_system && r.has_self_id && r.has_operator_id);
        assert_int_equal(r.location.status, 2);
        assert_int_equal(r.location.latitude, 487000000);
        assert_int_equal(r.location.longitude, -91000000);
        assert_true(remote_id_direction_deg(&r.location, &v));
        assert_int_equal(v, 270);
        assert_true(remote_id_speed_cm_s(&r.location, &v));
        assert_int_equal(v, 1000);
        assert_true(remote_id_vertical_speed_cm_s(&r.location, &v));
        assert_int_equal(v, -200);
        assert_true(remote_id_altitude_dm(r.location.altitude_geodetic, &v));
        assert_int_equal(v, 1205);
        assert_true(remote_id_altitude_dm(r.location.altitude_pressure, &v));
        assert_int_equal(v, 1000);
        assert_int_equal(r.location.timestamp, 12345);
        assert_int_equal(r.location.accuracy_vertical, 4);
        assert_int_equal(r.location.accuracy_horizontal, 10);
        assert_int_equal(r.location.accuracy_pressure, 6);
        assert_int_equal(r.location.accuracy_speed, 3);
        assert_int_equal(r.location.accuracy_timestamp, 5);
        assert_int_equal(r.system.operator_location_type, 1);
        assert_int_equal(r.system.classification, 1);
        assert_int_equal(r.system.latitude, 488000000);
        assert_int_equal(r.system.area_radius, 3);
        assert_int_equal(r.system.category_eu, 1);
        assert_int_equal(r.system.class_eu, 2);
        assert_int_equal(r.system.timestamp, 200000000);
        assert_memory_equal(r.operator_id.at, "FIN00testtest000", 16);
    }
}

static void speeds_and_directions_at_their_ends(void **state)
{
    static const struct { uint8_t east, multiplier, direction, speed; bool has_direction, has_speed; int deg,
                          cm_s; } cases[] = {
        { 0, 0, 0, 0, true, true, 0, 0 },
        { 0, 0, 179, 255, true, true, 179, 6375 },
        { 1, 0, 180, 0, true, true, 360, 0 },
        { 1, 0, 181, 0, false, true, 361, 0 },
        { 0, 1, 0, 0, true, true, 0, 6375 },
        { 0, 1, 0, 254, true, true, 0, 25425 },
        { 0, 1, 0, 255, true, false, 0, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct remote_id_location l = { .east = cases[i].east, .speed_multiplier = cases[i].multiplier,
                                              .direction = cases[i].direction, .speed =
                                                  cases[i].speed, .vertical_speed = 126 };
        int v;
        assert_int_equal(remote_id_direction_deg(&l, &v), cases[i].has_direction);
        assert_int_equal(v, cases[i].deg);
        assert_int_equal(remote_id_speed_cm_s(&l, &v), cases[i].has_speed);
        if (cases[i].has_speed)
            assert_int_equal(v, cases[i].cm_s);
        assert_false(remote_id_vertical_speed_cm_s(&l, &v));
    }
    assert_false(remote_id_place(0, 0));
    assert_true(remote_id_place(0, 1));
    assert_true(remote_id_place(-900000000, 1800000000));
    assert_false(remote_id_place(900000001, 0));
    assert_false(remote_id_place(0, -1800000001));
}

struct bad_pack {
    const char *name;
    uint8_t bytes[4];
    size_t len;
    unsigned messages_behind;
    enum parse_status status;
    unsigned oddities, messages;
};

/* A widely used decoder reads on behind 25 bytes whose first nibble says "pack". */
static const struct bad_pack bad_packs[] = {
    { "nothing", { 0 }, 0, 0, PARSE_TRUNCATED, 0, 0 },
    { "head alone", { 0xf2 }, 1, 0, PARSE_TRUNCATED, 0, 0 },
    { "no count", { 0xf2, 25 }, 2, 0, PARSE_TRUNCATED, 0, 0 },
    { "none", { 0xf2, 25, 0 }, 3, 0, PARSE_OK, REMOTE_ID_EMPTY, 0 },
    { "fewer than said", { 0xf2, 25, 9 }, 3, 2, PARSE_OK, REMOTE_ID_CUT, 2 },
    { "more than nine", { 0xf2, 25, 10 }, 3, 10, PARSE_OK, REMOTE_ID_COUNT | REMOTE_ID_REPEATED, 10 },
    { "another size", { 0xf2, 26, 1 }, 3, 2, PARSE_OK, REMOTE_ID_SIZE, 0 },
    { "size nothing", { 0xf2, 0, 200 }, 3, 2, PARSE_OK, REMOTE_ID_SIZE | REMOTE_ID_COUNT, 0 },
};

static void packs_that_are_not_as_they_say(void **state)
{
    for (size_t i = 0; i < sizeof bad_packs / sizeof *bad_packs; i++) {
        const struct bad_pack *x = &bad_packs[i];
        struct made m = { .len = 0 };
        struct remote_id r;
        put(&m, x->bytes, x->len);
        for (unsigned k = 0; k < x->messages_behind; k++)
            put_operator_id(&m, 2, "");
        struct bytes in = exact_copy(m.at, m.len);
        const enum parse_status status = remote_id_parse(in, &r);
        const unsigned tolerated = REMOTE_ID_REPEATED;
        if (status != x->status || (status == PARSE_OK && ((r.oddities | tolerated) != (x->oddities | tolerated) ||
                                                           r.messages != x->messages)))
            fail_msg("%s: status %d, oddities %u, messages %u", x->name, status, r.oddities, r.messages);
        exact_copy_free(in);
    }
}

static void messages_of_kinds_that_may_not_be(void **state)
{
    struct made m = { .len = 0 };
    struct remote_id r;

    PUT(&m, 0xf2, 25, 4);
    PUT(&m, 0xf2, 25, 9); /* a pack within the pack */
    put_zeros(&m, 22);
    PUT(&m, 0x72);        /* no such type */
    put_zeros(&m, 24);
    put_operator_id(&m, 2, "first");
    put_operator_id(&m, 2, "second");
    assert_int_equal(remote_id_parse(made_bytes(&m), &r), PARSE_OK);
    assert_int_equal(r.oddities, REMOTE_ID_NESTED | REMOTE_ID_UNKNOWN_TYPE | REMOTE_ID_REPEATED);
    assert_memory_equal(r.operator_id.at, "first", 5);

    /* Old content behind the end of a text. */
    m.len = 0;
    PUT(&m, 0x52, 0);
    put_text_padded(&m, "NEW", 4);
    put_text_padded(&m, "OLD", 19);
    assert_int_equal(remote_id_parse(made_bytes(&m), &r), PARSE_OK);
    assert_false(r.is_pack);
    assert_int_equal(r.single_type, REMOTE_ID_OPERATOR);
    assert_int_equal(r.oddities, REMOTE_ID_RESERVED);
}

static void cut_everywhere(void **state)
{
    struct made m = { .len = 0 };

    PUT(&m, 7);
    struct made pack;
    full_pack(&pack, 2);
    put(&m, pack.at, pack.len);
    for (size_t len = 0; len <= m.len; len++) {
        static struct announcement a;
        struct remote_id r;
        struct bytes in = exact_copy(m.at, len);
        announcement_init(&a, ANNOUNCE_REMOTE_ID, CARRIER_WIFI_BEACON);
        const bool there = announce_remote_id(&a, in, &r);
        assert_int_equal(there, len >= 4);
        if (there) {
            assert_int_equal(r.messages, (len - 4) / 25);
            assert_int_equal(r.oddities, len < m.len ? REMOTE_ID_CUT : 0);
            assert_int_equal(fact_known_real(a.longitude_deg), len >= 4 + 3 * 25);
            assert_int_equal(fact_known_real(a.operator_longitude_deg), len >= 4 + 5 * 25);
        }
        exact_copy_free(in);
    }
}

static void every_bit_flipped(void **state)
{
    struct made m;

    full_pack(&m, 2);
    for (size_t bit = 0; bit < 8 * m.len; bit++) {
        static struct announcement a;
        struct remote_id r;
        m.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct bytes in = exact_copy(m.at, m.len);
        announcement_init(&a, ANNOUNCE_REMOTE_ID, CARRIER_WIFI_BEACON);
        if (announce_remote_id(&a, in, &r) && fact_known_real(a.latitude_deg))
            assert_true(a.latitude_deg >= -90 && a.latitude_deg <= 90 && a.longitude_deg >= -180 &&
                        a.longitude_deg <= 180);
        exact_copy_free(in);
        m.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void put_page(struct made *m, unsigned page, unsigned last, unsigned length, uint8_t fill)
{
    PUT(m, 0x22, (uint8_t)(0x10 | page));
    if (page == 0) {
        PUT(m, (uint8_t)last, (uint8_t)length);
        put_le(m, 1000, 4);
    }
    for (int i = 0; i < (page == 0 ? 17 : 23); i++)
        PUT(m, fill);
}

static enum authentication_state add_page(struct authentication *a, unsigned page, unsigned last, unsigned length,
                                          uint8_t fill)
{
    struct made m = { .len = 0 };
    struct remote_id r;

    put_page(&m, page, last, length, fill);
    assert_int_equal(m.len, REMOTE_ID_MESSAGE);
    assert_int_equal(remote_id_parse(made_bytes(&m), &r), PARSE_OK);
    return authentication_add(a, &r);
}

static void authentication_pages_come_one_by_one(void **state)
{
    struct authentication a = { 0 };
    static struct details d;

    assert_int_equal(add_page(&a, 2, 0, 0, 'c'), AUTHENTICATION_PART);
    assert_int_equal(add_page(&a, 0, 2, 60, 'a'), AUTHENTICATION_PART);
    assert_int_equal(add_page(&a, 1, 0, 0, 'b'), AUTHENTICATION_WHOLE);
    assert_memory_equal(a.data, "aaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbccccccccccccccccccccccc", 63);
    details_init(&d);
    authentication_details(&a, NULL, &d);
    const struct text t = details_text(&d);
    assert_non_null(memmem(t.at, t.len, "\"type\":\"uas_id_signature\",\"timestamp_utc_s\":1546301800", 53));
    /* Another length is another signature: the pages of the first are gone. */
    assert_int_equal(add_page(&a, 0, 2, 61, 'x'), AUTHENTICATION_PART);
    assert_int_equal(a.pages_there, 1);
    /* Pages that cannot hold what is promised, or that there may not be. */
    assert_int_equal(add_page(&a, 0, 1, 41, 'x'), AUTHENTICATION_TOO_SHORT);
    assert_int_equal(add_page(&a, 0, 255, 10, 'x'), AUTHENTICATION_TOO_SHORT);
    assert_int_equal(add_page(&a, 0, 1, 40, 'x'), AUTHENTICATION_PART);
    assert_int_equal(add_page(&a, 15, 0, 0, 'y'), AUTHENTICATION_PART);
    assert_int_equal(add_page(&a, 1, 0, 0, 'y'), AUTHENTICATION_WHOLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_of_a_pack),
        cmocka_unit_test(speeds_and_directions_at_their_ends),
        cmocka_unit_test(packs_that_are_not_as_they_say),
        cmocka_unit_test(messages_of_kinds_that_may_not_be),
        cmocka_unit_test(cut_everywhere),
        cmocka_unit_test(every_bit_flipped),
        cmocka_unit_test(authentication_pages_come_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
