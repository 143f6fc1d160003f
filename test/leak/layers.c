/* The same values behind every layer, made by Python (layers.py), fed whole, in pieces of
 * any size, and cut: what is found, by which steps, and that pieces change nothing. */
#include "leak/plant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct secrets *secrets;
static struct leak_index *known;

struct payload {
    char name[256], steps[256];
    struct bytes bytes;
};

enum { PAYLOADS_MAX = 128 };
static struct payload payloads[PAYLOADS_MAX];
static size_t payload_count;

static void read_payloads(void)
{
    char command[4096], line[256];
    const char *source = getenv("LEASH_SOURCE");

    assert_non_null(source);
    snprintf(command, sizeof command, "python3 '%s/test/leak/layers.py'", source);
    FILE *f = popen(command, "re");
    assert_non_null(f);
    while (payload_count < PAYLOADS_MAX && fgets(line, sizeof line, f)) {
        struct payload *p = &payloads[payload_count++];
        size_t len = 0;
        char *steps = strchr(line, '|'), *bytes = steps ? strchr(steps + 1, '|') : NULL;
        assert_non_null(bytes);
        *steps++ = *bytes++ = '\0';
        snprintf(p->name, sizeof p->name, "%s", line);
        snprintf(p->steps, sizeof p->steps, "%s", steps);
        for (; *bytes >= '0' && *bytes <= '9'; bytes++)
            len = len * 10 + (size_t)(*bytes - '0');
        uint8_t *copy = malloc(len + 1);
        assert_non_null(copy);
        assert_int_equal(fread(copy, 1, len, f), len);
        p->bytes = exact_copy(copy, len);
        free(copy);
    }
    assert_int_equal(pclose(f), 0);
}

static int prepare(void **state)
{
    (void)state;
    secrets = secrets_new();
    for (int i = 0; i < 600; i++) /* the path on which layers.py has its points */
        secrets_add_point(secrets, TEXT("flight-1"), SUBJECT_AIRCRAFT, -30.2510 + 0.0003 * i / 60,
                          42.4886 + 0.0004 * i / 60,
                          FLIGHT_START_NS + (int64_t)i * 100000000);
    secrets_add_literal(secrets, TEXT("device-1"), SECRET_SERIAL, TEXT("serial number"), TEXT("1ZNBX9K00C00Q7"));
    known = leak_index_new(secrets, NULL);
    read_payloads();
    return 0;
}

static int put_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < payload_count; i++)
        exact_copy_free(payloads[i].bytes);
    leak_index_free(known);
    secrets_free(secrets);
    return 0;
}

/* The steps before the last one, joined by commas; keys of XOR are left out. */
static void steps_of(const struct fact_leak *leak, char *into, size_t room)
{
    size_t n = 0;

    into[0] = '\0';
    for (size_t i = 0; i + 1 < leak->decoding.count; i++) {
        const struct text step = leak->decoding.items[i];
        const bool key = step.len > 4 && memcmp(step.at, "XOR ", 4) == 0;
        const int added = snprintf(into + n, room - n, "%s%.*s", i ? "," : "", key ? 3 : (int)step.len, step.at);
        n += (size_t)added < room - n ? (size_t)added : 0;
    }
}

/* Both the serial number and the positions, by the steps that were taken. */
static bool found_as_planted(const struct found *f, const struct payload *p)
{
    bool serial = false, positions = false;

    for (size_t i = 0; i < leak_count(f); i++) {
        const struct fact_leak *leak = leak_row(f, i);
        char steps[128];
        steps_of(leak, steps, sizeof steps);
        if (strcmp(steps, p->steps) != 0)
            continue;
        serial |= text_equal(leak->what, TEXT("serial"));
        positions |= text_equal(leak->what, TEXT("position")) || text_equal(leak->what, TEXT("flight_path"));
    }
    return serial && positions;
}

static void every_layer(void **state)
{
    size_t failed = 0;

    (void)state;
    assert_true(payload_count > 40);
    for (size_t i = 0; i < payload_count; i++) {
        struct found f;
        find(known, payloads[i].bytes, 1 << 16, (struct text_list){ NULL, 0 }, &f);
        if (!found_as_planted(&f, &payloads[i])) {
            print_message("# not found: %s (%zu leaks)\n", payloads[i].name, leak_count(&f));
            for (size_t k = 0; k < leak_count(&f); k++) {
                char steps[128];
                steps_of(leak_row(&f, k), steps, sizeof steps);
                print_message("#   %.*s by %s\n", (int)leak_row(&f, k)->what.len, leak_row(&f, k)->what.at, steps);
            }
            failed++;
        }
        found_done(&f);
    }
    assert_int_equal(failed, 0);
}

