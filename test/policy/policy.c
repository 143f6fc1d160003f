#include "support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/network.h"
#include "base/timestamp.h"
#include "policy/policy.h"

#define HEAD "version: 1\nprofiles: [dhs-cisa]\n"

static void a_policy_says_what_it_says(void **state)
{
    static const char text[] =
        "# a comment\nversion: 1\nname: \"City\"\nprofiles:\n  - dhs-cisa\n  - federal\n"
        "limits:\n  unreadable_share_max: 0.25\n  stored_age_days_max: 7\n  fail_on: critical\n"
        "operator_hosts: [police.example.gov, cloud.example]\nallowed_destinations: []\nknown_third_parties: ~\n"
        "internal_networks: [10.20.0.0/16, 'fd00:20::/32']\ndeclared_countries: [US, NO]\nassessed_makers: [DJI]\n"
        "stored_evidence: as_found\n"
        "attestations:\n  BUL-6:\n    who: Sgt. A. Example\n    when: 2026-01-15\n    until: 2026-02-01\n    note: tried first\n";
    struct bytes copy = exact_copy(text, sizeof text - 1);
    struct policy *p = NULL;
    struct policy_error error;

    assert_int_equal(policy_parse(TEXT("here"), text_of_bytes(copy), &p, &error), 0);
    exact_copy_free(copy);
    assert_text_equal(p->name, "City");
    assert_int_equal(p->profiles.count, 2);
    assert_text_equal(p->profiles.items[1], "federal");
    assert_true(p->unreadable_share_max == 0.25 && p->flight_coverage_min == 0.9 && p->stored_age_days_max == 7);
    assert_int_equal(p->fail_on, SEVERITY_CRITICAL);
    assert_int_equal(policy_list(p, TEXT("operator_hosts"), NULL)->count, 2);
    assert_non_null(policy_list(p, TEXT("allowed_destinations"), NULL));
    assert_int_equal(policy_list(p, TEXT("allowed_destinations"), NULL)->count, 0);
    assert_null(policy_list(p, TEXT("known_third_parties"), NULL));
    assert_text_equal(policy_list(p, TEXT("declared_countries"), NULL)->items[1], "NO");
    assert_text_equal(p->stored_evidence, "as_found");

    int64_t t;
    assert_true(timestamp_parse(TEXT("2026-01-14T23:59:59Z"), &t));
    assert_null(policy_attestation(p, TEXT("BUL-6"), t));
    assert_true(timestamp_parse(TEXT("2026-01-15T00:00:00Z"), &t));
    assert_non_null(policy_attestation(p, TEXT("BUL-6"), t));
    assert_null(policy_attestation(p, TEXT("BUL-7"), t));
    assert_true(timestamp_parse(TEXT("2026-02-01T23:59:59Z"), &t));
    assert_text_equal(policy_attestation(p, TEXT("BUL-6"), t)->note, "tried first");
    assert_true(timestamp_parse(TEXT("2026-02-02T00:00:00Z"), &t));
    assert_null(policy_attestation(p, TEXT("BUL-6"), t));
    policy_free(p);
}

