#include "report/fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

const char *const fixture_names[FIXTURE_COUNT] = { "encrypted", "leaking", "stored", "undecided", "empty", "hostile",
                                                   "large" };

/* SHA-256 sums of nothing that exists. */
#define CAPTURE_KEY "1f0c7d5e88a94b60b1f0c7d5e88a94b60b1f0c7d5e88a94b60b1f0c7d5e88a9c"
#define LOG_KEY     "2a6be1d03c57f4982a6be1d03c57f4982a6be1d03c57f4982a6be1d03c57f49b"
#define PHOTO_KEY   "3d91f2ce704ab5863d91f2ce704ab5863d91f2ce704ab5863d91f2ce704ab58e"
#define START_NS    (INT64_C(1790762400) * NS) /* 2026-09-30T10:00:00Z */
#define NS          INT64_C(1000000000)
#define PLACE_LONGITUDE (-99.3124)
#define PLACE_LATITUDE  43.7081

static struct fact_case *the_case;
static int64_t numbers[FACT_KIND_COUNT];
static struct arena *lists;

static void put(enum fact_kind kind, void *row, const char *key)
{
    struct fact_head *head = row;

    head->number = ++numbers[kind];
    if (case_put(the_case, kind, row, text_of(key))) {
        fprintf(stderr, "%s\n", case_error(the_case));
        abort();
    }
}

static void set(const char *key, const char *value)
{
    if (case_set(the_case, key, text_of(value)))
        abort();
}

#define LIST(...) arena_text_list(lists, (struct text_list){ (const struct text[]){ __VA_ARGS__ }, \
                                         sizeof((const struct text[]){ __VA_ARGS__ }) / sizeof(struct text) })
#define ROW(KIND, kind) struct fact_##kind row; fact_init(FACT_##KIND, &row)

static void put_evidence(const char *path, const char *kind, const char *key, int64_t bytes, const char *status,
                         const char *note)
{
    ROW(EVIDENCE, evidence);
    row.path = text_of(path);
    row.kind = text_of(kind);
    row.sha256 = text_of(key);
    row.bytes = bytes;
    row.status = text_of(status);
    row.note = text_of(note);
    put(FACT_EVIDENCE, &row, key);
}

static void put_device(const char *role, const char *vendor, const char *model, const char *serial, int64_t covered)
{
    ROW(DEVICE, device);
    row.role = text_of(role);
    row.vendor = text_of(vendor);
    row.model = text_of(model);
    row.serial = text_of(serial);
    row.covered_list = covered;
    put(FACT_DEVICE, &row, LOG_KEY);
}

static void put_position(int64_t flight, const char *subject, int64_t at, double longitude, double latitude,
                         double altitude)
{
    ROW(POSITION, position);
    row.flight = flight;
    row.subject = text_of(subject);
    row.time = at;
    row.time_basis = TEXT("utc");
    row.longitude_deg = longitude;
    row.latitude_deg = latitude;
    row.altitude_m = altitude;
    row.alt_ref = TEXT("takeoff");
    put(FACT_POSITION, &row, LOG_KEY);
}

