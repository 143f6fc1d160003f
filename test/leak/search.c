/* Borders, gaps, budgets, identifiers, files, times; and what the rows say. */
#include "leak/plant.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/hash.h"
#include "leak/claims.h"
#include "leak/view.h"

static struct secrets *secrets;
static struct leak_index *known;
static struct track_point *flown;

static int prepare(void **state)
{
    (void)state;
    flown = calloc(survey.points, sizeof *flown);
    fly(&sites[SITE_SOUTH], &survey, flown);
    secrets = secrets_with_flight(&sites[SITE_SOUTH]);
    secrets_add_point(secrets, TEXT("flight-1"), SUBJECT_TAKEOFF, flown[0].longitude_deg, flown[0].latitude_deg,
                      FACT_UNKNOWN_INT);
    secrets_add_literal(secrets, TEXT("device-1"), SECRET_SERIAL, TEXT("serial number"), TEXT("1ZNBX9K00C00Q7"));
    secrets_add_literal(secrets, TEXT("identifier-1"), SECRET_IDENTIFIER, TEXT("hardware address"),
                        TEXT("60:60:1f:ab:cd:e7"));
    secrets_add_text(secrets, TEXT("pilot mail"), TEXT("Pilot+One@unit.example"));
    known = leak_index_new(secrets, NULL);
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    leak_index_free(known);
    secrets_free(secrets);
    free(flown);
    return 0;
}

static void find_text(struct text t, struct found *f)
{
    const struct bytes in = exact_copy(t.at, t.len);

    find(known, in, 1 << 16, (struct text_list){ NULL, 0 }, f);
    exact_copy_free(in);
}

static void add_points(struct buffer *b, size_t from, size_t step, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_printf(b, "{\"lat\":%.7f,\"lon\":%.7f},", flown[from + i * step].latitude_deg,
                      flown[from + i * step].longitude_deg);
}

/* Whatever the pieces, the rows are the same. */
static void borders_change_nothing(void **state)
{
    struct buffer b;
    struct found whole;

    (void)state;
    buffer_init(&b, 1 << 20);
    buffer_add_text(&b, TEXT("POST /v1 serial=1ZNBX9K00C00Q7 "));
    for (int i = 0; i < 3; i++) {
        put_number(&b, NUMBER_DOUBLE, false, flown[1000 + 40 * i].latitude_deg);
        put_number(&b, NUMBER_DOUBLE, false, flown[1000 + 40 * i].longitude_deg);
    }
    add_points(&b, 3000, 30, 4);
    buffer_add_text(&b, TEXT("mail=Pilot%2BOne%40unit.example&x=MVpOQlg5SzAwQzAwUTd4eHh4eHh4eHh4eHh4eHh4eHh4 end"));
    const struct bytes in = exact_copy(b.at, b.len);
    find(known, in, 1 << 16, (struct text_list){ NULL, 0 }, &whole);
    assert_int_equal(leak_count(&whole), 5);
    for (size_t border = 1; border < in.len; border++) {
        struct found f;
        /* Two pieces, and then pieces of that size. */
        const size_t size = border < in.len / 2 ? in.len - border : in.len - border + 1;
        find(known, in, size, (struct text_list){ NULL, 0 }, &f);
        assert_int_equal(leak_count(&f), leak_count(&whole));
        for (size_t i = 0; i < leak_count(&f); i++) {
            const struct fact_leak *a = leak_row(&f, i), *w = leak_row(&whole, i);
            assert_true(text_equal(a->claim, w->claim));
            if (size >= 8 && a->decoding.count == 1 && !text_equal(a->decoding.items[0], TEXT("base64"))) /* inside a decoding it is where the decoded bytes began to come */
                assert_int_equal(a->head.origin.offset, w->head.origin.offset);
            assert_true(a->evidence_bits == w->evidence_bits);
        }
        found_done(&f);
    }
    for (size_t size = 1; size < 64; size++) {
        struct found f;
        find(known, in, size, (struct text_list){ NULL, 0 }, &f);
        assert_int_equal(leak_count(&f), leak_count(&whole));
        for (size_t i = 0; i < leak_count(&f); i++)
            assert_true(text_equal(leak_row(&f, i)->claim, leak_row(&whole, i)->claim));
        found_done(&f);
    }
    found_done(&whole);
    exact_copy_free(in);
    buffer_done(&b);
}

