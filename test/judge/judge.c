#include "judge/support_case.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Its chief answers for flying with the map on line, which the 2019 alert advises against. */
#define ON_LINE "accepted: [{ rule: DHS19-1, who: the chief, reason: the map is needed, until: 2027-01-01 }]\n"
#define CITY "version: 1\nprofiles: [dhs-cisa]\n" ON_LINE
/* A profile whose rules stay open here: what is found is found by observations alone. */
#define BARE "version: 1\nprofiles: [dji-claims]\n"
#define READABLE ", payload_out, readable_out, opaque_out", ", 100, 100, 0"

static void judge(struct trial *t, const char *policy)
{
    if (trial_judge(t, policy, NULL))
        fail_msg("%s:%d:%d: %s", t->result.error.file, t->result.error.line, t->result.error.column,
                 t->result.error.message);
    assert_string_equal(trial_value(t, "SELECT value FROM run WHERE key = 'verdict'"), t->result.verdict);
}

static void expect(const char *rows, const char *policy, const char *verdict, int exit_status)
{
    struct trial t;

    trial_begin(&t, rows, NULL);
    judge(&t, policy);
    if (strcmp(t.result.verdict, verdict) || t.result.exit_status != exit_status)
        fail_msg("%s (%d) instead of %s (%d): %s", t.result.verdict, t.result.exit_status, verdict, exit_status,
                 trial_value(&t, "SELECT group_concat(rule || ' ' || statement) FROM finding"));
    trial_end(&t);
}

/* The maker's drone, flown as one does: its hosts, its maps, a crash report, a photo. */
#define DJI_FLIGHT QUIET_CAPTURE FLIGHT \
    "INSERT INTO device(id, evidence, role, vendor, model) VALUES('device-d-1', 'dd', 'aircraft', 'DJI', 'M30');" \
    DESTINATION("api.maker.example", "'SZ DJI Technology'", "'cloud: api'", "vendor", "'CN'") \
    FLOW("flow-c-2", "api.maker.example", "10:01", "10:02", READABLE) \
    DESTINATION("tiles.example", "'Maps Inc'", "'map: tiles'", "third", "'US'") \
    FLOW("flow-c-3", "tiles.example", "10:02", "10:12", READABLE) \
    DESTINATION("crash.example", "'Crash Inc'", "'crash: reports'", "third", "'CN'") \
    FLOW("flow-c-4", "crash.example", "10:12", "10:13", READABLE)

static void a_city_that_flies_lawfully_reaches_no_violation_found(void **state)
{
    expect(DJI_FLIGHT, CITY, "no_violation_found", 0);
    expect(DJI_FLIGHT, CITY "assessed_makers: [DJI]\nknown_third_parties: [Maps Inc, Crash Inc]\n"
           "declared_countries: [US, CN]\nallowed_destinations: [maker.example, tiles.example, crash.example, time.example]\n"
           "internal_networks: [10.0.0.0/8]\noperator_hosts: [police.example.gov]\n", "no_violation_found", 0);
}

static void the_same_flight_violates_federal_law_rows_only_when_these_are_selected(void **state)
{
    struct trial t;

    trial_begin(&t, DJI_FLIGHT, NULL);
    judge(&t, CITY);
    assert_string_equal(trial_value(&t, "SELECT verdict || ' ' || applies || ' ' || reason FROM precaution WHERE rule = '848-1'"),
                        "not_applicable no The policy does not select the profiles federal, dod, blue-uas.");
    trial_end(&t);
    expect(DJI_FLIGHT, "version: 1\nprofiles: [federal]\n", "violations", 1);
}

static void unread_evidence_makes_it_incomplete(void **state)
{
#define PARTIAL "INSERT INTO evidence(id, path, kind, sha256, status) VALUES('evidence-f-1', 'f', 'jpeg', 'ff', 'partial');"
#define SKIPPED "INSERT INTO evidence(id, path, kind, sha256, status) VALUES('evidence-f-1', 'f', NULL, 'ff', 'skipped');"
    expect(DJI_FLIGHT PARTIAL, CITY, "incomplete", 3);
    expect(DJI_FLIGHT SKIPPED, CITY, "no_violation_found", 0);
    /* 100 of 500 bytes are opaque, the limit is 10 % unless the policy says otherwise */
    const char *opaque = DJI_FLIGHT FLOW("flow-c-9", "tiles.example", "10:13", "10:14",
                                         ", payload_out, readable_out, opaque_out", ", 100, 0, 100");
    expect(opaque, CITY, "incomplete", 3);
    expect(opaque, CITY "limits: { unreadable_share_max: 0.2 }\n", "no_violation_found", 0);
    /* what stays on the premises does not count */
    expect(DJI_FLIGHT "INSERT INTO flow(id, evidence, src, dst, proto, payload_out, readable_out, opaque_out, missing_out, local) "
           "VALUES('flow-c-9', 'cc', '192.168.1.20', '192.168.1.1', 'udp', 9000, 0, 9000, 0, 1);", CITY, "no_violation_found", 0);
    expect("", CITY, "incomplete", 2);
    expect(SKIPPED, CITY, "incomplete", 2);
}