/* A survey pattern: rows east and west, 12 m/s, ten points a second. */
static void put_flight(int nth, double east_deg, double north_deg)
{
    enum { POINTS = 7200, ROW_POINTS = 900 };
    const double longitude = PLACE_LONGITUDE + east_deg, latitude = PLACE_LATITUDE + north_deg;
    const int64_t start = START_NS + nth * 3600 * NS;
    const int64_t flight = numbers[FACT_FLIGHT] + 1;

    ROW(FLIGHT, flight);
    row.head.origin = fact_origin_at(100, 5242880);
    row.format = TEXT("dji_txt_v12");
    row.aircraft_serial = TEXT("EXAMPLE0SERIAL1");
    row.start = start;
    row.end = start + POINTS / 10 * NS;
    row.duration_s = POINTS / 10;
    row.points = POINTS;
    row.operator_points = 720;
    row.bbox_west = longitude;
    row.bbox_south = latitude;
    row.bbox_east = longitude + 0.0134;
    row.bbox_north = latitude + 0.0038;
    row.first_longitude_deg = row.home_longitude_deg = longitude;
    row.first_latitude_deg = row.home_latitude_deg = latitude;
    row.first_altitude_m = 0;
    row.last_longitude_deg = longitude + 0.0001;
    row.last_latitude_deg = latitude + 0.0001;
    row.alt_ref = TEXT("takeoff");
    row.app = TEXT("DJI Fly");
    row.app_version = TEXT("1.13.0");
    row.time_basis = TEXT("utc");
    put(FACT_FLIGHT, &row, LOG_KEY);
    for (int i = 0; i < POINTS; i++) {
        const int line = i / ROW_POINTS;
        const double along = (double)(i % ROW_POINTS) / ROW_POINTS;
        const double x = line % 2 ? 1 - along : along;
        put_position(flight, "aircraft", start + i * NS / 10, longitude + 0.0134 * x + 0.00002 * sin(i / 20.0),
                     latitude + 0.0005 * line + 0.00002 * cos(i / 33.0), 60 + 3 * sin(i / 200.0));
        if (i % 100 == 0)
            put_position(flight, "operator", start + i * NS / 10, longitude - 0.0008 + 0.00001 * sin(i / 700.0),
                         latitude - 0.0004, NAN);
    }
    put_position(flight, "home", start, longitude, latitude, NAN);
}

static void put_photos(int count)
{
    for (int i = 0; i < count; i++) {
        ROW(MEDIA, media);
        row.head.origin = fact_origin_at(0x1a4, 0x2c0);
        row.format = TEXT("jpeg");
        row.taken = START_NS + (60 + i * 90) * NS;
        row.taken_local = TEXT("2026-09-30T05:01:00");
        row.time_basis = TEXT("derived");
        row.longitude_deg = PLACE_LONGITUDE + 0.002 + 0.0017 * i;
        row.latitude_deg = PLACE_LATITUDE + 0.0005 * (i % 5) + 0.0002;
        row.altitude_m = 61.5;
        row.alt_ref = TEXT("takeoff");
        row.serials = LIST(TEXT("EXAMPLE0CAMERA1"));
        row.model = TEXT("Mavic 3E");
        put(FACT_MEDIA, &row, PHOTO_KEY);
    }
}

struct place {
    const char *host, *address, *owner, *purpose, *party;
    int64_t asn;
    const char *as_name, *operator_country, *registry_country;
    int64_t bytes_out, readable_out;
};

static const struct place encrypted_places[] = {
    { "api.vendor.example", "203.0.113.10", "Example Drones", "app services", "vendor", 64500, "EXAMPLE-CLOUD", "CN", "US",
      1843200, 0 },
    { "log.vendor.example", "203.0.113.12", "Example Drones", "telemetry", "vendor", 64500, "EXAMPLE-CLOUD", "CN", "US",
      612400, 0 },
    { "sdk.analytics.example", "198.51.100.7", "Example Analytics", "analytics", "third", 64501, "EXAMPLE-ADS", "US", "US",
      48300, 0 },
    { "tiles.maps.example", "198.51.100.80", "Example Maps", "maps", "third", 64502, "EXAMPLE-CDN", "US", "DE", 22100, 0 },
    { "push.example.net", "192.0.2.44", NULL, NULL, "unknown", 64503, "EXAMPLE-PUSH", NULL, "SG", 9120, 0 },
    { "time.example.org", "192.0.2.123", "Example Time", "clock", "third", 64504, "EXAMPLE-TIME", "DE", "DE", 912, 480 },
};

static const struct place leaking_places[] = {
    { "upload.vendor.example", "203.0.113.20", "Example Drones", "flight record upload", "vendor", 64505, "EXAMPLE-FAR",
      "CN", "CN", 486200, 471800 },
    { "media.share.example", "198.51.100.99", "Example Share", "photo sharing", "third", 64506, "EXAMPLE-SHARE", "US", "US",
      2418000, 2391000 },
    { "api.vendor.example", "203.0.113.10", "Example Drones", "app services", "vendor", 64500, "EXAMPLE-CLOUD", "CN", "US",
      120400, 0 },
};