/* The offset and packet of a hit are those of its own first byte. */
static void hits_say_where(void **state)
{
    struct found f;
    struct buffer b;

    (void)state;
    buffer_init(&b, 1 << 16);
    memset(buffer_extend(&b, 1000), ' ', 1000);
    buffer_add_text(&b, TEXT("1ZNBX9K00C00Q7"));
    memset(buffer_extend(&b, 300), ' ', 300);
    find(known, (struct bytes){ .at = b.at, .len = b.len, .origin = 5000 }, 100, (struct text_list){ NULL, 0 }, &f);
    assert_int_equal(leak_count(&f), 1);
    const struct fact_leak *leak = leak_row(&f, 0);
    assert_int_equal(leak->head.origin.offset, 6000);
    assert_int_equal(leak->head.origin.length, 14);
    assert_int_equal(leak->head.origin.packet_first, 11);
    assert_text_equal(leak->what, "serial");
    assert_text_equal(leak->secret, "device-1");
    assert_text_equal(leak->destination, "collector.example");
    assert_text_equal(leak->claim, "The serial number was sent in readable form, addressed to collector.example.");
    assert_text_equal(leak->hits, "[{\"offset\":6000,\"length\":14,\"packet\":11,\"text\":\"1************7\"}]");
    assert_int_equal(leak->flow, 7);
    found_done(&f);
    buffer_done(&b);
}

static void nothing_matches_across_a_gap(void **state)
{
    struct payload_search *search = leak_search_new(known);
    const struct payload_source source = { .flow = 1, .packet_first = 1, .offset = 0, .at_utc_ns = FLIGHT_START_NS };
    struct found f;

    (void)state;
    kept_facts_init(&f.facts);
    f.reading = reading_for_test(&f.facts);
    struct payload_view *v = search->open(search, &f.reading, &source);
    search->feed(v, (struct bytes){ .at = (const uint8_t *)"xx 1ZNBX9K", .len = 10 }, 1, FLIGHT_START_NS);
    search->gap(v, 1);
    search->feed(v, (struct bytes){ .at = (const uint8_t *)"00C00Q7 xx", .len = 10 }, 2, FLIGHT_START_NS);
    search->gap(v, 40);
    /* a number cut by the gap is not a shorter number */
    search->feed(v, (struct bytes){ .at = (const uint8_t *)"8.7140", .len = 6 }, 3, FLIGHT_START_NS);
    search->close(v);
    leak_search_item_done(search, &f.reading);
    leak_search_free(search);
    assert_int_equal(leak_count(&f), 0);
    assert_int_equal(search_row(&f)->bytes_searched, 26);
    found_done(&f);
}

/* Each message under a key of its own: nothing can be learned from one about the next.  What was found is one sender's
 * path. */
static void a_key_for_each_message(void **state)
{
    enum { MESSAGES = 12, POINTS_EACH = 8, KEY_BYTES = 4 };
    struct payload_search *search = leak_search_new(known);
    const struct payload_source source = { .flow = 1, .packet_first = 1, .offset = 0, .at_utc_ns = FLIGHT_START_NS };
    uint64_t random = 7;
    struct found f;

    (void)state;
    kept_facts_init(&f.facts);
    f.reading = reading_for_test(&f.facts);
    struct payload_view *v = search->open(search, &f.reading, &source);
    for (size_t m = 0; m < MESSAGES; m++) {
        struct buffer b;
        uint8_t key[KEY_BYTES];
        buffer_init(&b, 1 << 16);
        add_points(&b, 1000 + m * POINTS_EACH * 20, 20, POINTS_EACH);
        random_fill(&random, key, sizeof key);
        for (size_t i = 0; i < b.len; i++)
            b.at[i] ^= key[i % KEY_BYTES];
        if (m > 0)
            search->gap(v, 0);
        search->feed(v, (struct bytes){ .at = b.at, .len = b.len }, (int64_t)m + 1, FLIGHT_START_NS);
        buffer_done(&b);
    }
    search->close(v);
    leak_search_item_done(search, &f.reading);
    leak_search_free(search);
    assert_int_equal(leak_count(&f), 1);
    const struct fact_leak *leak = leak_row(&f, 0);
    assert_text_equal(leak->secret, "flight-1");
    assert_text_equal(leak->claim_key, "path_sent");
    assert_int_equal(leak->decoding.count, 2);
    assert_text_equal(leak->decoding.items[0], "XOR, another key for each message");
    /* Of a message of 8 points an XOR by a few bits now and then looks as well. */
    if (leak->points < (MESSAGES - 2) * POINTS_EACH)
        fail_msg("%d points of %d", (int)leak->points, MESSAGES * POINTS_EACH);
    found_done(&f);
}

