/* The same rows for any number of threads; queues that are full, items without views, budgets. */
#include "leak/plant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/crew.h"
#include "base/memory.h"
#include "fact/wire.h"

enum { FLOWS = 240, HELPERS_MAX = 7, OPEN_MAX = 24 };

static struct secrets *secrets;
static struct leak_index *known;
static struct track_point *flown;
static struct crew *crew;

static int prepare(void **state)
{
    (void)state;
    flown = calloc(survey.points, sizeof *flown);
    fly(&sites[SITE_SOUTH], &survey, flown);
    secrets = secrets_with_flight(&sites[SITE_SOUTH]);
    secrets_add_literal(secrets, TEXT("device-1"), SECRET_SERIAL, TEXT("serial number"), TEXT("1ZNBX9K00C00Q7"));
    known = leak_index_new(secrets, NULL);
    crew = crew_new(HELPERS_MAX);
    return crew_size(crew) == HELPERS_MAX ? 0 : -1;
}

static int put_away(void **state)
{
    (void)state;
    crew_free(crew);
    leak_index_free(known);
    secrets_free(secrets);
    free(flown);
    return 0;
}

/* What the flows send */

struct sent {
    int64_t flow;
    struct buffer content;
    struct text_list decoding;
    bool leaks;                  /* something that must be found is in it */
};

static void add_points(struct buffer *b, uint64_t *random, size_t count)
{
    const size_t from = random_next(random) % (survey.points - count * 11);

    for (size_t i = 0; i < count; i++)
        buffer_printf(b, "{\"lat\":%.7f,\"lon\":%.7f},\n", flown[from + i * 11].latitude_deg,
                      flown[from + i * 11].longitude_deg);
}

static void add_noise(struct buffer *b, uint64_t *random, size_t len)
{
    random_fill(random, buffer_extend(b, len), len);
}

static void gzip_into(struct buffer *b, struct bytes plain)
{
    z_stream z = { .next_in = (uint8_t *)(uintptr_t)plain.at, .avail_in = (unsigned)plain.len };

    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    const size_t room = deflateBound(&z, plain.len), before = b->len;
    z.next_out = buffer_extend(b, room);
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    b->len = before + z.total_out;
    deflateEnd(&z);
}

static void base64_into(struct buffer *b, struct bytes plain)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i + 2 < plain.len; i += 3) {
        const uint32_t n = (uint32_t)plain.at[i] << 16 | (uint32_t)plain.at[i + 1] << 8 | plain.at[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6)
            buffer_add_u8(b, (uint8_t)alphabet[n >> shift & 63]);
    }
}

static void fill_flow(struct sent *s, int64_t flow, uint64_t *random)
{
    static const struct text body = { "http body", sizeof "http body" - 1 };
    struct buffer plain;

    *s = (struct sent){ .flow = flow };
    buffer_init(&s->content, 8 << 20);
    buffer_init(&plain, 8 << 20);
    add_points(&plain, random, 40);
    const struct bytes points = { .at = plain.at, .len = plain.len };
    switch (flow % 8) {
    case 0: add_noise(&s->content, random, 3000); break;
    case 1: buffer_printf(&s->content, "GET /?sn=1ZNBX9K00C00Q7&n=%d HTTP/1.1\r\n", (int)flow); s->leaks = true; break;
    case 2: buffer_add_text(&s->content, text_of_bytes(points)); s->leaks = true; break;
    case 3: gzip_into(&s->content, points); s->leaks = true; s->decoding = (struct text_list){ &body, 1 }; break;
    case 4: buffer_add_text(&s->content, TEXT("data=")); base64_into(&s->content, points); s->leaks = true; break;
    case 5: /* under a key of its own */
        buffer_add_text(&s->content, text_of_bytes(points));
        for (size_t i = 0; i < s->content.len; i++)
            s->content.at[i] ^= (uint8_t)(0x5a + flow + (int64_t)(i % 4) * 77);
        break;
    case 6: /* pieces that are larger than a view takes at once */
        add_noise(&s->content, random, 70000);
        buffer_add_text(&s->content, text_of_bytes(points));
        add_noise(&s->content, random, 90000);
        s->leaks = true;
        break;
    default:
        for (int i = 0; i < 400; i++)
            put_number(&s->content, NUMBER_INT32_1E7, i & 1,
                       i & 1 ? flown[i * 9].longitude_deg : flown[i * 9].latitude_deg);
        break;
    }
    buffer_done(&plain);
}

static struct sent *flows_to_send(uint64_t seed)
{
    struct sent *flows = memory_alloc_array(FLOWS, sizeof *flows);
    uint64_t random = seed;

    for (int64_t i = 0; i < FLOWS; i++)
        fill_flow(&flows[i], i + 1, &random);
    return flows;
}

static void free_flows(struct sent *flows)
{
    for (size_t i = 0; i < FLOWS; i++)
        buffer_done(&flows[i].content);
    free(flows);
}

/* Many flows are on their way at once, in pieces of any size, some with gaps; a second view of a flow follows the
 * first. */