static int64_t put_flow(const struct place *place, int nth, const char *service)
{
    ROW(FLOW, flow);
    row.head.origin.packet_first = 17 + nth * 40;
    row.head.origin.packet_last = row.head.origin.packet_first + 38;
    row.src = TEXT("192.168.7.23");
    row.src_port = 40000 + nth % 20000;
    row.dst = text_of(place->address);
    row.dst_port = text_equal(text_of(service), TEXT("tls")) ? 443 : 80;
    row.proto = TEXT("tcp");
    row.service = text_of(service);
    row.host = text_of(place->host);
    row.host_source = text_equal(text_of(service), TEXT("tls")) ? TEXT("sni") : TEXT("http_host");
    row.first = START_NS + nth * 7 * NS;
    row.last = row.first + 5 * NS;
    row.packets_out = 20 + nth % 100;
    row.packets_in = 18;
    row.bytes_out = place->bytes_out;
    row.bytes_in = 21000;
    row.payload_out = place->bytes_out * 95 / 100;
    row.payload_in = 20000;
    row.readable_out = place->readable_out < row.payload_out ? place->readable_out : row.payload_out;
    row.opaque_out = row.payload_out - row.readable_out;
    row.missing_out = 0;
    if (row.dst_port == 443) {
        row.tls_version = TEXT("1.3");
        row.tls_sni = row.host;
        row.tls_alpn = LIST(TEXT("h2"), TEXT("http/1.1"));
        row.tls_ja4 = TEXT("t13d1516h2_8daaf6152771_02713d6af862");
    }
    row.local = 0;
    put(FACT_FLOW, &row, CAPTURE_KEY);
    return numbers[FACT_FLOW];
}

static void put_dns(const struct place *place, int nth)
{
    ROW(DNS, dns);
    row.head.origin.packet_first = row.head.origin.packet_last = 10 + nth;
    row.name = text_of(place->host);
    row.type = TEXT("A");
    row.answers = LIST(text_of(place->address));
    row.client = TEXT("192.168.7.23");
    row.server = TEXT("192.168.7.1");
    row.at = START_NS + nth * 7 * NS - NS / 4;
    put(FACT_DNS, &row, CAPTURE_KEY);
}

static void put_destination(const struct place *place, int64_t flows)
{
    ROW(DESTINATION, destination);
    row.host = text_of(place->host);
    row.addresses = LIST(text_of(place->address));
    row.owner = text_of(place->owner);
    row.purpose = text_of(place->purpose);
    row.party = text_of(place->party);
    row.asn = place->asn;
    row.as_name = text_of(place->as_name);
    row.operator_country = text_of(place->operator_country);
    row.registry_country = text_of(place->registry_country);
    row.country_sources = TEXT("[{\"database\":\"iptoasn\",\"date\":\"2026-06-17\",\"country\":\"US\"}]");
    row.countries_disagree = place->operator_country && place->registry_country &&
                             !text_equal(text_of(place->operator_country), text_of(place->registry_country));
    row.bytes_out = place->bytes_out * flows;
    row.bytes_in = 21000 * flows;
    row.flows = flows;
    row.first = START_NS;
    row.last = START_NS + 900 * NS;
    row.payload_out = row.bytes_out * 95 / 100;
    row.readable_out = place->readable_out * flows;
    row.opaque_out = row.payload_out > row.readable_out ? row.payload_out - row.readable_out : 0;
    put(FACT_DESTINATION, &row, CAPTURE_KEY);
}

static void put_places(const struct place *places, size_t count, const char *service)
{
    for (size_t i = 0; i < count; i++) {
        put_dns(&places[i], (int)i);
        put_flow(&places[i], (int)i, places[i].readable_out ? service : "tls");
        put_destination(&places[i], 1);
    }
}

static void put_request(int64_t flow, const char *host, const char *path, const char *type, int64_t bytes)
{
    ROW(REQUEST, request);
    row.head.origin.packet_first = row.head.origin.packet_last = 19;
    row.flow = flow;
    row.protocol = TEXT("http/1.1");
    row.method = TEXT("POST");
    row.host = text_of(host);
    row.path = text_of(path);
    row.status = 200;
    row.user_agent = TEXT("ExampleFly/1.13.0 (Android 14)");
    row.content_type = text_of(type);
    row.body_bytes = bytes;
    put(FACT_REQUEST, &row, CAPTURE_KEY);
}