/* Datagrams of four messages, each of which begins with the same key anew: it goes on from another of its bytes behind
 * each. */
static void several_keyed_messages_in_one(void **state)
{
    enum { DATAGRAMS = 5, MESSAGES = 4, POINTS_EACH = 6 };
    static const uint8_t key[] = { 0x91, 0x4e, 0xd7, 0x08, 0x63 };
    struct payload_search *search = leak_search_new(known);
    const struct payload_source source = { .flow = 1, .packet_first = 1, .offset = 0, .at_utc_ns = FLIGHT_START_NS };
    struct found f;
    size_t from = 1000;

    (void)state;
    kept_facts_init(&f.facts);
    f.reading = reading_for_test(&f.facts);
    struct payload_view *v = search->open(search, &f.reading, &source);
    for (size_t d = 0; d < DATAGRAMS; d++) {
        struct buffer b;
        buffer_init(&b, 1 << 16);
        buffer_add(&b, (const uint8_t[]){ 0x5a, 0x01, 0, 0, 0, (uint8_t)d }, 6);
        for (size_t m = 0; m < MESSAGES; m++, from += POINTS_EACH * 20) {
            const size_t start = b.len;
            add_points(&b, from, 20, POINTS_EACH);
            for (size_t i = start; i < b.len; i++)
                b.at[i] ^= key[(i - start) % sizeof key];
        }
        if (d > 0)
            search->gap(v, 0);
        search->feed(v, (struct bytes){ .at = b.at, .len = b.len }, (int64_t)d + 1, FLIGHT_START_NS);
        buffer_done(&b);
    }
    search->close(v);
    leak_search_item_done(search, &f.reading);
    leak_search_free(search);
    const struct fact_leak *leak = leak_with(&f, "path_sent");
    assert_non_null(leak);
    assert_text_equal(leak->secret, "flight-1");
    if (leak->points < (DATAGRAMS * MESSAGES - 2) * POINTS_EACH)
        fail_msg("%d points of %d", (int)leak->points, DATAGRAMS * MESSAGES * POINTS_EACH);
    found_done(&f);
}

