#include "judge/support_case.h"

#include <stdio.h>
#include <string.h>

/* The rules that rows of SQL can try quickly; test/program/rules.py tries all of them through
 * `leash audit`.  For each rule evidence that meets it, its nearest neighbour that does not, and evidence
 * that cannot tell. */

#define TLS ", payload_out, readable_out, opaque_out, service, tls_version", ", 3000, 3000, 0, 'tls', 'TLS 1.3'"
#define HTTP ", payload_out, readable_out, opaque_out, service", ", 3000, 3000, 0, 'http'"
#define MAKER_ACTIVATION DESTINATION("active.maker.example", "'Maker'", "'activation: devices'", "vendor", "'US'") \
    FLOW("flow-c-2", "active.maker.example", "10:01", "10:02", HTTP)
#define REQUEST(path) "INSERT INTO request(id, evidence, flow, protocol, method, host, path, status) VALUES(" \
    "'request-c-1', 'cc', 'flow-c-2', 'http/1.1', 'GET', 'active.maker.example', '" path "', 200);"
#define OWN POLICY_HEAD "operator_hosts: [police.example.gov]\n"
#define INTERNAL POLICY_HEAD "internal_networks: [10.20.0.0/16]\n"
#define FOUND POLICY_HEAD "stored_evidence: as_found\n"
#define THIRD DESTINATION("api.maps.example", "'Maps Inc'", "'map: tiles'", "third", "'DE'") \
    FLOW("flow-c-3", "api.maps.example", "10:03", "10:04", TLS)
#define LOCAL(id, to, port, answers) \
    "INSERT INTO flow(id, evidence, src, src_port, dst, dst_port, proto, first, last, packets_out, packets_in, local) VALUES(" \
    "'" id "', 'cc', '192.168.1.20', 40001, '" to "', " port ", 'tcp', '2026-03-01T10:05:00Z', '2026-03-01T10:05:02Z', 5, " answers ", 1);"
#define UPDATE(from, to, bytes) DESTINATION("dl.maker.example", "'Maker'", "'update: firmware'", "vendor", "'US'") \
    "INSERT INTO flow(id, evidence, src, src_port, dst, dst_port, proto, host, host_source, first, last, packets_out, packets_in, " \
    "bytes_out, bytes_in, payload_out, readable_out, opaque_out, missing_out, local, service, tls_version) VALUES('flow-c-4', 'cc', " \
    "'192.168.1.20', 40002, '203.0.113.9', 443, 'tcp', 'dl.maker.example', 'sni', '2026-03-01T" from ":00Z', '2026-03-01T" to ":00Z', " \
    "900, 4000, 60000, " bytes ", 2000, 2000, 0, 0, 0, 'tls', 'TLS 1.3');"
#define HTTP_FILE(path) DESTINATION("dl.maker.example", "'Maker'", "'update: firmware'", "vendor", "'US'") \
    FLOW("flow-c-5", "dl.maker.example", "10:40", "10:41", HTTP) \
    "INSERT INTO request(id, evidence, flow, protocol, method, host, path, status, response_bytes) VALUES(" \
    "'request-c-5', 'cc', 'flow-c-5', 'http/1.1', 'GET', 'dl.maker.example', '" path "', 200, 5000000);"
#define AIRCRAFT(vendor) "INSERT INTO device(id, evidence, role, vendor, model) VALUES('device-d-1', 'dd', 'aircraft', " vendor ", 'X1');"
#define PHOTO(taken) "INSERT INTO media(id, evidence, format, taken, taken_local, time_basis) VALUES('media-e-1', 'ee', 'jpeg', " taken ", NULL, 'utc');"
#define OTHER_FLIGHT(start) LOG "INSERT INTO flight(id, evidence, format, start, \"end\", duration_s) VALUES('flight-d-1', 'dd', 'ulog', " \
    start ", '2026-03-01T10:20:00Z', 1200);"
#define MAKERS_HOST DESTINATION("api.maker.example", "'Maker'", "'cloud: api'", "vendor", "'US'") \
    FLOW("flow-c-6", "api.maker.example", "10:06", "10:07", TLS)
#define MAPBOX DESTINATION("tiles.mapbox.com", "'Mapbox'", "'map: tiles'", "third", "'US'") \
    FLOW("flow-c-6", "tiles.mapbox.com", "10:06", "10:07", TLS)
#define MAKERS_MAP DESTINATION("map.maker.example", "'Maker'", "'map: tiles'", "vendor", "'US'") \
    FLOW("flow-c-6", "map.maker.example", "10:06", "10:07", TLS)