static void put_leak(const char *what, int64_t flow, const char *destination, const char *key, const char *claim,
                     const char *hits, int64_t points, double bits)
{
    ROW(LEAK, leak);
    row.head.origin = fact_origin_at(30144, 251930);
    row.head.origin.packet_first = 21;
    row.head.origin.packet_last = 228;
    row.head.origin.steps = LIST(TEXT("tcp stream"), TEXT("http body"), TEXT("gzip"));
    row.what = text_of(what);
    row.secret = TEXT("flight-2a6be1d03c57-1");
    row.flow = flow;
    row.destination = text_of(destination);
    row.decoding = LIST(TEXT("http body"), TEXT("gzip"), TEXT("decimal text"));
    row.points = points;
    row.evidence_bits = bits;
    row.datum = points > 0 ? TEXT("WGS-84") : TEXT_UNKNOWN;
    row.claim = text_of(claim);
    row.claim_key = text_of(key);
    row.at = START_NS + 800 * NS;
    row.matched_from = START_NS;
    row.matched_to = START_NS + 700 * NS;
    row.hits = text_of(hits);
    put(FACT_LEAK, &row, CAPTURE_KEY);
}

static void put_precaution(const char *title, const char *source, const char *verdict, const char *reason,
                           const char *coverage, const char *need, const char *finding)
{
    static const struct text nothing;
    const struct text_list none = { &nothing, 0 };

    ROW(PRECAUTION, precaution);
    row.title = text_of(title);
    row.source = text_of(source);
    row.source_confidence = TEXT("seen");
    row.kind = TEXT("practice");
    row.profiles = LIST(TEXT("cisa"));
    row.applies = TEXT("yes");
    row.verdict = text_of(verdict);
    row.reason = text_of(reason);
    row.coverage = text_of(coverage);
    row.needs = need ? LIST(text_of(need)) : none;
    row.findings = finding ? LIST(text_of(finding)) : none;
    put(FACT_PRECAUTION, &row, CAPTURE_KEY);
}

static void put_finding(const char *rule, const char *severity, const char *statement, const char *fact,
                        const char *destination)
{
    ROW(FINDING, finding);
    row.head.origin.rows = LIST(text_of(fact));
    row.rule = text_of(rule);
    row.severity = text_of(severity);
    row.statement = text_of(statement);
    row.facts = LIST(text_of(fact));
    row.destinations = LIST(text_of(destination));
    put(FACT_FINDING, &row, CAPTURE_KEY);
}

static void put_search(int64_t bytes, int64_t not_decoded)
{
    ROW(SEARCH, search);
    row.bytes_searched = bytes;
    row.views = 14;
    row.candidates = 1;
    row.expected_false_hits = 3.2e-7;
    row.bytes_not_decoded = not_decoded;
    put(FACT_SEARCH, &row, CAPTURE_KEY);
}

static void put_run(const char *label, const char *verdict, const char *coverage)
{
    set("tool_version", LEASH_VERSION);
    set("label", label);
    set("started", "2026-10-01T08:30:00Z");
    set("command", "leash audit --label ... evidence/");
    set("policy", "data/policy/default.yaml");
    set("profiles", "[\"cisa\"]");
    set("data_versions", "{\"destinations\":\"2026-09-01\",\"iptoasn\":\"2026-06-17\",\"libloc\":\"2022-11-08\"}");
    set("verdict", verdict);
    set("coverage", coverage);
}

#define CISA "CISA, Cybersecurity Guidance: Chinese-Manufactured UAS (2024)"