static void identifiers_in_all_forms(void **state)
{
    static const struct {
        const char *text, *claim_key, *last_step;
    } cases[] = {
        { "sn=1ZNBX9K00C00Q7&", "identifier_sent", "text" },
        { "sn=1znbx9k00c00q7&", "identifier_sent", "text" },
        { "bssid=60601FABCDE7;", "identifier_sent", "text" },
        { "bssid=60-60-1f-ab-cd-e7;", "identifier_sent", "text" },
        { "m=60%3A60%3a1F%3Aab%3Acd%3Ae7;", "identifier_sent", "text" },
        { "mail=Pilot%2BOne%40unit.example", "named_value_sent", "text" },
        { "Authorization: Basic MVpOQlg5SzAwQzAwUTc=", "identifier_sent", "base64" },
        { "x MTFaTkJYOUswMEMwMFE3 y", "identifier_sent", "base64" },
        { "x MTExWk5CWDlLMDBDMDBRNw y", "identifier_sent", "base64" },
        { "hex 315A4E4258394B30304330305137 end", "identifier_sent", "hex" },
        { "sn=1ZNBX9K00C00Q", NULL, NULL },
        { "mail=pilot+one@unit.example", "named_value_sent", "text" },
        { "mail=pilot+two@unit.example", NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct found f;
        find_text(text_of(cases[i].text), &f);
        if (leak_count(&f) != (cases[i].claim_key != NULL))
            fail_msg("%s: %zu leaks", cases[i].text, leak_count(&f));
        if (cases[i].claim_key) {
            const struct fact_leak *leak = leak_row(&f, 0);
            assert_text_equal(leak->claim_key, cases[i].claim_key);
            assert_text_equal(leak->decoding.items[leak->decoding.count - 1], cases[i].last_step);
            /* the value itself is nowhere in the row */
            for (size_t k = 0; k + 6 <= leak->claim.len; k++)
                assert_memory_not_equal(leak->claim.at + k, "1ZNBX9", 6);
        }
        found_done(&f);
    }
}

static void hashed_identifiers(void **state)
{
    const char *values[] = { "1ZNBX9K00C00Q7", "1znbx9k00c00q7" };
    const char *forms[] = { "MD5", "SHA-1", "SHA-256" };

    (void)state;
    for (int v = 0; v < 2; v++)
        for (int form = 0; form < 3; form++) {
            const struct bytes value = { .at = (const uint8_t *)values[v], .len = strlen(values[v]) };
            uint8_t digest[SHA256_BYTES];
            char text[128] = "id=";
            struct found f;
            if (form == 0)
                md5_of(value, digest);
            else if (form == 1)
                sha1_of(value, digest);
            else
                sha256_of(value, digest);
            hash_hex(digest, form == 0 ? 16 : form == 1 ? 20 : 32, text + 3);
            find_text(text_of(text), &f);
            assert_int_equal(leak_count(&f), 1);
            assert_text_equal(leak_row(&f, 0)->claim_key, "identifier_digest_sent");
            assert_text_equal(leak_row(&f, 0)->decoding.items[0], forms[form]);
            found_done(&f);
        }
}

/* As python3's uuid.UUID(bytes=hashlib.md5(b"1ZNBX9K00C00Q7").digest(), version=3) has it, and without the version. */
static void identifiers_as_uuid(void **state)
{
    static const char *const texts[] = { "id=0b0659aa-739a-321e-9b2a-16b591ca0dcf", "ID=0B0659AA-739A-421E-5B2A-16B591CA0DCF" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct found f;
        find_text(text_of(texts[i]), &f);
        assert_int_equal(leak_count(&f), 1);
        assert_text_equal(leak_row(&f, 0)->claim_key, "identifier_digest_sent");
        assert_text_equal(leak_row(&f, 0)->decoding.items[0], "MD5 UUID");
        found_done(&f);
    }
}

/* One network's address is an identifier; three in one view tell a place besides, in one row, and no track. */
static void networks_together_tell_a_place(void **state)
{
    static const char *const addresses[] = { "60:60:1f:ab:cd:e7", "a0:b1:c2:d3:e4:05", "1c:2d:3e:4f:50:61",
                                             "77:88:99:aa:bb:cd" };
    struct secrets *s = secrets_new();

    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char id[16];
        snprintf(id, sizeof id, "network-%zu", i + 1);
        secrets_add_literal(s, text_of(id), SECRET_NETWORK, TEXT("address of a Wi-Fi network"), text_of(addresses[i]));
    }
    struct leak_index *index = leak_index_new(s, NULL);
    for (size_t n = 1; n <= sizeof addresses / sizeof *addresses; n++) {
        struct buffer b;
        struct found f;
        size_t places = 0;
        buffer_init(&b, 1 << 16);
        for (size_t i = 0; i < n; i++)
            buffer_printf(&b, "{\"bssid\":\"%s\",\"level\":-%zu},", addresses[i], 50 + i);
        const struct bytes in = exact_copy(b.at, b.len);
        find(index, in, 1 << 16, (struct text_list){ NULL, 0 }, &f);
        for (size_t i = 0; i < leak_count(&f); i++) {
            const struct fact_leak *leak = leak_row(&f, i);
            if (!text_equal(leak->claim_key, TEXT("networks_nearby_sent")))
                continue;
            places++;
            assert_text_equal(leak->what, "place_reference");
            assert_int_equal(leak->points, n);
        }
        assert_int_equal(places, n >= 3);
        assert_int_equal(leak_count(&f), n + places);
        found_done(&f);
        exact_copy_free(in);
        buffer_done(&b);
    }
    leak_index_free(index);
    secrets_free(s);
}