static void mistakes_are_named_with_line_and_column(void **state)
{
    static const struct { const char *text; int line, column; const char *message; } cases[] = {
        { "", 1, 1, "must be a map" },
        { "version: 1\n", 1, 1, "lacks \"profiles\"" },
        { "version: 2\nprofiles: [a]\n", 1, 10, "a number from 1 to 1" },
        { "version: '1'\nprofiles: [a]\n", 1, 10, "a number" },
        { HEAD "colour: red\n", 3, 1, "unknown key \"colour\"" },
        { HEAD "limits: 7\n", 3, 9, "must be a map" },
        { HEAD "limits:\n  fail_on: worst\n", 4, 12, "info, low, medium, high, critical" },
        { HEAD "limits:\n  unreadable_share_max: 10\n", 4, 25, "from 0 to 1" },
        { HEAD "limits:\n  unreadable_share_max: .nan\n", 4, 25, "from 0 to 1" },
        { HEAD "limits: { flight_cover_min: 1 }\n", 3, 11, "unknown key" },
        { "version: 1\nprofiles: dhs-cisa\n", 2, 11, "must be a list" },
        { "version: 1\nprofiles: []\n", 2, 11, "at least one profile" },
        { "version: 1\nprofiles: [DHS]\n", 2, 12, "the name of a profile" },
        { "version: 1\nprofiles: [[a]]\n", 2, 12, "a list of words" },
        { HEAD "operator_hosts:\n  - example.gov\n  - '*.example.org'\n", 5, 5, "without wild cards" },
        { HEAD "internal_networks: [10.0.0.1/8]\n", 3, 21, "a network such as" },
        { HEAD "internal_networks: [10.0.0.0/33]\n", 3, 21, "a network such as" },
        { HEAD "declared_countries: [usa]\n", 3, 22, "two capital letters" },
        { HEAD "stored_evidence: maybe\n", 3, 18, "as_found, copies" },
        { HEAD "attestations:\n  X-1:\n    who: me\n", 5, 5, "lacks \"when\"" },
        { HEAD "attestations:\n  X-1: { who: me, when: 2026-02-30, until: 2026-12-31 }\n", 4, 25, "a day as" },
        { HEAD "attestations:\n  X-1: { who: me, when: 2026-02-03, until: 2026-02-02 }\n", 4, 44, "before" },
        { HEAD "attestations:\n  X-1: I promise\n", 4, 8, "who, when and until" },
        { HEAD "allowed_destinations: [{ hosts: a }]\n", 3, 26, "unknown key \"hosts\"" },
        { HEAD "allowed_destinations: [{ host: a, port: 0 }]\n", 3, 41, "a port from 1 to 65535" },
        { HEAD "forbidden_countries: { owner: [CN] }\n", 3, 24, "unknown key \"owner\"" },
        { HEAD "forbidden_countries: { operator: CN }\n", 3, 34, "must be a list" },
        { HEAD "forbidden_countries: { operator: [China] }\n", 3, 35, "two capital letters" },
        { HEAD "may_leave: { Flight: [] }\n", 3, 14, "a phase" },
        { HEAD "storage: { card_empty: maybe }\n", 3, 24, "true or false" },
        { HEAD "inventory: [EXAMPLE0001]\n", 3, 13, "a list of maps" },
        { HEAD "accepted: [{ rule: X-1, who: me, until: 2026-12-31 }]\n", 3, 12, "lacks \"reason\"" },
        { HEAD "severities: { X-1: bad }\n", 3, 20, "info, low" },
        { HEAD "sensitive_areas: [{ name: a, west: 200, south: 0, east: 1, north: 1 }]\n", 3, 36, "a longitude" },
        { HEAD "attestations:\n  X-1: { who: me, when: 2026-02-01, until: 2026-02-02, holds: perhaps }\n", 4, 63, "true, false" },
        { HEAD "name: a\nname: b\n", 4, 1, "twice, first in line 3" },
        { HEAD "name: &x a\n", 3, 8, "anchors" },
        { HEAD "name: *x\n", 3, 8, "aliases" },
        { HEAD "name: !!str a\n", 3, 7, "tags" },
        { HEAD "? [a]\n: b\n", 3, 3, "a single word" },
        { HEAD "---\nversion: 1\n", 3, 1, "more than one document" },
        { "version: 1\nprofiles: [a\n", 0, 0, "not YAML" },
        { "version: 1\n\tprofiles: [a]\n", 0, 0, "not YAML" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct bytes copy = exact_copy(cases[i].text, strlen(cases[i].text));
        struct policy_error e;
        struct policy *p = NULL;
        const int result = policy_parse(TEXT("a/policy.yaml"), text_of_bytes(copy), &p, &e);
        if (result != -EINVAL || !strstr(e.message, cases[i].message) || (cases[i].line && e.line != cases[i].line) ||
            (cases[i].column && e.column != cases[i].column))
            fail_msg("case %zu: %d, %s:%d:%d: %s", i, result, e.file, e.line, e.column, result ? e.message : "");
        assert_null(p);
        assert_string_equal(e.file, "a/policy.yaml");
        exact_copy_free(copy);
    }
}

static void refused(struct text source, const char *message)
{
    struct policy *p = NULL;
    struct policy_error e;

    assert_int_equal(policy_parse(TEXT("x"), source, &p, &e), -EINVAL);
    if (!strstr(e.message, message))
        fail_msg("%d:%d: %s instead of %s", e.line, e.column, e.message, message);
}

static void hostile_files_are_refused(void **state)
{
    const size_t room = YAML_BYTES_MAX + 1;
    char *text = malloc(room);
    size_t len;

    refused(TEXT(HEAD "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"), "anchors");
    refused(TEXT(HEAD "name: a\0b\n"), "not text: byte 0x00");
    refused(TEXT("\xff\xfe\x00v"), "not text: byte 0xff");
    refused(TEXT("a: b\xc2\x85%x\n"), "not text");
    refused(TEXT("%rsionM-y 1\npro"), "directives");
    refused(TEXT("a: b\r%x\n"), "directives");
    memset(text, '[', room);
    refused((struct text){ text, 100000 }, "");
    refused((struct text){ text, room }, "larger than");
    memset(text, '#', room - 1);
    refused((struct text){ text, room - 1 }, "must be a map");
    /* more entries than a policy has */
    len = (size_t)snprintf(text, room, HEAD "operator_hosts:\n");
    while (len < room - 8)
        len += (size_t)snprintf(text + len, room - len, "- a\n");
    refused((struct text){ text, len }, "entries");
    /* many keys, all different */
    len = 0;
    for (int i = 0; i < 9000; i++)
        len += (size_t)snprintf(text + len, room - len, "k%d: 1\n", i);
    refused((struct text){ text, len }, "unknown key");
    /* {a: {a: {a: ... */
    len = 0;
    for (int i = 0; i < 20000; i++)
        len += (size_t)snprintf(text + len, room - len, "{a: ");
    refused((struct text){ text, len }, "");
    free(text);
}

static void every_cut_of_a_policy_is_a_policy_or_an_error(void **state)
{
    char path[4096];
    struct policy *p = NULL;
    struct policy_error e;

    snprintf(path, sizeof path, "%s", source_path("data/policy/default.yaml"));
    struct bytes whole = file_bytes(path);
    for (size_t n = 0; n <= whole.len; n++) {
        struct bytes cut = exact_copy(whole.at, n);
        if (policy_parse(TEXT("cut"), text_of_bytes(cut), &p, &e) == 0)
            policy_free(p);
        else
            assert_true(e.message[0] != 0);
        exact_copy_free(cut);
    }
    exact_copy_free(whole);
}

/* "# key:" or "# key: value", and the lines "#   ..." right behind; `inside` goes from line to line. */
static bool is_commented_key(const char *line, const char *end, bool *inside)
{
    const bool was_inside = *inside;

    *inside = false;
    if (end - line < 6 || memcmp(line, "# ", 2))
        return false;
    if (memcmp(line + 2, "  ", 2) == 0)
        return *inside = was_inside;
    const char *c = line + 2;
    while (c < end && (*c == '_' || (*c >= 'a' && *c <= 'z')))
        c++;
    return *inside = c > line + 2 && c < end && *c == ':';
}

static void the_starter_is_the_shipped_policy_and_in_order(void **state)
{
    char *at = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&at, &len);
    struct policy *p = NULL;
    struct policy_error e;

    assert_int_equal(policy_starter_write(out), 0);
    fclose(out);
    struct bytes shipped = file_bytes(source_path("data/policy/default.yaml"));
    assert_true(bytes_equal(shipped, at, len));
    assert_int_equal(policy_parse(TEXT("starter"), (struct text){ at, len }, &p, &e), 0);
    assert_text_equal(p->name, "default");
    assert_int_equal(p->profiles.count, 1);
    assert_text_equal(p->profiles.items[0], "dhs-cisa");
    policy_free(p);

    /* and still when the lists in its comments are made effective */
    char *all = malloc(len + 1);
    size_t kept = 0;
    bool inside = false;
    for (const char *line = at, *end; line < at + len; line = end + 1) {
        end = memchr(line, '\n', (size_t)(at + len - line));
        assert_non_null(end);
        if (is_commented_key(line, end, &inside))
            line += 2;
        memcpy(all + kept, line, (size_t)(end + 1 - line));
        kept += (size_t)(end + 1 - line);
    }
    assert_int_equal(policy_parse(TEXT("all"), (struct text){ all, kept }, &p, &e), 0);
    assert_int_equal(policy_list(p, TEXT("internal_networks"), NULL)->count, 1);
    assert_int_equal(policy_list(p, TEXT("assessed_makers"), NULL)->count, 1);
    assert_int_equal(p->attestation_count, 1);
    assert_int_equal(p->acceptance_count, 1);
    assert_int_equal(p->allowance_count, 4);
    assert_text_equal(p->operator_name, "Example City Police, drone unit");
    const struct recipient tiles = { .host = TEXT("a.Tiles.example.org."), .port = 1 },
                           update = { .host = TEXT("updates.example.org"), .port = 443, .phase = TEXT("update") },
                           idle = { .host = TEXT("updates.example.org"), .port = 443, .phase = TEXT("idle") },
                           owned = { .owner = TEXT("Example Maps Inc."), .port = 9 },
                           american = { .address = TEXT("192.0.2.1"), .country = TEXT("US"), .port = 443 },
                           both = { .address = TEXT("192.0.2.1"), .country = TEXT("CN/US"), .port = 443 };
    assert_true(policy_allows(p, &tiles) && policy_allows(p, &update) && policy_allows(p, &owned));
    assert_true(policy_allows(p, &american) && !policy_allows(p, &idle) && !policy_allows(p, &both));
    assert_text_equal(policy_value(p, TEXT("storage"), TEXT("card_empty")), "true");
    assert_int_equal(policy_list(p, TEXT("forbidden_countries.registry"), NULL)->count, 0);
    assert_null(policy_list(p, TEXT("may_leave.sync"), NULL));
    enum severity severity;
    assert_true(policy_severity(p, TEXT("BUL-2"), &severity) && severity == SEVERITY_LOW);
    policy_free(p);
    free(all);
    exact_copy_free(shipped);
    free(at);
}