static void put_precautions(bool leaking)
{
    const char *const sent = "2.6 MB of 3.0 MB sent was readable; the capture covers the whole of one flight.";
    const char *const opaque = "0 bytes of 2.4 MB sent were readable; the capture covers 8 min of 12 min of flight.";

    put_precaution("Flight logs are not sent to the maker", CISA, leaking ? "not_met" : "not_shown",
        leaking ? "The path of a flight of this case was sent to upload.vendor.example."
                : "Not found in what could be read; almost all of it is encrypted.",
        leaking ? sent : opaque, leaking ? NULL : "session keys of the app", leaking ? "finding-1f0c7d5e88a9-1" : NULL);
    put_precaution("Pictures stay on storage that the operator controls", CISA, leaking ? "not_met" : "not_shown",
        leaking ? "A photo of this case was uploaded in clear text." : "Encrypted bursts could hold pictures.",
        leaking ? sent : opaque, leaking ? NULL : "session keys of the app", leaking ? "finding-1f0c7d5e88a9-2" : NULL);
    put_precaution("Traffic is encrypted in transit", CISA, leaking ? "not_met" : "met",
        leaking ? "2 connections carried content in clear text." : "All 5 connections to outside hosts used TLS 1.2 or later.",
        leaking ? sent : opaque, NULL, leaking ? "finding-1f0c7d5e88a9-3" : NULL);
    put_precaution("The aircraft's maker is not on the Covered List", "FCC, DA 25-1086 (2025)",
                   leaking ? "not_met" : "not_applicable",
        leaking ? "The flight log names an aircraft of a maker on the list." : "The policy does not select this profile.",
        "One flight log.", NULL, leaking ? "finding-1f0c7d5e88a9-4" : NULL);
    put_precaution("Memory cards are erased after each mission", CISA, "not_shown",
        "No memory card was among the evidence.", "No card image.", "an image of the memory card", NULL);
    put_precaution("Firmware is checked before it is installed", CISA, "not_shown",
        "No firmware file was among the evidence.", "No firmware.", "the firmware file that was installed", NULL);
    put_precaution("Names are resolved by a server the operator chose", CISA, "met",
        "All questions went to 192.168.7.1.", "6 questions.", NULL, NULL);
    put_precaution("Remote identification is sent as the rule asks", "14 CFR part 89", "not_applicable",
        "The policy says that flights are indoors.", "No radio capture.", NULL, NULL);
}

static void make_encrypted(void)
{
    put_run("Patrol drone, Local Data Mode on", "no_violation_found",
        "{\"evidence_read\":3,\"evidence_total\":3,\"payload_out\":2409260,\"readable_out\":480,\"opaque_out\":2408780,"
        "\"missing_out\":0,\"flight_time_s\":720,\"flight_time_covered_s\":480,\"evicted\":0,"
        "\"notes\":[\"libloc's address data is of 2022-11-08, older than a year\"]}");
    put_evidence("evidence/gateway.pcap", "pcap", CAPTURE_KEY, 3145728, "read", NULL);
    put_evidence("evidence/DJIFlightRecord_example.txt", "dji_txt", LOG_KEY, 5243000, "read", NULL);
    put_evidence("evidence/DCIM/DJI_0001.JPG", "jpeg", PHOTO_KEY, 1402112, "read", NULL);
    put_device("aircraft", "DJI", "Mavic 3E", "EXAMPLE0SERIAL1", 1);
    put_device("controller", "DJI", "RC Pro", "EXAMPLE0SERIAL2", 1);
    put_flight(0, 0, 0);
    put_photos(1);
    put_places(encrypted_places, sizeof encrypted_places / sizeof *encrypted_places, "ntp");
    put_search(2409260, 2408780);
    put_precautions(false);
    put_finding("BUL-9", "medium", "The flight log names an aircraft of a maker on the FCC Covered List.",
                "device-2a6be1d03c57-1", "");
}