static void values_that_anybody_could_send_are_not_searched(void **state)
{
    struct secrets *s = secrets_new();

    (void)state;
    secrets_add_literal(s, TEXT("a"), SECRET_SERIAL, TEXT("serial number"), TEXT("1234567"));
    secrets_add_literal(s, TEXT("b"), SECRET_SERIAL, TEXT("serial number"), TEXT("0000000000000000"));
    secrets_add_literal(s, TEXT("c"), SECRET_SERIAL, TEXT("serial number"), TEXT("0123456789"));
    secrets_add_literal(s, TEXT("d"), SECRET_IDENTIFIER, TEXT("ssid"), TEXT("        "));
    secrets_add_literal(s, TEXT("e"), SECRET_IDENTIFIER, TEXT("ssid"), TEXT_UNKNOWN);
    secrets_add_literal(s, TEXT("f"), SECRET_IDENTIFIER, TEXT("uuid"), TEXT("00000000-0000-0000-0000-000000000000"));
    assert_int_equal(s->literal_count, 0);
    secrets_add_literal(s, TEXT("g"), SECRET_SERIAL, TEXT("serial number"), TEXT("AB12CD34"));
    secrets_add_literal(s, TEXT("h"), SECRET_SERIAL, TEXT("serial number"), TEXT("ab12cd34")); /* known already */
    assert_int_equal(s->literal_count, 1);
    secrets_free(s);
}

static void path_with_times(void **state)
{
    struct buffer b;
    struct found f;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (size_t i = 0; i < 8; i++) {
        const struct track_point *p = &flown[200 + i * 50]; /* one straight row */
        buffer_printf(&b, "{\"ts\":%lld,\"lat\":%.6f,\"lon\":%.6f},\n", (long long)(p->time_utc_ns / 1000000),
                      p->latitude_deg, p->longitude_deg);
    }
    find_text(buffer_text(&b), &f);
    assert_int_equal(leak_count(&f), 1);
    const struct fact_leak *leak = leak_row(&f, 0);
    assert_text_equal(leak->claim_key, "path_sent");
    assert_text_equal(leak->what, "flight_path");
    assert_int_equal(leak->points, 8);
    assert_int_equal(leak->matched_from, flown[200].time_utc_ns);
    assert_int_equal(leak->matched_to, flown[550].time_utc_ns);
    assert_text_equal(leak->datum, "WGS-84");
    found_done(&f);

    /* Without the times eight points on a row are positions near the path. */
    buffer_clear(&b);
    add_points(&b, 200, 50, 8);
    find_text(buffer_text(&b), &f);
    assert_int_equal(leak_count(&f), 1);
    assert_text_equal(leak_row(&f, 0)->claim_key, "positions_near_path");
    assert_text_equal(leak_row(&f, 0)->decoding.items[0], "decimal text");
    found_done(&f);

    /* Sixteen are a track; and round a turn they are this flight. */
    buffer_clear(&b);
    add_points(&b, 100, 20, 20);
    find_text(buffer_text(&b), &f);
    assert_text_equal(leak_row(&f, 0)->claim_key, "track_along_rows");
    found_done(&f);
    buffer_clear(&b);
    add_points(&b, 700, 20, 30);
    find_text(buffer_text(&b), &f);
    assert_text_equal(leak_row(&f, 0)->claim_key, "path_sent");
    found_done(&f);
    buffer_done(&b);
}

/* A point's time stands before it or behind it, and the next one's beside it: all of them count, and at their own
 * times. */
static void times_on_either_side(void **state)
{
    static const char *const records[] = { "{\"ts\":%3$lld,\"lat\":%1$.7f,\"lon\":%2$.7f},",
                                           "{\"lat\":%1$.7f,\"lon\":%2$.7f,\"ts\":%3$lld}," };
    enum { POINTS = 12, STEP = 20 };
    struct buffer b;
    struct found f;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (size_t order = 0; order < sizeof records / sizeof *records; order++) {
        buffer_clear(&b);
        for (size_t i = 0; i < POINTS; i++) {
            const struct track_point *p = &flown[700 + i * STEP];
            char text[128];
            snprintf(text, sizeof text, records[order], p->latitude_deg, p->longitude_deg,
                     (long long)(p->time_utc_ns / 1000000));
            buffer_add_text(&b, text_of(text));
        }
        find_text(buffer_text(&b), &f);
        const struct fact_leak *leak = leak_with(&f, "path_sent");
        assert_non_null(leak);
        assert_int_equal(leak->points, POINTS);
        assert_int_equal(leak->matched_from, flown[700].time_utc_ns / 1000000 * 1000000);
        assert_int_equal(leak->matched_to, flown[700 + (POINTS - 1) * STEP].time_utc_ns / 1000000 * 1000000);
        found_done(&f);
    }
    buffer_done(&b);
}