static void send_all(struct payload_search *search, struct reading *r, const struct sent *flows, uint64_t seed)
{
    struct open_view {
        struct payload_view *view;
        const struct sent *sent;
        size_t at;
    } open[OPEN_MAX] = { 0 };
    uint64_t random = seed;
    int64_t packet = 0;
    size_t next = 0, left = OPEN_MAX;

    while (left) {
        struct open_view *o = &open[random_next(&random) % OPEN_MAX];
        if (!o->view && next == 2 * FLOWS) {
            left -= o->sent != NULL;
            o->sent = NULL;
            continue;
        }
        packet++;
        if (!o->view) {
            const struct sent *s = o->sent = &flows[next++ % FLOWS];
            const struct payload_source source = { .flow = s->flow, .destination = TEXT("collector.example"),
                                                   .decoding = s->decoding,
                                                   .packet_first = packet, .offset = packet * 2000, .at_utc_ns =
                                                       FLIGHT_START_NS };
            o->view = search->open(search, r, &source);
            o->at = 0;
        }
        const size_t limit = random_next(&random) % 16 ? 1448 : 100000, rest = o->sent->content.len - o->at;
        const size_t n = rest < limit ? rest : limit;
        search->feed(o->view, (struct bytes){ .at = o->sent->content.at + o->at, .len = n,
                                              .origin = (uint64_t)packet * 2000 },
                     packet, FLIGHT_START_NS + packet);
        o->at += n;
        if (random_next(&random) % 64 == 0)
            search->gap(o->view, random_next(&random) % 2000);
        if (o->at < o->sent->content.len)
            continue;
        search->close(o->view);
        o->view = NULL;
    }
}

/* The rows, byte for byte. */
static struct buffer rows_of(const struct found *f)
{
    struct buffer b;

    buffer_init(&b, 64 << 20);
    for (size_t i = 0; i < f->facts.count; i++)
        assert_true(wire_encode(&b, f->facts.rows[i].kind, f->facts.rows[i].row, f->facts.rows[i].number));
    return b;
}

static void search_with(struct payload_search *search, unsigned helpers, const struct sent *flows, struct found *f)
{
    kept_facts_init(&f->facts);
    f->reading = reading_for_test(&f->facts);
    leak_search_share(search, crew, helpers);
    if (flows)
        send_all(search, &f->reading, flows, 99);
    leak_search_item_done(search, &f->reading);
}

static void every_flow_is_found(const struct sent *flows, const struct found *f)
{
    int64_t before = 0;
    size_t nth = 0;

    for (size_t i = 0; i < leak_count(f); i++) {
        assert_true(leak_row(f, i)->flow >= before); /* in their order */
        before = leak_row(f, i)->flow;
    }
    for (size_t i = 0; i < FLOWS; i++) {
        while (nth < leak_count(f) && leak_row(f, nth)->flow < flows[i].flow)
            nth++;
        if (flows[i].leaks && (nth == leak_count(f) || leak_row(f, nth)->flow != flows[i].flow))
            fail_msg("nothing was found in flow %d", (int)flows[i].flow);
    }
}

static void rows_are_the_same_for_any_number_of_threads(void **state)
{
    static const unsigned helpers[] = { 0, 1, 2, 3, HELPERS_MAX, 1, 0 };
    struct sent *flows = flows_to_send(7);
    struct payload_search *search = leak_search_new(known); /* one for all items, as a reader has */
    struct buffer first = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++) {
        struct found f;
        search_with(search, helpers[i], flows, &f);
        struct buffer rows = rows_of(&f);
        if (i == 0) {
            every_flow_is_found(flows, &f);
            first = rows;
        } else {
            assert_int_equal(rows.len, first.len);
            assert_memory_equal(rows.at, first.at, first.len);
            buffer_done(&rows);
        }
        found_done(&f);
    }
    buffer_done(&first);
    leak_search_free(search);
    free_flows(flows);
}

/* One flow sends more than all blocks hold, faster than it can be searched: the sender waits. */
static void a_full_queue_waits(void **state)
{
    enum { PIECE = 48 * 1024, PIECES = 400 };
    const struct payload_source source = { .flow = 5, .destination = TEXT("collector.example"), .packet_first = 1 };
    struct buffer first = { 0 }, piece;
    uint64_t random = 11;

    (void)state;
    buffer_init(&piece, 1 << 20);
    add_points(&piece, &random, PIECE / 44);
    for (unsigned helpers = 0; helpers < 3; helpers++) {
        struct payload_search *search = leak_search_new(known);
        struct found f;
        kept_facts_init(&f.facts);
        f.reading = reading_for_test(&f.facts);
        leak_search_share(search, crew, helpers);
        struct payload_view *v = search->open(search, &f.reading, &source);
        for (int64_t i = 0; i < PIECES; i++)
            search->feed(v, (struct bytes){ .at = piece.at, .len = piece.len, .origin = (uint64_t)i * piece.len }, i,
                         FLIGHT_START_NS);
        search->close(v);
        leak_search_item_done(search, &f.reading);
        leak_search_free(search);
        assert_int_equal(search_row(&f)->bytes_searched, PIECES * (int64_t)piece.len);
        assert_text_equal(leak_row(&f, 0)->claim_key, "path_sent");
        struct buffer rows = rows_of(&f);
        if (helpers == 0) {
            first = rows;
        } else {
            assert_int_equal(rows.len, first.len);
            assert_memory_equal(rows.at, first.at, first.len);
            buffer_done(&rows);
        }
        found_done(&f);
    }
    buffer_done(&first);
    buffer_done(&piece);
}