#define ABROAD(country, registry, asn) \
    "INSERT INTO destination(id, host, addresses, owner, party, operator_country, registry_country, asn, as_name) VALUES(" \
    "'destination-a', 'node.cloud.example', '[]', 'Cloud', 'third', " country ", " registry ", " asn ", 'Cloud network');" \
    FLOW("flow-c-7", "node.cloud.example", "10:08", "10:09", TLS)

struct scenario {
    const char *rule, *verdict, *what, *policy, *label, *rows;
};

static const struct scenario scenarios[] = {
    { "BUL-1", "met", "activation with the department's address", OWN, NULL,
      QUIET_CAPTURE FLIGHT MAKER_ACTIVATION REQUEST("/v3/activate?mail=uas%40police.example.gov") },
    { "BUL-1", "not_met", "activation with an address elsewhere", OWN, NULL,
      QUIET_CAPTURE FLIGHT MAKER_ACTIVATION REQUEST("/v3/activate?mail=jane%40mail.example") },
    { "BUL-1", "not_shown", "nobody said which names are the department's", POLICY_HEAD, NULL,
      QUIET_CAPTURE FLIGHT MAKER_ACTIVATION REQUEST("/v3/activate?mail=jane%40mail.example") },
    { "BUL-1", "not_met", "a known position at activation", OWN, NULL,
      QUIET_CAPTURE FLIGHT MAKER_ACTIVATION "INSERT INTO leak(id, evidence, what, flow, destination) VALUES("
      "'leak-c-1', 'cc', 'position', 'flow-c-2', 'active.maker.example');" },

    { "BUL-2", "met", "nothing shared", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "BUL-2", "not_met", "a sharing service", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT
      DESTINATION("share.example", "'Social'", "'share/media: posts'", "third", "'US'") FLOW("flow-c-3", "share.example", "10:03", "10:04", TLS) },
    { "BUL-2", "met", "a look at a media site", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT
      DESTINATION("video.example", "'Video'", "'media: videos'", "vendor", "'US'") FLOW("flow-c-3", "video.example", "10:03", "10:04", TLS) },
    { "BUL-2", "not_shown", "the capture begins after half of the flight", POLICY_HEAD, NULL, FLIGHT PCAP
      DESTINATION("time.example", "'Example'", "'os: time'", "third", "'US'")
      FLOW("flow-c-1", "time.example", "10:10", "10:30", ", payload_out, readable_out, opaque_out", ", 100, 100, 0") },
    { "BUL-2", "not_shown", "most went to an address without a name", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT
      FLOW("flow-c-3", "", "10:03", "10:04", TLS) },

    { "BUL-4", "met", "a photo of last week on the card", FOUND, NULL, PHOTO("'2026-03-05T08:00:00Z'") },
    { "BUL-4", "not_met", "a photo of January on the card", FOUND, NULL, PHOTO("'2026-01-05T08:00:00Z'") },
    { "BUL-4", "not_shown", "a photo of January in an archive", POLICY_HEAD "stored_evidence: copies\n", NULL, PHOTO("'2026-01-05T08:00:00Z'") },
    { "BUL-4", "not_shown", "a photo without a date", FOUND, NULL, PHOTO("NULL") },

    { "BUL-5", "met", "another private address", INTERNAL, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.30", "8080", "4") },
    { "BUL-5", "not_met", "an address of the internal network", INTERNAL, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "10.20.3.4", "8080", "4") },
    { "BUL-5", "met", "a file server that does not answer", INTERNAL, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.30", "445", "0") },
    { "BUL-5", "not_met", "a file server that answers", INTERNAL, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.30", "445", "3") },
    { "BUL-5", "not_shown", "internal networks not stated", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.30", "8080", "4") },

    { "BUL-6", "met", "a version check in flight", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT UPDATE("10:05", "10:06", "30000") },
    { "BUL-6", "not_met", "an update in flight", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT UPDATE("10:05", "10:06", "90000000") },
    { "BUL-6", "not_shown", "an update after landing", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT UPDATE("10:21", "10:25", "90000000") },
    { "BUL-6", "attested", "an update after landing, and somebody vouches", POLICY_HEAD
      "attestations:\n  BUL-6: { who: Sgt. Example, when: 2026-01-01, until: 2026-03-10 }\n", NULL,
      QUIET_CAPTURE FLIGHT UPDATE("10:21", "10:25", "90000000") },
    { "BUL-6", "not_shown", "the attestation has run out", POLICY_HEAD
      "attestations:\n  BUL-6: { who: Sgt. Example, when: 2026-01-01, until: 2026-03-09 }\n", NULL,
      QUIET_CAPTURE FLIGHT UPDATE("10:21", "10:25", "90000000") },

    { "BUL-8", "met", "the third party is known", POLICY_HEAD "known_third_parties: [maps inc]\n", NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "BUL-8", "not_met", "another is known", POLICY_HEAD "known_third_parties: [Charts Inc]\n", NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "BUL-8", "not_shown", "nobody said who is known", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "BUL-8", "not_shown", "no capture of the flight", POLICY_HEAD "known_third_parties: []\n", NULL, FLIGHT },

    { "BP19-A1", "met", "fetched software, no internal contact", INTERNAL, NULL, QUIET_CAPTURE UPDATE("10:40", "10:45", "90000000") LOCAL("flow-c-8", "192.168.1.30", "8080", "4") },
    { "BP19-A1", "not_met", "fetched software and met the directory", INTERNAL, NULL, QUIET_CAPTURE UPDATE("10:40", "10:45", "90000000") LOCAL("flow-c-8", "192.168.1.30", "389", "4") },
    { "BP19-A1", "not_shown", "no software fetched", INTERNAL, NULL, QUIET_CAPTURE LOCAL("flow-c-8", "192.168.1.30", "389", "4") },

    { "BP19-A2", "met", "an update over TLS", POLICY_HEAD, NULL, QUIET_CAPTURE UPDATE("10:40", "10:45", "90000000") },
    { "BP19-A2", "not_met", "an app over plain HTTP", POLICY_HEAD, NULL, QUIET_CAPTURE HTTP_FILE("/app/fly.APK?v=2") },
    { "BP19-A2", "not_shown", "a picture over plain HTTP", POLICY_HEAD, NULL, QUIET_CAPTURE HTTP_FILE("/app/fly.png?for=x.apk") },
    { "BP19-A2", "not_met", "a package whose signature is wrong", POLICY_HEAD, NULL,
      "INSERT INTO package(id, kind, package, signature) VALUES('package-f-1', 'apk', 'org.example', 'invalid');" },
    { "BP19-A2", "not_shown", "a package whose signature is right, of nobody knows whom", POLICY_HEAD, NULL,
      "INSERT INTO package(id, kind, package, signature) VALUES('package-f-1', 'apk', 'org.example', 'valid');" },

    { "CG24-P2", "met", "a neighbour in the same network", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.77", "80", "4") },
    { "CG24-P2", "not_met", "a neighbour in the next network", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.2.77", "80", "4") },
    { "CG24-P2", "met", "the name server next door", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.2.77", "53", "4") },
    { "CG24-P2", "met", "nobody answers next door", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.2.77", "80", "0") },
    { "CG24-P2", "not_shown", "the flight was not captured", POLICY_HEAD, NULL, QUIET_CAPTURE LOCAL("flow-c-8", "192.168.1.77", "80", "4") },

    { "CG24-R2", "met", "the maker is listed", POLICY_HEAD "assessed_makers: [Skydio]\n", NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'Skydio, Inc.'") },
    { "CG24-R2", "not_met", "another maker is listed", POLICY_HEAD "assessed_makers: [Parrot]\n", NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'Skydio, Inc.'") },
    { "CG24-R2", "not_shown", "no maker named", POLICY_HEAD "assessed_makers: [Parrot]\n", NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("NULL") },

    { "CG24-R3", "met", "declared", POLICY_HEAD "declared_countries: [US, DE]\n", NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "CG24-R3", "not_met", "not declared", POLICY_HEAD "declared_countries: [US, FR]\n", NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "CG24-R3", "not_shown", "no country is known", POLICY_HEAD "declared_countries: [US, FR]\n", NULL, QUIET_CAPTURE FLIGHT
      DESTINATION("api.maps.example", "'Maps Inc'", "'map: tiles'", "third", "NULL") FLOW("flow-c-3", "api.maps.example", "10:03", "10:04", TLS) },

    { "BAA-1", "met", "all on the list", POLICY_HEAD "allowed_destinations: [maps.example]\n", NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "BAA-1", "not_met", "one beside the list", POLICY_HEAD "allowed_destinations: [apps.example]\n", NULL, QUIET_CAPTURE FLIGHT THIRD },
    { "BAA-1", "not_shown", "no list", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT THIRD },

    { "BAA-4", "met", "only its own network", INTERNAL, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.30", "80", "4") },
    { "BAA-4", "not_met", "a file server in its own network", INTERNAL, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.30", "445", "4") },
    { "BAA-4", "not_met", "the next network", INTERNAL, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.2.30", "80", "4") },
    { "BAA-4", "not_shown", "internal networks not stated", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT LOCAL("flow-c-8", "192.168.1.30", "80", "4") },

    { "DOI-1", "met", "sharing locked, quiet", POLICY_HEAD, "sharing locked", QUIET_CAPTURE FLIGHT },
    { "DOI-1", "not_met", "sharing locked, the maker is contacted", POLICY_HEAD, "sharing-locked", QUIET_CAPTURE FLIGHT MAKERS_HOST },
    { "DOI-1", "not_shown", "nobody said when sharing was locked", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT MAKERS_HOST },
    { "DOI-1", "not_applicable", "sharing on", POLICY_HEAD, "sharing on", QUIET_CAPTURE FLIGHT MAKERS_HOST },
    { "DOI-1", "not_shown", "who sent to the third party?", POLICY_HEAD, "sharing locked", QUIET_CAPTURE FLIGHT THIRD },

    { "ARMY-1", "met", "another maker", POLICY_HEAD, NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'Parrot'") },
    { "ARMY-1", "not_met", "a DJI aircraft", POLICY_HEAD, NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'DJI'") },
    { "ARMY-1", "not_met", "a DJI log that names no device", POLICY_HEAD, NULL, FLIGHT },
    { "ARMY-1", "not_shown", "an unknown maker", POLICY_HEAD, NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'Adjim'") },

    { "848-1", "met", "made elsewhere", POLICY_HEAD, NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'Skydio'") },
    { "848-1", "not_met", "Autel", POLICY_HEAD, NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'AUTEL Robotics'") },
    { "848-1", "not_shown", "no aircraft", POLICY_HEAD, NULL, QUIET_CAPTURE },

    { "848-4", "met", "all three answers elsewhere", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT ABROAD("'US'", "'US'", "64500")
      "UPDATE destination SET location_country = 'US';" },
    { "848-4", "not_shown", "no place is known", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT ABROAD("'US'", "'US'", "64500") },
    { "848-4", "not_met", "the place", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT ABROAD("'US'", "'US'", "64500")
      "UPDATE destination SET location_country = 'CN' WHERE id = 'destination-a';" },
    { "848-4", "not_met", "the owner of the name", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT ABROAD("'CN/US'", "'US'", "64500") },
    { "848-4", "not_met", "the address registry", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT ABROAD("'US'", "'CN'", "64500") },
    { "848-4", "not_met", "the network's holder, in the US", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT ABROAD("'US'", "'US'", "45102") },
    { "848-4", "not_shown", "no address database", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT ABROAD("'US'", "NULL", "NULL") },

    { "ASDA-2", "not_applicable", "the last day before", POLICY_HEAD, NULL, LOG "INSERT INTO flight(id, evidence, format, start) VALUES("
      "'flight-d-1', 'dd', 'dji-txt', '2025-12-21T23:59:59.9Z');" },
    { "ASDA-2", "not_met", "the first day", POLICY_HEAD, NULL, LOG "INSERT INTO flight(id, evidence, format, start) VALUES("
      "'flight-d-1', 'dd', 'dji-txt', '2025-12-22T00:00:00Z');" },
    { "ASDA-2", "met", "another maker", POLICY_HEAD, NULL, OTHER_FLIGHT("'2026-03-01T10:00:00Z'") AIRCRAFT("'Parrot'") },
    { "ASDA-2", "not_shown", "no date", POLICY_HEAD, NULL, LOG "INSERT INTO flight(id, evidence, format) VALUES('flight-d-1', 'dd', 'dji-txt');" },

    { "LDM-1", "met", "maps only, and the switch is on", POLICY_HEAD, "Fly 1.5, Local Data Mode, maps on", QUIET_CAPTURE FLIGHT MAPBOX },
    { "LDM-1", "not_shown", "maps, and nobody said that the switch is on", POLICY_HEAD, "Fly 1.5, Local Data Mode", QUIET_CAPTURE FLIGHT MAPBOX },
    { "LDM-1", "not_met", "the maker's own maps", POLICY_HEAD, "Fly 1.5, Local Data Mode, maps on", QUIET_CAPTURE FLIGHT MAKERS_MAP },
    { "LDM-1", "not_met", "the maker's interface", POLICY_HEAD, "Fly 1.5, Local Data Mode", QUIET_CAPTURE FLIGHT MAKERS_HOST },
    { "LDM-1", "not_shown", "no word on the mode", POLICY_HEAD, "Fly 1.5", QUIET_CAPTURE FLIGHT MAKERS_HOST },
    { "LDM-1", "not_applicable", "the mode is off", POLICY_HEAD, "local data mode off", QUIET_CAPTURE FLIGHT MAKERS_HOST },
    { "LDM-1", "not_met", "the phase says it", POLICY_HEAD, NULL, QUIET_CAPTURE FLIGHT MAKERS_HOST
      "UPDATE flow SET phase = 'local_data_mode' WHERE id = 'flow-c-6';" },

    { "LDM-2", "met", "a log of the mode", FOUND, "local data mode", FLIGHT PHOTO("'2026-03-01T10:05:00Z'") },
    { "LDM-2", "not_met", "photos and no log", FOUND, "local data mode", PHOTO("'2026-03-01T10:05:00Z'") },
    { "LDM-2", "not_shown", "photos and no log in an archive", POLICY_HEAD, "local data mode", PHOTO("'2026-03-01T10:05:00Z'") },
};

enum { SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

static void each_rule_has_the_verdict_of_its_evidence(void **state)
{
    for (size_t i = 0; i < SCENARIOS; i++) {
        const struct scenario *s = &scenarios[i];
        struct trial t;
        trial_begin(&t, s->rows, s->label);
        if (trial_judge(&t, s->policy, NULL))
            fail_msg("%s:%d: %s", t.result.error.file, t.result.error.line, t.result.error.message);
        const char *verdict = trial_value(&t, "SELECT verdict FROM precaution WHERE rule = '%s'", s->rule);
        if (strcmp(verdict, s->verdict)) {
            print_message("# %s\n", trial_value(&t, "SELECT reason || ' needs ' || needs FROM precaution WHERE rule = '%s'", s->rule));
            fail_msg("%s, %s: %s instead of %s", s->rule, s->what,
                     trial_value(&t, "SELECT verdict FROM precaution WHERE rule = '%s'", s->rule), s->verdict);
        }
        /* A violation has findings, which point at rows; anything else has none. */
        const bool violated = strcmp(s->verdict, "not_met") == 0;
        assert_string_equal(trial_value(&t, "SELECT count(*) > 0 FROM finding WHERE rule = '%s'", s->rule),
                            violated ? "1" : "0");
        assert_string_equal(trial_value(&t, "SELECT count(*) FROM finding WHERE rule = '%s' AND (json_array_length(facts) = 0 "
                                            "OR statement LIKE '%%{%%' OR statement LIKE '%%unknown%%' AND rule <> 'CG24-R3')", s->rule), "0");
        assert_string_equal(trial_value(&t, "SELECT json_array_length(needs) > 0 FROM precaution WHERE rule = '%s'",
                                        s->rule),
                            strcmp(s->verdict, "not_shown") == 0 || strcmp(s->verdict, "attested") == 0 ? "1" : "0");
        trial_end(&t);
    }
}

static void a_rule_tried_here_is_tried_with_every_verdict(void **state)
{
    static const char *const verdicts[] = { "met", "not_met", "not_shown" };
    struct trial t;

    trial_begin(&t, "", NULL);
    assert_int_equal(trial_judge(&t, POLICY_HEAD, NULL), 0);
    assert_string_equal(trial_value(&t, "SELECT count(*) - count(DISTINCT id) FROM precaution"), "0");
    for (size_t at = 0; at < SCENARIOS; at++) {
        assert_string_equal(trial_value(&t, "SELECT count(*) FROM precaution WHERE rule = '%s'", scenarios[at].rule),
                            "1");
        for (size_t v = 0; v < 3; v++) {
            bool tried = false;
            for (size_t i = 0; i < SCENARIOS; i++)
                tried |= strcmp(scenarios[i].rule, scenarios[at].rule) == 0 &&
                         strcmp(scenarios[i].verdict, verdicts[v]) == 0;
            if (!tried)
                fail_msg("%s is never %s", scenarios[at].rule, verdicts[v]);
        }
    }
    trial_end(&t);
}

static void nothing_is_met_without_evidence(void **state)
{
    struct trial t;

    trial_begin(&t, "", NULL);
    assert_int_equal(trial_judge(&t,
                                 POLICY_HEAD "operator_hosts: []\nallowed_destinations: []\nknown_third_parties: []\n"
        "internal_networks: []\ndeclared_countries: []\nassessed_makers: []\nstored_evidence: as_found\n", NULL), 0);
    assert_string_equal(trial_value(&t, "SELECT group_concat(rule) FROM precaution WHERE verdict NOT IN ('not_shown', 'not_applicable')"), "");
    trial_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_has_the_verdict_of_its_evidence),
        cmocka_unit_test(a_rule_tried_here_is_tried_with_every_verdict),
        cmocka_unit_test(nothing_is_met_without_evidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
