#include "flightlog/txt_outcome.h"

#include "base/text.h"
#include "flightlog/dji_keychain.h"

/* Sealed logs and the keys to them are made here, by the published description: no key of a real
 * flight record was at hand. */

static struct dji_keychains keys_of(struct arena *arena, unsigned chains, unsigned seed)
{
    struct buffer json = txt_keychains(chains, seed);
    struct bytes in = exact_copy(json.at, json.len);
    struct dji_keychains keys = { 0 };
    const char *why = NULL;

    if (!dji_keychains_read(in, arena, &keys, &why))
        fail_msg("%s", why);
    exact_copy_free(in);
    buffer_done(&json);
    return keys;
}

static void make_sealed(struct txt_builder *t, unsigned version)
{
    txt_builder_init(t, version);
    t->sealed = true;
    t->line_count = 30;
    txt_moments(t, 10);
    txt_home(t, -5.25, 45.5);
    txt_app_gps(t, -5.2501, 45.4999);
    txt_change_keys(t);
    t->latitude_deg += 0.001;
    txt_moments(t, 10);
    txt_recover(t, 16, "0TEST00001", "0CAMERA002");
    t->latitude_deg -= 0.001;
}

static void read_sealed(struct outcome *o, struct txt_builder *t, const struct reading_options *options)
{
    struct buffer file = txt_file(t);
    struct bytes in = exact_copy(file.at, file.len);

    read_bytes_with(o, in, options);
    exact_copy_free(in);
    buffer_done(&file);
}

static void sealed_records_open_with_the_operators_keys(void **state)
{
    (void)state;
    for (unsigned version = 13; version <= 14; version++) {
        struct arena *arena = arena_new(0);
        /* Another log's keys, too: which are whose is found out. */
        const struct dji_keychains files[] = { keys_of(arena, 2, 9), keys_of(arena, 2, 0) };
        const struct reading_options options = { .dji_keychains = files, .dji_keychain_count = 2 };
        struct txt_builder t;
        struct outcome o;

        make_sealed(&t, version);
        read_sealed(&o, &t, &options);
        const struct fact_flight *f = flight_of(&o);
        assert_int_equal(f->encrypted_records, 0);
        assert_int_equal(f->points, 20);
        assert_int_equal(subject_count(&o, "aircraft"), 20);
        assert_int_equal(f->operator_points, 1);
        assert_true(says(f, "opened with keys that the operator gave, which is untested on real files."));
        assert_false(says(f, "asking the maker"));
        const struct fact_position *third = nth_of(&o, "aircraft", 2);
        assert_near(third->latitude_deg, 45.5002, 1e-9);
        assert_near(third->longitude_deg, -5.25, 1e-9);
        assert_int_equal(third->time, (TXT_START_MS + 200) * 1000000);
        assert_int_equal(third->head.origin.steps.count, 2);
        assert_near(nth_of(&o, "aircraft", 12)->latitude_deg, 45.5012, 1e-9); /* behind the change of keys */
        assert_near(nth_of(&o, "operator", 0)->longitude_deg, -5.2501, 1e-12);
        assert_non_null(identifier_of(&o, "serial", "0CAMERA002"));
        outcome_done(&o);
        txt_builder_done(&t);
        arena_free(arena);
    }
}

static void keys_of_another_log_open_nothing(void **state)
{
    struct arena *arena = arena_new(0);
    const struct dji_keychains files[] = { keys_of(arena, 2, 9) };
    const struct reading_options options = { .dji_keychains = files, .dji_keychain_count = 1 };
    struct txt_builder t;
    struct outcome o;

    (void)state;
    make_sealed(&t, 14);
    read_sealed(&o, &t, &options);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(f->points, 1); /* the start alone, from the summary */
    assert_true(f->encrypted_records > 40);
    assert_true(says(f, "None of the keys that were given fits"));
    assert_true(says(f, "asking the maker"));
    outcome_done(&o);
    txt_builder_done(&t);
    arena_free(arena);
}

static void keys_for_the_beginning_only(void **state)
{
    struct arena *arena = arena_new(0);
    const struct dji_keychains files[] = { keys_of(arena, 1, 0) };
    const struct reading_options options = { .dji_keychains = files, .dji_keychain_count = 1 };
    struct txt_builder t;
    struct outcome o;

    (void)state;
    make_sealed(&t, 14);
    read_sealed(&o, &t, &options);
    const struct fact_flight *f = flight_of(&o);
    assert_int_equal(f->points, 10);
    assert_int_equal(f->encrypted_records, 10 * 3 + 1); /* flight state, gimbal and clock of ten moments; serials */
    assert_true(says(f, "31 others could not be opened"));
    outcome_done(&o);
    txt_builder_done(&t);
    arena_free(arena);
}