static void make_leaking(void)
{
    put_run("Patrol drone, after update 1.13", "violations",
        "{\"evidence_read\":8,\"evidence_total\":9,\"payload_out\":2873370,\"readable_out\":2758990,\"opaque_out\":114380,"
        "\"missing_out\":18200,\"flight_time_s\":1440,\"flight_time_covered_s\":720,\"evicted\":0,"
        "\"notes\":[\"18,200 bytes are missing from 2 connections: the capture was cut short\"]}");
    put_evidence("evidence/gateway.pcapng", "pcapng", CAPTURE_KEY, 3842110, "read", NULL);
    put_evidence("evidence/DJIFlightRecord_example.txt", "dji_txt", LOG_KEY, 5243000, "read", NULL);
    for (int i = 0; i < 6; i++)
        put_evidence("evidence/DCIM/DJI_0001.JPG", "jpeg", PHOTO_KEY, 2411112, "read", NULL);
    put_evidence("evidence/DCIM/DJI_0007.JPG", "jpeg", "4e00aa", 13, "unreadable", "ends in the header, at 0xd");
    put_device("aircraft", "DJI", "Mavic 3E", "EXAMPLE0SERIAL1", 1);
    put_device("controller", "DJI", "RC Pro", "EXAMPLE0SERIAL2", 1);
    put_device("phone", "Example", "Phone 8", NULL, FACT_UNKNOWN_INT);
    put_flight(0, 0, 0);
    put_flight(1, 0.0031, 0.0046);
    put_photos(6);
    put_places(leaking_places, sizeof leaking_places / sizeof *leaking_places, "http");
    put_request(1, "upload.vendor.example", "/v2/flight/records?app=fly", "application/json", 471210);
    put_request(2, "media.share.example", "/upload", "multipart/form-data", 2390111);
    put_leak("flight_path", 1, "upload.vendor.example", "path_sequence",
        "the path of this flight was sent to upload.vendor.example between 10:00:00 and 10:11:40 (matched interval)",
        "[{\"offset\":30161,\"length\":24,\"text\":\"43.7081000,-99.3124000\",\"distance_m\":0.1},"
        "{\"offset\":30203,\"length\":24,\"text\":\"43.7081010,-99.3123850\",\"distance_m\":0.2},"
        "{\"offset\":30245,\"length\":24,\"text\":\"43.7081020,-99.3123700\",\"distance_m\":0.1}]", 612, 4812.5);
    put_leak("media", 2, "media.share.example", "media_exact", "the photo DJI_0001.JPG was sent to media.share.example",
             NULL,
             FACT_UNKNOWN_INT, FACT_UNKNOWN_REAL);
    put_leak("serial", 1, "upload.vendor.example", "identifier",
        "the serial number EXAM...IAL1 was sent to upload.vendor.example at 2026-09-30T10:13:20Z",
        "[{\"offset\":30144,\"length\":15,\"text\":\"EXAMPLE0SERIAL1\"}]", FACT_UNKNOWN_INT, 77.5);
    put_search(2873370, 114380);
    put_precautions(true);
    put_finding("BUL-2", "critical",
                "The path of a flight of this case was sent to upload.vendor.example in clear text.",
                "leak-1f0c7d5e88a9-1", "upload.vendor.example");
    put_finding("BUL-3", "high", "A photo of this case was sent to media.share.example in clear text.",
                "leak-1f0c7d5e88a9-2",
                "media.share.example");
    put_finding("BUL-5", "high", "2 connections carried content in clear text.", "flow-1f0c7d5e88a9-1",
                "upload.vendor.example");
    put_finding("BUL-9", "medium", "The flight log names an aircraft of a maker on the FCC Covered List.",
                "device-2a6be1d03c57-1", "");
}

static void make_stored(void)
{
    put_run("Card and phone folder", "incomplete",
        "{\"evidence_read\":5,\"evidence_total\":5,\"payload_out\":0,\"readable_out\":0,\"opaque_out\":0,\"missing_out\":0,"
        "\"flight_time_s\":2160,\"flight_time_covered_s\":0,\"evicted\":0,\"notes\":[]}");
    put_evidence("evidence/DJIFlightRecord_example.txt", "dji_txt", LOG_KEY, 5243000, "read", NULL);
    put_evidence("evidence/DCIM/DJI_0001.JPG", "jpeg", PHOTO_KEY, 2411112, "read", NULL);
    put_flight(0, 0, 0);
    put_flight(1, 0.0031, 0.0046);
    put_flight(2, 3.9, -1.2);
    put_photos(4);
    put_precautions(false);
}

static void put_kit(const char *package, const char *name, const char *country, const char *state)
{
    ROW(COMPONENT, component);
    row.package = text_of(package);
    row.name = text_of(name);
    row.kind = TEXT("sdk");
    row.country = country ? text_of(country) : TEXT_UNKNOWN;
    row.state = text_of(state);
    put(FACT_COMPONENT, &row, LOG_KEY);
}