/* Irregular sampling with foreign points strewn in still is the path. */
static void uneven_sampling(void **state)
{
    uint64_t random = 3;
    struct buffer b;
    struct found f;
    size_t at = 400;

    (void)state;
    buffer_init(&b, 1 << 20);
    for (int i = 0; i < 80; i++) {
        add_points(&b, at, 1, 1);
        if (i % 13 == 5)
            buffer_printf(&b, "{\"lat\":%.7f,\"lon\":%.7f},", flown[0].latitude_deg + 0.004,
                          flown[0].longitude_deg + 0.0043);
        at += 3 + random_next(&random) % 12;
    }
    find_text(buffer_text(&b), &f);
    assert_text_equal(leak_row(&f, 0)->claim_key, "path_sent");
    found_done(&f);
    buffer_done(&b);
}

/* A request for each position: they are judged together. */
static void one_position_per_request(void **state)
{
    struct payload_search *search = leak_search_new(known);
    const struct text step = TEXT("http body");
    const struct payload_source source = { .flow = 3, .destination = TEXT("x.example"), .decoding = { &step, 1 },
                                           .packet_first = 1, .offset = 0, .at_utc_ns = FLIGHT_START_NS };
    struct found f;

    (void)state;
    kept_facts_init(&f.facts);
    f.reading = reading_for_test(&f.facts);
    for (size_t i = 0; i < 40; i++) {
        char body[128];
        struct payload_view *v = search->open(search, &f.reading, &source);
        const int n = snprintf(body, sizeof body, "{\"latitude\":%.6f,\"longitude\":%.6f}",
                               flown[700 + i * 15].latitude_deg, flown[700 + i * 15].longitude_deg);
        search->feed(v, (struct bytes){ .at = (const uint8_t *)body, .len = (size_t)n }, 1, FLIGHT_START_NS);
        search->close(v);
    }
    leak_search_item_done(search, &f.reading);
    leak_search_item_done(search, &f.reading); /* another, of which nothing was searched: that is said, too */
    leak_search_free(search);
    assert_int_equal(leak_count(&f), 1);
    assert_text_equal(leak_row(&f, 0)->claim_key, "path_sent");
    assert_int_equal(leak_row(&f, 0)->decoding.count, 2);
    assert_text_equal(leak_row(&f, 0)->decoding.items[0], "http body");
    assert_int_equal(kept_facts_count(&f.facts, FACT_SEARCH), 2);
    assert_int_equal(search_row(&f)->views, 40);
    found_done(&f);
}

static void takeoff_point(void **state)
{
    char text[128];
    struct found f;

    (void)state;
    snprintf(text, sizeof text, "GET /weather?lat=%.5f&lon=%.5f HTTP/1.1", flown[0].latitude_deg,
             flown[0].longitude_deg);
    find_text(text_of(text), &f);
    assert_int_equal(leak_count(&f), 1);
    assert_text_equal(leak_row(&f, 0)->claim_key, "positions_at_takeoff");
    assert_text_equal(leak_row(&f, 0)->secret, "flight-1");
    found_done(&f);
}