/* What hangs on a lost record cannot be opened; the one behind it can, and no position is invented. */
static void a_lost_record_costs_itself_and_the_next_of_its_feature(void **state)
{
    struct arena *arena = arena_new(0);
    const struct dji_keychains files[] = { keys_of(arena, 1, 0) };
    const struct reading_options options = { .dji_keychains = files, .dji_keychain_count = 1 };
    struct txt_builder t;
    struct outcome o;

    (void)state;
    txt_builder_init(&t, 14);
    t.sealed = true;
    t.line_count = 30;
    txt_moments(&t, 10);
    const size_t hit = t.records.len + 20;
    txt_moments(&t, 20);
    memset(t.records.at + hit, 0x11, 60); /* within the first flight state, to the next record's beginning */
    read_sealed(&o, &t, &options);
    const size_t points = (size_t)flight_of(&o)->points;
    assert_true(points >= 26 && points <= 29);
    for (size_t i = 0; i < points; i++) {
        const struct fact_position *p = nth_of(&o, "aircraft", i);
        assert_true(p->latitude_deg > 45.4999 && p->latitude_deg < 45.503);
        assert_near(p->longitude_deg, -5.25, 1e-9);
    }
    outcome_done(&o);
    txt_builder_done(&t);
    arena_free(arena);
}

static void refused(const char *json, const char *because)
{
    struct arena *arena = arena_new(0);
    struct bytes in = exact_copy(json, strlen(json));
    struct dji_keychains keys = { .count = 77 };
    const char *why = "";

    assert_false(dji_keychains_read(in, arena, &keys, &why));
    if (!strstr(why, because))
        fail_msg("%s: %s", json, why);
    assert_int_equal(keys.count, 77);
    exact_copy_free(in);
    arena_free(arena);
}

#define KEY "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define IV  "AAECAwQFBgcICQoLDA0ODw=="

static void answers_that_hold_no_key(void **state)
{
    (void)state;
    refused("", "not JSON");
    refused("{\"data\":[[", "not JSON");
    refused("{\"data\":[]}", "no key");
    refused("{\"result\":{\"code\":1,\"msg\":\"denied\"}}", "no key");
    refused("[[{\"featurePoint\":\"Base_1\",\"aesKey\":\"" KEY "\"}]]", "no key");
    refused("[[{\"featurePoint\":\"Base_1\",\"aesKey\":\"" IV "\",\"aesIv\":\"" IV "\"}]]", "no key");
    refused("[[{\"featurePoint\":\"Base_99\",\"aesKey\":\"" KEY "\",\"aesIv\":\"" IV "\"}]]", "no key");
    refused("[[{\"featurePoint\":\"Base_1\",\"aesKey\":\"?" KEY "\",\"aesIv\":\"" IV "\"}]]", "no key");
}

static void a_list_alone_is_an_answer_too(void **state)
{
    static const char json[] = "[[{\"featurePoint\":\"Base_1\",\"aesKey\":\"" KEY "\",\"aesIv\":\"" IV "\"}],[]]";
    struct arena *arena = arena_new(0);
    struct dji_keychains keys;
    const char *why;

    (void)state;
    assert_true(dji_keychains_read((struct bytes){ .at = (const uint8_t *)json, .len = sizeof json - 1 }, arena, &keys,
                                   &why));
    assert_int_equal(keys.count, 2);
    assert_true(keys.chains[0].of_feature[1].known);
    assert_int_equal(keys.chains[0].of_feature[1].key[31], 31);
    assert_int_equal(keys.chains[0].of_feature[1].iv[15], 15);
    assert_false(keys.chains[1].of_feature[1].known);
    arena_free(arena);
}

/* Every cut of an answer is refused or gives a part of it. */
static void cut_answers(void **state)
{
    struct buffer json = txt_keychains(2, 0);

    (void)state;
    for (size_t len = 0; len < json.len; len++) {
        struct arena *arena = arena_new(0);
        struct bytes in = exact_copy(json.at, len);
        struct dji_keychains keys;
        const char *why;
        assert_false(dji_keychains_read(in, arena, &keys, &why));
        exact_copy_free(in);
        arena_free(arena);
    }
    buffer_done(&json);
}

/* Every cut of a sealed log: no position that the whole log does not give. */
static void cut_logs(void **state)
{
    struct arena *arena = arena_new(0);
    const struct dji_keychains files[] = { keys_of(arena, 2, 0) };
    const struct reading_options options = { .dji_keychains = files, .dji_keychain_count = 1 };
    struct txt_builder t;

    (void)state;
    make_sealed(&t, 14);
    struct buffer file = txt_file(&t);
    for (size_t len = 900; len < file.len; len += 7) {
        struct bytes in = exact_copy(file.at, len);
        struct outcome o;
        read_bytes_with(&o, in, &options);
        for (size_t i = 0; i < subject_count(&o, "aircraft"); i++)
            assert_true(nth_of(&o, "aircraft", i)->latitude_deg > 45.4999 &&
                        nth_of(&o, "aircraft", i)->latitude_deg < 45.502);
        outcome_done(&o);
        exact_copy_free(in);
    }
    buffer_done(&file);
    txt_builder_done(&t);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_records_open_with_the_operators_keys),
        cmocka_unit_test(keys_of_another_log_open_nothing),
        cmocka_unit_test(keys_for_the_beginning_only),
        cmocka_unit_test(a_lost_record_costs_itself_and_the_next_of_its_feature),
        cmocka_unit_test(answers_that_hold_no_key),
        cmocka_unit_test(a_list_alone_is_an_answer_too),
        cmocka_unit_test(cut_answers),
        cmocka_unit_test(cut_logs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