static void assert_same_rows(const struct found *a, const struct found *b, const char *name, size_t size)
{
    if (leak_count(a) != leak_count(b))
        fail_msg("%s in pieces of about %zu: %zu leaks, not %zu", name, size, leak_count(b), leak_count(a));
    for (size_t i = 0; i < leak_count(a); i++) {
        const struct fact_leak *x = leak_row(a, i), *y = leak_row(b, i);
        assert_true(text_equal(x->claim, y->claim));
        if (x->evidence_bits != y->evidence_bits || x->points != y->points)
            fail_msg("%s in pieces of about %zu: %f bits, not %f", name, size, y->evidence_bits, x->evidence_bits);
        assert_int_equal(x->decoding.count, y->decoding.count);
        for (size_t k = 0; k < x->decoding.count; k++)
            assert_true(text_equal(x->decoding.items[k], y->decoding.items[k]));
        if (x->head.origin.offset != y->head.origin.offset)
            fail_msg("%s in pieces of about %zu: at %lld, not %lld", name, size, (long long)y->head.origin.offset,
                     (long long)x->head.origin.offset);
    }
}

/* Feeds pieces of random sizes, most of them small. */
static void find_in_pieces(struct bytes b, uint64_t *random, size_t most, struct found *found)
{
    struct payload_search *search = leak_search_new(known);
    const struct payload_source source = { .flow = 7, .destination = TEXT("collector.example"), .packet_first = 1,
                                           .offset = 0,
                                           .at_utc_ns = FLIGHT_START_NS };

    kept_facts_init(&found->facts);
    found->reading = reading_for_test(&found->facts);
    struct payload_view *view = search->open(search, &found->reading, &source);
    for (uint64_t at = 0; at < b.len;) {
        const size_t n = 1 + random_next(random) % most;
        search->feed(view, bytes_part(b, at, n), 1, FLIGHT_START_NS);
        at += n;
    }
    search->close(view);
    leak_search_item_done(search, &found->reading);
    leak_search_free(search);
}

static void pieces_change_nothing(void **state)
{
    static const size_t most[] = { 1, 2, 3, 7, 31, 97, 200, 333, 1448 };
    uint64_t random = 23;

    (void)state;
    for (size_t i = 0; i < payload_count; i++) {
        struct found whole;
        find_in_pieces(payloads[i].bytes, &random, 1 << 20, &whole);
        for (size_t k = 0; k < sizeof most / sizeof *most; k++) {
            struct found f;
            find_in_pieces(payloads[i].bytes, &random, most[k], &f);
            assert_same_rows(&whole, &f, payloads[i].name, most[k]);
            found_done(&f);
        }
        found_done(&whole);
    }
}

/* Cut anywhere, and with a byte changed, nothing but true things is found. */
static void cut_and_damaged(void **state)
{
    uint64_t random = 29;

    (void)state;
    for (size_t i = 0; i < payload_count; i++)
        for (int round = 0; round < 24; round++) {
            const struct bytes all = payloads[i].bytes;
            const struct bytes cut = exact_copy(all.at, 1 + random_next(&random) % all.len);
            struct found f;
            if (round % 2)
                ((uint8_t *)(uintptr_t)cut.at)[random_next(&random) % cut.len] ^= (uint8_t)(1 +
                                                                                            random_next(&random) % 255);
            find_in_pieces(cut, &random, 300, &f);
            for (size_t k = 0; k < leak_count(&f); k++)
                assert_true(text_equal(leak_row(&f, k)->secret, TEXT("device-1")) ||
                            text_equal(leak_row(&f, k)->secret, TEXT("flight-1")));
            found_done(&f);
            exact_copy_free(cut);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layer),
        cmocka_unit_test(pieces_change_nothing),
        cmocka_unit_test(cut_and_damaged),
    };
    return cmocka_run_group_tests(tests, prepare, put_away);
}