static void put_exposure(const char *uas_id, const char *carrier, const char *source, int64_t told)
{
    ROW(EXPOSURE, exposure);
    row.uas_id = uas_id ? text_of(uas_id) : TEXT_UNKNOWN;
    row.kind = TEXT("remote_id");
    row.carrier = text_of(carrier);
    row.operator_source = text_of(source);
    row.first = INT64_C(1790000000000000000);
    row.last = row.first + INT64_C(8000000000);
    row.told = told;
    put(FACT_EXPOSURE, &row, CAPTURE_KEY);
}

static void make_undecided(void)
{
    put_run("App and a minute of radio", "no_violation_found",
            "{\"evidence_read\":2,\"evidence_total\":2,\"payload_out\":0,"
        "\"readable_out\":0,\"opaque_out\":0,\"missing_out\":0,\"flight_time_s\":0,\"flight_time_covered_s\":0,\"evicted\":0,\"notes\":[]}");
    put_evidence("evidence/pilot.apk", "apk", LOG_KEY, 25000000, "read", NULL);
    put_evidence("evidence/radio.pcap", "pcap", CAPTURE_KEY, 31457, "read", NULL);
    put_kit("org.example.pilot", "Example Push", "CN", "in_code");
    put_kit("org.example.pilot", "Example Push", "CN", "in_manifest"); /* one kit, two signs */
    put_kit("org.example.pilot", "Example Maps", NULL, "in_code");
    put_kit("org.example.pilot", "Example Crash Reports", "US", "in_code");
    put_kit("org.example.pilot", "Example Adverts", "US", "in_code");
    put_kit("org.example.pilot", "Only a name in the code", "US", "host_only");
    put_kit("org.example.gallery", "Example Adverts", "US", "in_code");
    put_exposure("EXAMPLE0SERIAL1", "bluetooth_legacy", "live", 3);
    put_exposure("EXAMPLE0SERIAL1", "wifi_beacon", "live", 40);
    put_exposure(NULL, "wifi_nan", "takeoff", 2);
    put_precaution("Memory cards are erased after each mission", CISA, "not_shown",
        "No memory card was among the evidence.", "No card image.", "an image of the memory card", NULL);
    put_precaution("Remote identification is sent as the rule asks", "14 CFR part 89", "not_applicable",
        "The policy says that flights are indoors.", "No radio capture.", NULL, NULL);
}

static void make_empty(void)
{
    put_run("A cut file", "incomplete",
            "{\"evidence_read\":0,\"evidence_total\":1,\"payload_out\":0,\"readable_out\":0,"
        "\"opaque_out\":0,\"missing_out\":0,\"flight_time_s\":0,\"flight_time_covered_s\":0,\"evicted\":0,\"notes\":[]}");
    put_evidence("evidence/cut.pcap", "pcap", CAPTURE_KEY, 11, "unreadable", "ends in the file header, at 0xb");
}

/* Every text and list of every kind of row is hostile; numbers are extreme. */
static void put_hostile_row(enum fact_kind kind)
{
    const struct fact_table *table = &fact_tables[kind];
    const struct text hostile = TEXT(FIXTURE_HOSTILE_TEXT);
    struct fact_head *head = memory_alloc(table->row_bytes);

    fact_init(kind, head);
    head->origin = fact_origin_at(INT64_MAX, INT64_MAX);
    head->origin.steps = LIST(hostile, hostile);
    for (size_t i = 0; i < table->field_count; i++) {
        void *at = (char *)head + table->fields[i].offset;
        switch (table->fields[i].type) {
        case FACT_TYPE_TEXT:
            *(struct text *)at = hostile;
            break;
        case FACT_TYPE_LIST:
            *(struct text_list *)at = LIST(hostile, hostile);
            break;
        case FACT_TYPE_JSON: /* also what a foreign case file may hold */
            *(struct text *)at = TEXT("[{\"text\":\"</script><script>document.title='owned'</script>\"}]");
            break;
        case FACT_TYPE_REAL:
            *(double *)at = 1e300;
            break;
        case FACT_TYPE_INT:
            *(int64_t *)at = INT64_MAX;
            break;
        case FACT_TYPE_BOOL: case FACT_TYPE_REF:
            *(int64_t *)at = 1;
            break;
        case FACT_TYPE_TIME:
            *(int64_t *)at = START_NS;
            break;
        }
    }
    put(kind, head, CAPTURE_KEY);
    free(head);
}