static void files(void **state)
{
    enum { PHOTO_BYTES = 300000, OTHER_BYTES = 90000 };
    uint64_t random = 77;
    uint8_t *photo = malloc(PHOTO_BYTES), *other = malloc(OTHER_BYTES);
    struct secrets *s = secrets_new();
    const struct text step = TEXT("http body");
    struct buffer b;
    struct found f;

    (void)state;
    assert_non_null(photo);
    assert_non_null(other);
    random_fill(&random, photo, PHOTO_BYTES);
    random_fill(&random, other, OTHER_BYTES);
    memcpy(other, photo, 40000); /* one camera's long common header */
    secrets_add_file(s, TEXT("evidence-1"), "media", (struct bytes){ .at = photo, .len = PHOTO_BYTES }, NULL);
    secrets_add_file(s, TEXT("evidence-2"), "media", (struct bytes){ .at = other, .len = OTHER_BYTES }, NULL);
    struct leak_index *index = leak_index_new(s, NULL);

    find(index, (struct bytes){ .at = photo, .len = PHOTO_BYTES }, 1448, (struct text_list){ &step, 1 }, &f);
    assert_int_equal(leak_count(&f), 1);
    assert_text_equal(leak_row(&f, 0)->claim_key, "file_sent");
    assert_text_equal(leak_row(&f, 0)->secret, "evidence-1");
    assert_text_equal(leak_row(&f, 0)->what, "media");
    found_done(&f);

    buffer_init(&b, 1 << 20);
    buffer_add_text(&b, TEXT("--boundary\r\nContent-Type: image/jpeg\r\n\r\n"));
    buffer_add(&b, photo, PHOTO_BYTES / 2);
    find(index, (struct bytes){ .at = b.at, .len = b.len }, 1448, (struct text_list){ &step, 1 }, &f);
    assert_int_equal(leak_count(&f), 1);
    assert_text_equal(leak_row(&f, 0)->claim_key, "file_content_sent");
    found_done(&f);

    /* The common header alone is no file. */
    find(index, (struct bytes){ .at = photo, .len = 30000 }, 1448, (struct text_list){ &step, 1 }, &f);
    assert_int_equal(leak_count(&f), 0);
    found_done(&f);
    /* Nor is what every file of that camera begins with, when only one is known: only the head. */
    struct secrets *alone = secrets_new();
    secrets_add_file(alone, TEXT("evidence-1"), "media", (struct bytes){ .at = photo, .len = PHOTO_BYTES }, NULL);
    struct leak_index *alone_index = leak_index_new(alone, NULL);
    find(alone_index, (struct bytes){ .at = photo, .len = 60000 }, 1448, (struct text_list){ &step, 1 }, &f);
    assert_int_equal(leak_count(&f), 0);
    found_done(&f);
    leak_index_free(alone_index);
    secrets_free(alone);

    /* Parts in another order, as a resumed upload sends them, one of them twice. */
    buffer_clear(&b);
    for (int i = 9; i > 2; i--)
        buffer_add(&b, photo + i * 16384, 16384 / 2);
    buffer_add(&b, photo + 9 * 16384, 16384 / 2);
    find(index, (struct bytes){ .at = b.at, .len = b.len }, 1448, (struct text_list){ &step, 1 }, &f);
    assert_int_equal(leak_count(&f), 1);
    assert_text_equal(leak_row(&f, 0)->claim_key, "file_content_sent");
    const struct text claim = leak_row(&f, 0)->claim;
    assert_non_null(memmem(claim.at, claim.len, " % of it", 8));
    found_done(&f);

    leak_index_free(index);
    secrets_free(s);
    buffer_done(&b);
    free(photo);
    free(other);
}

static void bombs_end_at_the_budget(void **state)
{
    enum { LEVELS = 3, START_BYTES = 40 << 20 };
    const struct leak_limits limits = { .decoded_per_view = 1 << 20, .decoded_ratio = 2, .decoded_total = 8 << 20,
                                        .depth = 3, .hits_bytes = 1 << 20 };
    struct leak_index *index = leak_index_new(secrets, &limits);
    uint8_t *zeros = calloc(1, START_BYTES);
    struct buffer b;
    struct found f;

    (void)state;
    assert_non_null(zeros);
    buffer_init(&b, 2 * START_BYTES);
    z_stream z = { 0 };
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    const size_t room = deflateBound(&z, START_BYTES);
    z.next_in = zeros;
    z.avail_in = START_BYTES;
    z.next_out = buffer_extend(&b, room);
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    b.len = z.total_out;
    deflateEnd(&z);
    buffer_add_text(&b, TEXT(" 1ZNBX9K00C00Q7 "));
    find(index, (struct bytes){ .at = b.at, .len = b.len }, 1448, (struct text_list){ NULL, 0 }, &f);
    assert_int_equal(leak_count(&f), 1); /* what stands behind the bomb is still searched */
    assert_true(search_row(&f)->bytes_not_decoded > 30000);
    found_done(&f);
    buffer_done(&b);
    free(zeros);
    leak_index_free(index);
}