#define LEAK(what, to) "INSERT INTO leak(id, evidence, what, secret, flow, destination, claim) VALUES('leak-c-1', 'cc', '" what \
    "', 'flight-d-1', 'flow-c-2', '" to "', 'The path of this flight was sent to " to ".');"
#define TO(party) DESTINATION("in.example", "'Somebody'", "'cloud: files'", party, "'DE'")
#define CLEAR FLOW("flow-c-2", "in.example", "10:01", "10:02", ", payload_out, readable_out, opaque_out, service", ", 100, 100, 0, 'http'")
#define DECRYPTED FLOW("flow-c-2", "in.example", "10:01", "10:02", ", payload_out, readable_out, opaque_out, service, tls_version", \
                       ", 100, 100, 0, 'tls', 'TLS 1.2'")

static void leaks_are_findings_by_what_to_whom_and_how(void **state)
{
    static const struct { const char *rows, *policy, *severity, *verdict; } cases[] = {
        { TO("third") CLEAR LEAK("flight_path", "in.example"), BARE, "critical", "violations" },
        { TO("third") DECRYPTED LEAK("flight_path", "in.example"), BARE, "high", "violations" },
        { TO("vendor") CLEAR LEAK("serial", "in.example"), BARE, "high", "violations" },
        { TO("vendor") CLEAR LEAK("identifier", "in.example"), BARE, "medium", "no_violation_found" },
        { TO("third") CLEAR LEAK("identifier", "in.example"), BARE, "high", "violations" },
        { TO("third") CLEAR LEAK("place_reference", "in.example"), BARE, "medium", "no_violation_found" },
        { TO("third") CLEAR LEAK("place_reference", "in.example"), BARE "limits: { fail_on: medium }\n", "medium", "violations" },
        { TO("operator") CLEAR LEAK("flight_path", "in.example"), BARE, "info", "no_violation_found" },
        { TO("third") CLEAR LEAK("flight_path", "in.example"), BARE "operator_hosts: [example]\n", "info", "no_violation_found" },
        { TO("third") CLEAR LEAK("flight_path", "in.example"), BARE "operator_hosts: [n.example]\n", "critical", "violations" },
        { TO("third") CLEAR LEAK("flight_path", "in.example"), BARE "allowed_destinations: [in.example, time.example]\n", "info", "no_violation_found" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *rows = sqlite3_mprintf("%s%s", QUIET_CAPTURE FLIGHT, cases[i].rows);
        struct trial t;
        trial_begin(&t, rows, NULL);
        sqlite3_free(rows);
        judge(&t, cases[i].policy);
        if (strcmp(trial_value(&t, "SELECT severity FROM finding WHERE id = 'finding-leak-1'"), cases[i].severity) ||
            strcmp(t.result.verdict, cases[i].verdict))
            fail_msg("leak %zu: %s, %s", i,
                     trial_value(&t, "SELECT severity || statement FROM finding WHERE id = 'finding-leak-1'"),
                     t.result.verdict);
        assert_string_equal(trial_value(&t, "SELECT facts || destinations || json_extract(origin, '$.rows') FROM finding WHERE id = 'finding-leak-1'"),
                            "[\"leak-c-1\"][\"in.example\"][\"leak-c-1\"]");
        trial_end(&t);
    }
}

#define POST(bytes) "INSERT INTO request(id, evidence, flow, protocol, method, host, path, body_bytes) VALUES(" \
    "'request-c-1', 'cc', 'flow-c-2', 'http/1.1', 'POST', 'in.example', '/up', " bytes ");"

static void observations_tell_apart_what_left_in_clear(void **state)
{
    static const struct { const char *rows, *rule; } cases[] = {
        { TO("third") CLEAR POST("5000"), "clear-upload" },
        { TO("third") CLEAR POST("0"), "clear-request" },
        { TO("third") DECRYPTED POST("5000"), "" },
        { TO("operator") CLEAR POST("5000"), "" },
        { TO("third") CLEAR POST("5000") LEAK("flight_path", "in.example"), "leak" },
        { TO("third") FLOW("flow-c-2", "in.example", "10:05", "10:06", ", payload_out, readable_out, opaque_out", ", 2000000, 0, 2000000"),
          "unreadable-in-flight" },
        { TO("third") FLOW("flow-c-2", "in.example", "10:21", "10:26", ", payload_out, readable_out, opaque_out", ", 2000000, 0, 2000000"), "" },
        { TO("third") FLOW("flow-c-2", "in.example", "10:05", "10:06", ", payload_out, readable_out, opaque_out", ", 20000, 0, 20000"), "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *rows = sqlite3_mprintf("%s%s", QUIET_CAPTURE FLIGHT, cases[i].rows);
        struct trial t;
        trial_begin(&t, rows, NULL);
        sqlite3_free(rows);
        judge(&t, BARE);
        if (strcmp(trial_value(&t, "SELECT group_concat(rule) FROM finding"), cases[i].rule))
            fail_msg("observation %zu: %s", i,
                     trial_value(&t, "SELECT group_concat(rule || ': ' || statement) FROM finding"));
        trial_end(&t);
    }
}

/* 100 points in 100 s are 800 bytes; a thousand bytes searched make a quarter of a hit. */
static void the_bound_is_told_of_every_destination(void **state)
{
    struct trial t;

    (void)state;
    trial_begin(&t, PCAP
        FLOW("flow-c-1", "a.example", "10:10", "10:11", ", payload_out, readable_out, opaque_out", ", 2600, 1000, 1600")
        FLOW("flow-c-2", "b.example", "10:30", "11:04", ", payload_out, readable_out, opaque_out", ", 100, 100, 0")
        "INSERT INTO flight(id, evidence, start, \"end\", duration_s, points) VALUES"
        "('flight-d-2', 'dd', '2026-03-01T10:00:00Z', '2026-03-01T10:01:40Z', 100, 100);"
        "INSERT INTO search(id, evidence, bytes_searched, expected_false_hits) VALUES('search-c-1', 'cc', 1000, 0.25);"
        "INSERT INTO destination(id, host, party, readable_out, opaque_out, missing_out) VALUES"
        "('destination-1', 'a.example', 'unknown', 1000, 1600, 0), ('destination-2', 'b.example', 'unknown', 100, 0, 0),"
        "('destination-3', 'c.local', 'local', 5, 5, 5);", NULL);
    judge(&t, CITY);
    assert_string_equal(trial_value(&t, "SELECT json_extract(value, '$.destinations') FROM run WHERE key = 'coverage'"),
        "[{\"destination\":\"a.example\",\"readable_out\":1000,\"opaque_out\":1600,\"missing_out\":0,\"path_copies\":2,\"expected_false_hits\":0.25},"
        "{\"destination\":\"b.example\",\"readable_out\":100,\"opaque_out\":0,\"missing_out\":0,\"path_copies\":0,\"expected_false_hits\":0.025}]");
    trial_end(&t);
}

static void coverage_counts_the_time_in_the_air_that_was_captured(void **state)
{
    struct trial t;

    /* Two logs of one flight (10:00-10:20), one of another (11:00-11:10), one without times
     * (60 s); a capture with packets from 10:10 to 10:11 and, after a pause that may be a capture
     * switched off, from 10:30 to 11:04; and one from 10:15 to 10:18. */
    trial_begin(&t, PCAP FLIGHT
        "INSERT INTO flight(id, evidence, start, \"end\", duration_s) VALUES"
        "('flight-d-2', 'dd', '2026-03-01T10:00:00.5Z', '2026-03-01T10:20:00Z', 1199.5),"
        "('flight-d-3', 'dd', '2026-03-01T11:00:00Z', '2026-03-01T11:10:00Z', 600), ('flight-d-4', 'dd', NULL, NULL, 60);"
        FLOW("flow-c-1", "a.example", "10:10", "10:11", ", payload_out, readable_out, opaque_out", ", 100, 60, 40")
        FLOW("flow-c-2", "a.example", "10:30", "11:04", ", payload_out, readable_out, opaque_out", ", 100, 100, 0")
        "INSERT INTO flow(id, evidence, src, dst, first, last, local) VALUES('flow-b-1', 'bb', '192.168.1.2', '192.168.1.1', "
        "'2026-03-01T10:15:00Z', '2026-03-01T10:18:00.25Z', 1);"
        "INSERT INTO damage(id, evidence, statement, bytes_lost, records_lost) VALUES('damage-b-1', 'bb', 'cut off', 77, NULL),"
        "('damage-b-2', 'bb', '12 flows were set aside early, because too many were open at once', 0, 0);"
        "INSERT INTO destination(id, host, country_sources) VALUES('destination-1', 'a.example', "
        "'[{\"database\": \"old\", \"date\": \"2022-10-29\", \"country\": \"US\"}, {\"database\": \"new\", \"date\": \"2026-02-01\", \"country\": \"US\"}]');",
        NULL);
    judge(&t, CITY);
    assert_string_equal(trial_value(&t, "SELECT json_extract(value, '$.flight_time_s', '$.flight_time_covered_s', '$.payload_out', "
        "'$.readable_out', '$.opaque_out', '$.missing_out', '$.evicted', '$.evidence_read', '$.evidence_total') FROM run WHERE key = 'coverage'"),
        "[1860,481.25,200,160,40,0,12,2,2]");
    assert_string_equal(trial_value(&t, "SELECT group_concat(n.value, '|') FROM run, json_each(run.value, '$.notes') n WHERE run.key = 'coverage' "
        "AND (n.value LIKE '%%address data%%' OR n.value LIKE '%%damaged%%')"),
        "Damaged or not understood: 1 place in 1 item; 77 bytes and 0 records are known to be lost.|"
        "The address data \"old\" is of 2022-10-29, more than a year old: owners and countries may have changed.");
    trial_end(&t);
}

/* 20 and 10 minutes of flight, a position a second: 1800 times 8 bytes.  A log with fewer points
 * than seconds counts its points; what is local does not count. */
static void what_was_not_seen_is_told_in_copies_of_the_path(void **state)
{
    struct trial t;

    trial_begin(&t, PCAP
        "INSERT INTO flight(id, evidence, start, \"end\", duration_s, points) VALUES"
        "('flight-d-1', 'dd', '2026-03-01T10:00:00Z', '2026-03-01T10:20:00Z', 1200, 12000),"
        "('flight-d-2', 'dd', '2026-03-01T11:00:00Z', '2026-03-01T11:10:00Z', 6000, 600);"
        FLOW("flow-c-1", "a.example", "10:10", "10:11", ", payload_out, readable_out, opaque_out", ", 100000, 20000, 80000")
        "INSERT INTO destination(id, host, party, readable_out, opaque_out, missing_out) VALUES"
        "('destination-1', 'a.example', 'third', 20000, 70000, 0), ('destination-2', 'b.example', NULL, 0, 10000, 0),"
        "('destination-3', 'printer', 'local', 0, 900000, 0), ('destination-4', 'c.example', 'third', 50, 0, 0);",
        NULL);
    judge(&t, CITY);
    assert_string_equal(trial_value(&t, "SELECT value FROM run WHERE key = 'path_bytes'"), "14400");
    assert_string_equal(trial_value(&t, "SELECT group_concat(n.value, '|') FROM run, json_each(run.value, '$.notes') n WHERE run.key = 'coverage' "
        "AND n.value LIKE '%%the path%%'"),
        "The path of the 2 known flights needs 14 kB at a position a second; of the 80 kB that could not be read it is not known what they hold: "
        "the path would fit into it 5 times.|"
        "Addressed to a.example: 20 kB readable, 70 kB opaque, 0 bytes missing; the path would fit into it 4 times.|"
        "Addressed to b.example: 0 bytes readable, 10 kB opaque, 0 bytes missing; no whole copy of the path fits into it, but 69 % of one.");
    trial_end(&t);
}

static void findings_do_not_flood(void **state)
{
    struct trial t;

    trial_begin(&t, PCAP FLIGHT
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
        "INSERT INTO flow(id, evidence, src, dst, dst_port, proto, host, first, last, packets_in, payload_out, local) "
        "SELECT 'flow-c-' || i, 'cc', '192.168.1.20', '203.0.113.7', 443, 'tcp', 'h' || (i % 300) || '.example', "
        "'2026-03-01T10:00:00Z', '2026-03-01T10:20:00Z', 1, 10, 0 FROM n;", NULL);
    judge(&t, CITY "allowed_destinations: []\n");
    assert_string_equal(trial_value(&t, "SELECT count(*) FROM finding WHERE rule = 'BAA-1'"), "101");
    assert_string_equal(trial_value(&t, "SELECT statement FROM finding WHERE id = 'finding-baa-1-101'"),
                        "The same holds for 200 more destinations, which are not listed one by one.");
    assert_string_equal(trial_value(&t, "SELECT max(json_array_length(facts)) FROM finding"), "50");
    assert_string_equal(trial_value(&t, "SELECT reason FROM precaution WHERE rule = 'BAA-1'"),
        "The equipment exchanged packets with destinations that the policy does not allow: h0.example, h1.example, h10.example and 97 more.");
    trial_end(&t);
}

static void the_case_is_whole_after_judging(void **state)
{
    struct trial t;
    struct fact_case *again = NULL;
    struct arena *arena = arena_new(0);

    trial_begin(&t, DJI_FLIGHT, NULL);
    judge(&t, CITY);
    assert_string_equal(trial_value(&t, "SELECT count(*) FROM sqlite_temp_schema"), "0");
    assert_int_equal(sqlite3_limit(case_db(t.c), SQLITE_LIMIT_ATTACHED, -1), 10);
    assert_int_equal(case_finish(t.c), 0);
    case_free(t.c);
    assert_int_equal(case_open(t.path, &again), 0);
    assert_text_equal(case_get(again, "profiles", arena), "[\"dhs-cisa\"]");
    assert_text_equal(case_get(again, "policy", arena), "test");
    t.c = again;
    assert_string_equal(trial_value(&t, "SELECT group_concat(DISTINCT id) FROM precaution WHERE rule = 'BUL-2'"),
                        "precaution-bul-2-1");
    assert_string_equal(trial_value(&t, "SELECT count(*) FROM precaution WHERE evidence IS NOT NULL"), "0");
    trial_end(&t);
    arena_free(arena);
}

static void a_profile_that_nobody_knows_is_refused(void **state)
{
    struct trial t;

    trial_begin(&t, DJI_FLIGHT, NULL);
    assert_int_equal(trial_judge(&t, "version: 1\nprofiles: [dhs-ciza]\n", NULL), -EINVAL);
    assert_non_null(strstr(t.result.error.message, "dhs-ciza"));
    assert_string_equal(trial_value(&t, "SELECT count(*) FROM precaution"), "0");
    trial_end(&t);
}

struct elsewhere {
    struct fact_case *c;
    struct arena *arena;
    int error, asked;
};

static int measured_elsewhere(void *user, struct coverage *ret)
{
    struct elsewhere *e = user;

    e->asked++;
    return e->error ? e->error : judge_measure(e->c, e->arena, ret);
}

/* What is told of a case, whoever measured the coverage. */
static void told_of_it(struct elsewhere *e, char *into, size_t size)
{
    const struct judge_help help = { .coverage = measured_elsewhere, .user = e };
    struct policy *p = policy_for_test(CITY "attestations:\n  XYZ-99: { who: the chief, when: 2026-01-01, until: 2026-12-31 }\n");
    struct trial t;

    trial_begin(&t, DJI_FLIGHT, NULL);
    if (e)
        e->c = t.c;
    if (judge_case_with(t.c, p, getenv("LEASH_DATA"), p->fail_on, e ? &help : NULL, &t.result))
        fail_msg("%s", t.result.error.message);
    snprintf(into, size, "%s", trial_value(&t, "SELECT (SELECT group_concat(value) FROM run WHERE key IN ('coverage', 'verdict')) || "
        "(SELECT group_concat(rule || verdict || length(reason) || ' ' || ifnull(length(coverage), '')) FROM precaution) || "
        "(SELECT total(length(statement)) FROM finding)"));
    trial_end(&t);
    policy_free(p);
}

static void coverage_that_was_measured_elsewhere_is_the_same(void **state)
{
    struct elsewhere e = { .arena = arena_new(0) };
    char alone[8192], helped[8192];

    (void)state;
    told_of_it(NULL, alone, sizeof alone);
    assert_non_null(strstr(alone, "XYZ-99"));
    for (e.error = 0; e.error >= -EIO; e.error -= EIO) { /* what it cannot give is measured after all */
        e.asked = 0;
        told_of_it(&e, helped, sizeof helped);
        assert_int_equal(e.asked, 1);
        assert_string_equal(helped, alone);
    }
    arena_free(e.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_city_that_flies_lawfully_reaches_no_violation_found),
        cmocka_unit_test(the_same_flight_violates_federal_law_rows_only_when_these_are_selected),
        cmocka_unit_test(unread_evidence_makes_it_incomplete),
        cmocka_unit_test(leaks_are_findings_by_what_to_whom_and_how),
        cmocka_unit_test(observations_tell_apart_what_left_in_clear),
        cmocka_unit_test(coverage_counts_the_time_in_the_air_that_was_captured),
        cmocka_unit_test(the_bound_is_told_of_every_destination),
        cmocka_unit_test(what_was_not_seen_is_told_in_copies_of_the_path),
        cmocka_unit_test(findings_do_not_flood),
        cmocka_unit_test(the_case_is_whole_after_judging),
        cmocka_unit_test(a_profile_that_nobody_knows_is_refused),
        cmocka_unit_test(coverage_that_was_measured_elsewhere_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