static void make_hostile(void)
{
    put_run(FIXTURE_HOSTILE_TEXT, "violations",
        "{\"evidence_read\":1,\"evidence_total\":2,\"payload_out\":9,\"readable_out\":3,\"opaque_out\":6,\"missing_out\":4,"
        "\"flight_time_s\":5,\"flight_time_covered_s\":1,\"evicted\":2,"
        "\"notes\":[\"</script><script>document.title='owned'</script>\"]}");
    set("command", FIXTURE_HOSTILE_TEXT);
    for (int kind = 0; kind < FACT_CASE_KIND_COUNT; kind++)
        for (int i = 0; i < 3; i++)
            put_hostile_row((enum fact_kind)kind);
    /* Rows whose enumerations are good, so that the parts of the page that ask for them see hostile names too. */
    const struct place place = { FIXTURE_HOSTILE_TEXT, "203.0.113.1", FIXTURE_HOSTILE_TEXT, FIXTURE_HOSTILE_TEXT,
                                 "third", 1,
                                 FIXTURE_HOSTILE_TEXT, "CN", "US", 1000000, 10 };
    put_flow(&place, 0, "http");
    put_destination(&place, 1);
    put_leak("flight_path", 1, FIXTURE_HOSTILE_TEXT, "k", FIXTURE_HOSTILE_TEXT,
             "[{\"offset\":1,\"text\":\"</script><script>document.title='owned'</script>\"}]", 3, 99);
    put_finding("BUL-2", "critical", FIXTURE_HOSTILE_TEXT, "leak-1f0c7d5e88a9-4", FIXTURE_HOSTILE_TEXT);
    put_precaution(FIXTURE_HOSTILE_TEXT, FIXTURE_HOSTILE_TEXT, "not_shown", FIXTURE_HOSTILE_TEXT, FIXTURE_HOSTILE_TEXT,
                   FIXTURE_HOSTILE_TEXT, NULL);
}

static void make_large(void)
{
    enum { FLOWS = 100000, HOSTS = 400 };
    static char hosts[HOSTS][32];

    put_run("A month at the gateway", "no_violation_found",
        "{\"evidence_read\":1,\"evidence_total\":1,\"payload_out\":90000000,\"readable_out\":1000000,"
        "\"opaque_out\":89000000,\"missing_out\":0,\"flight_time_s\":0,\"flight_time_covered_s\":0,\"evicted\":12,\"notes\":[]}");
    put_evidence("evidence/month.pcapng", "pcapng", CAPTURE_KEY, 4000000000, "read", NULL);
    for (int i = 0; i < HOSTS; i++) {
        struct place place = encrypted_places[i % 5];
        snprintf(hosts[i], sizeof hosts[i], "host%03d.vendor.example", i);
        place.host = hosts[i];
        place.bytes_out = 400 + 97 * (i % 31) * (i % 17);
        put_destination(&place, FLOWS / HOSTS);
    }
    for (int i = 0; i < FLOWS; i++) {
        struct place place = encrypted_places[i % 5];
        place.host = hosts[i % HOSTS];
        place.bytes_out = 400 + i % 9973;
        put_flow(&place, i, "tls");
        put_dns(&place, i);
    }
    put_search(90000000, 89000000);
    /* of all connections the one that sent least */
    put_finding("BUL-5", "medium", "A connection carried content in clear text.", "flow-1f0c7d5e88a9-1", hosts[0]);
}

struct fact_case *fixture_case(const char *path, enum fixture which)
{
    static void (*const makers[FIXTURE_COUNT])(void) = {
        make_encrypted, make_leaking, make_stored, make_undecided, make_empty, make_hostile, make_large,
    };

    memset(numbers, 0, sizeof numbers);
    lists = arena_new(0);
    if (case_create(path, true, &the_case))
        abort();
    makers[which]();
    if (case_finish(the_case)) {
        fprintf(stderr, "%s\n", case_error(the_case));
        abort();
    }
    arena_free(lists);
    return the_case;
}