static void of_an_item_without_views_nothing_was_searched(void **state)
{
    struct payload_search *search = leak_search_new(known);
    struct sent *flows = flows_to_send(8);
    struct found f;

    (void)state;
    for (int round = 0; round < 2; round++) {
        search_with(search, 2, NULL, &f);
        assert_int_equal(f.facts.count, 1);
        assert_int_equal(search_row(&f)->bytes_searched, 0);
        found_done(&f);
        search_with(search, 2, flows, &f); /* and the next one is searched */
        every_flow_is_found(flows, &f);
        found_done(&f);
    }
    leak_search_free(search);
    free_flows(flows);
}

/* A view that was fed nothing, and one that was only opened. */
static void small_things_are_not_lost(void **state)
{
    const struct payload_source source = { .flow = 3, .destination = TEXT("collector.example"), .packet_first = 1 };

    (void)state;
    for (unsigned helpers = 0; helpers < 3; helpers++) {
        struct payload_search *search = leak_search_new(known);
        struct found f;
        kept_facts_init(&f.facts);
        f.reading = reading_for_test(&f.facts);
        leak_search_share(search, crew, helpers);
        search->close(search->open(search, &f.reading, &source));
        search->close(NULL);
        struct payload_view *v = search->open(search, &f.reading, &source);
        search->feed(v, (struct bytes){ 0 }, 1, FLIGHT_START_NS);
        search->feed(v, (struct bytes){ .at = (const uint8_t *)" 1ZNBX9K00C00Q7 ", .len = 16 }, 2, FLIGHT_START_NS);
        search->close(v);
        leak_search_item_done(search, &f.reading);
        leak_search_free(search);
        assert_int_equal(leak_count(&f), 1);
        assert_int_equal(leak_row(&f, 0)->head.origin.packet_first, 2);
        assert_int_equal(search_row(&f)->views, 1);
        assert_int_equal(search_row(&f)->bytes_searched, 16);
        found_done(&f);
    }
}

/* Bombs in many flows: all together stay near an item's budget, what was left out is told, and so much whoever
 * searched. */
static void budgets_of_all_lanes_are_told(void **state)
{
    enum { PLAIN_BYTES = 1 << 20, BOMBS = 64, TOTAL = 4 << 20 };
    const struct leak_limits limits = { .decoded_per_view = PLAIN_BYTES, .decoded_ratio = 2, .decoded_total = TOTAL,
                                        .depth = 3,
                                        .hits_bytes = 1 << 20 };
    struct leak_index *index = leak_index_new(secrets, &limits);
    uint8_t *zeros = calloc(1, PLAIN_BYTES);
    int64_t not_decoded = 0;
    struct buffer bomb;

    (void)state;
    assert_non_null(zeros);
    buffer_init(&bomb, 4 << 20);
    gzip_into(&bomb, (struct bytes){ .at = zeros, .len = PLAIN_BYTES });
    buffer_add_text(&bomb, TEXT(" 1ZNBX9K00C00Q7 "));
    for (unsigned helpers = 0; helpers < 4; helpers++) {
        struct payload_search *search = leak_search_new(index);
        unsigned long long decoded = 0;
        struct found f;
        kept_facts_init(&f.facts);
        f.reading = reading_for_test(&f.facts);
        leak_search_share(search, crew, helpers);
        for (int64_t flow = 1; flow <= BOMBS; flow++) {
            const struct payload_source source = { .flow = flow, .packet_first = flow };
            struct payload_view *v = search->open(search, &f.reading, &source);
            search->feed(v, (struct bytes){ .at = bomb.at, .len = bomb.len }, flow, FLIGHT_START_NS);
            search->close(v);
        }
        leak_search_item_done(search, &f.reading);
        leak_search_free(search);
        assert_int_equal(leak_count(&f), BOMBS); /* what stands behind a bomb is still searched */
        const struct fact_search *row = search_row(&f);
        const char *told = strstr(row->note.at, "files; ");
        assert_non_null(told);
        assert_int_equal(sscanf(told, "files; %llu bytes", &decoded), 1);
        assert_in_range(decoded, TOTAL, 3 * TOTAL);
        assert_true(row->bytes_not_decoded > 0);
        if (helpers == 0)
            not_decoded = row->bytes_not_decoded;
        assert_int_equal(row->bytes_not_decoded, not_decoded);
        found_done(&f);
    }
    buffer_done(&bomb);
    free(zeros);
    leak_index_free(index);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_the_same_for_any_number_of_threads),
        cmocka_unit_test(a_full_queue_waits),
        cmocka_unit_test(of_an_item_without_views_nothing_was_searched),
        cmocka_unit_test(small_things_are_not_lost),
        cmocka_unit_test(budgets_of_all_lanes_are_told),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