static void check_prints_file_line_and_column(void **state)
{
    char path[] = "/tmp/leash-test-policy-XXXXXX", want[128], *at = NULL;
    size_t len = 0;
    const int fd = mkstemp(path);
    static const char text[] = HEAD "colour: red\n";
    FILE *out = open_memstream(&at, &len);

    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    assert_int_equal(policy_check(path, out), -EINVAL);
    assert_int_equal(policy_check("/nonexistent/policy.yaml", out), -ENOENT);
    assert_int_equal(policy_check(source_path("data/policy/default.yaml"), out), 0);
    fclose(out);
    snprintf(want, sizeof want, "%s:3:1: unknown key \"colour\" in the policy\n/nonexistent/policy.yaml: No such file or directory\n", path);
    assert_string_equal(at, want);
    free(at);
    unlink(path);
}

static void networks_hold_their_addresses(void **state)
{
    static const struct { const char *network, *address; bool holds; } cases[] = {
        { "10.0.0.0/8", "10.255.0.1", true }, { "10.0.0.0/8", "11.0.0.0", false }, { "0.0.0.0/0", "1.2.3.4", true },
        { "0.0.0.0/0", "2001:db8::1", false }, { "::/0", "2001:db8::1", true }, { "192.0.2.128/25", "192.0.2.127", false },
        { "192.0.2.7", "192.0.2.7", true }, { "fe80::/10", "febf::1%wlan0", true }, { "fe80::/10", "fec0::1", false },
    };
    static const char *const bad[] = { "", "10.0.0.0/", "/8", "10.0.0/8", "10.0.0.0/8/8", "10.0.0.1/31", "::1/129",
                                       "::ffff:1.2.3.4/x", "a" };
    struct network n, a;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(network_parse(text_of(cases[i].network), &n));
        assert_true(network_address(text_of(cases[i].address), &a));
        if (network_holds(&n, &a) != cases[i].holds)
            fail_msg("%s and %s", cases[i].network, cases[i].address);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (network_parse(text_of(bad[i]), &n))
            fail_msg("%s is taken for a network", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_says_what_it_says),
        cmocka_unit_test(mistakes_are_named_with_line_and_column),
        cmocka_unit_test(hostile_files_are_refused),
        cmocka_unit_test(every_cut_of_a_policy_is_a_policy_or_an_error),
        cmocka_unit_test(the_starter_is_the_shipped_policy_and_in_order),
        cmocka_unit_test(check_prints_file_line_and_column),
        cmocka_unit_test(networks_hold_their_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