/* A stream of nothing but positions keeps its memory. */
static void hits_are_bounded(void **state)
{
    const struct leak_limits limits = { .decoded_per_view = 1 << 20, .decoded_ratio = 2, .decoded_total = 8 << 20,
                                        .depth = 3, .hits_bytes = 256 << 10 };
    struct leak_index *index = leak_index_new(secrets, &limits);
    struct buffer b;
    struct found f;

    (void)state;
    buffer_init(&b, 8 << 20);
    for (int i = 0; i < 20; i++)
        add_points(&b, 0, 17, 1000);
    find(index, (struct bytes){ .at = b.at, .len = b.len }, 4096, (struct text_list){ NULL, 0 }, &f);
    assert_text_equal(leak_row(&f, 0)->claim_key, "path_sent");
    found_done(&f);
    buffer_done(&b);
    leak_index_free(index);
}

static void open_views_are_small(void **state)
{
    (void)state;
    assert_true(sizeof(struct view) <= 128); /* and payload_view, which has it inside, below 256 */
}

static bool says(struct text sentence, const char *phrase)
{
    const size_t n = strlen(phrase);

    for (size_t i = 0; i + n <= sentence.len; i++)
        if (text_equal_ignoring_case((struct text){ sentence.at + i, n }, text_of(phrase)))
            return true;
    return false;
}

static void claims_never_say_too_much(void **state)
{
    const struct claim_values values = {
        .label = TEXT("serial number"), .name = TEXT("NAME"), .destination = TEXT("host.example"), .form = TEXT("MD5"),
        .from = TEXT("2030-05-17T10:00:00Z"), .to = TEXT("2030-05-17T10:05:00Z"), .count = 12, .of = 20,
        .searched = 1, .total = 2, .opaque = 1, .percent = 50, .metres = 800,
    };
    struct arena *arena = arena_new(0);

    (void)state;
    for (int claim = 0; claim < CLAIM_COUNT; claim++) {
        const struct text sentence = claim_sentence((enum claim)claim, &values, arena);
        assert_true(sentence.len > 20);
        assert_false(says(sentence, "{"));
        assert_false(says(sentence, "unknown"));
        for (size_t i = 0; i < claims_never_count; i++)
            if (says(sentence, claims_never[i]))
                fail_msg("%s says \"%s\"", claims[claim].key, claims_never[i]);
        for (size_t i = 0; i < sizeof claims[0].never / sizeof claims[0].never[0] && claims[claim].never[i]; i++)
            if (says(sentence, claims[claim].never[i]))
                fail_msg("%s says \"%s\"", claims[claim].key, claims[claim].never[i]);
        /* Only one kind of evidence tells this flight from others. */
        assert_int_equal(says(sentence, "this flight"), claim == CLAIM_PATH);
    }
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(borders_change_nothing),
        cmocka_unit_test(hits_say_where),
        cmocka_unit_test(nothing_matches_across_a_gap), cmocka_unit_test(a_key_for_each_message),
        cmocka_unit_test(several_keyed_messages_in_one),
        cmocka_unit_test(identifiers_in_all_forms),
        cmocka_unit_test(hashed_identifiers),
        cmocka_unit_test(identifiers_as_uuid),
        cmocka_unit_test(networks_together_tell_a_place),
        cmocka_unit_test(values_that_anybody_could_send_are_not_searched),
        cmocka_unit_test(path_with_times),
        cmocka_unit_test(times_on_either_side),
        cmocka_unit_test(uneven_sampling),
        cmocka_unit_test(one_position_per_request),
        cmocka_unit_test(takeoff_point),
        cmocka_unit_test(files),
        cmocka_unit_test(bombs_end_at_the_budget),
        cmocka_unit_test(hits_are_bounded),
        cmocka_unit_test(open_views_are_small),
        cmocka_unit_test(claims_never_say_too_much),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
