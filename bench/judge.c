/* How long the catalogue takes over a case of N flows (100,000 unless given): makes the rows,
 * judges them with the shipped catalogue under a policy that states what rules ask for, and prints
 * CPU seconds of judging alone, as "judged N flows to H hosts in S s: VERDICT, F rules not met".
 *
 *   bench-judge DATA_DIR [N [HOSTS]]    HOSTS: how many names they go to (300)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/timestamp.h"
#include "fact/case.h"
#include "judge/judge.h"
#include "policy/policy.h"

enum { HOSTS_MAX = 60000, FLIGHT_S = 1200 };

static int hosts = 300;

static const char policy_text[] =
    "version: 1\nname: bench\nprofiles: [dhs-cisa, federal, doi, army, dji-claims]\nlimits: { unreadable_share_max: 1 }\n"
    "operator_hosts: [police.example]\nallowed_destinations: [{ host: h7.example, port: 443 }, { country: US }]\n"
    "forbidden_countries: { operator: [CN], registry: [RU], location: [] }\nmay_leave: { flight: [map], any: [any] }\n"
    "known_third_parties: []\ninternal_networks: [10.0.0.0/8]\ndeclared_countries: [US]\nassessed_makers: [DJI]\n";

static void fail(const char *what)
{
    fprintf(stderr, "bench-judge: %s\n", what);
    exit(1);
}

static void must(int error, const char *what)
{
    if (error)
        fail(what);
}

static struct text key_of(char digit)
{
    static char key[65];

    memset(key, digit, 64);
    return (struct text){ .at = key, .len = 64 };
}

static void put_evidence(struct fact_case *c, char digit, const char *path, const char *kind)
{
    struct fact_evidence e;

    fact_init(FACT_EVIDENCE, &e);
    e.head.number = 1;
    e.path = text_of(path);
    e.kind = text_of(kind);
    e.sha256 = key_of(digit);
    e.status = TEXT("read");
    must(case_put(c, FACT_EVIDENCE, &e, key_of(digit)), "evidence row");
}

static void put_flight(struct fact_case *c, int64_t start_utc_ns)
{
    struct fact_flight f;

    fact_init(FACT_FLIGHT, &f);
    f.head.number = 1;
    f.head.evidence = key_of('d');
    f.format = TEXT("dji-txt");
    f.start = start_utc_ns;
    f.end = start_utc_ns + FLIGHT_S * NS_PER_S;
    f.duration_s = FLIGHT_S;
    f.points = 12000;
    must(case_put(c, FACT_FLIGHT, &f, key_of('d')), "flight row");
}

static void put_flow(struct fact_case *c, int64_t n, int64_t flows, int64_t start_utc_ns)
{
    struct fact_flow f;
    char host[32], address[32];

    snprintf(host, sizeof host, "h%d.example", (int)(n % hosts));
    snprintf(address, sizeof address, "203.0.%d.%d", (int)(n % hosts / 250), (int)(n % hosts % 250 + 1));
    fact_init(FACT_FLOW, &f);
    f.head.number = n + 1;
    f.head.evidence = key_of('c');
    f.head.origin = fact_origin_at((uint64_t)n * 100, 100);
    f.src = TEXT("192.168.1.20");
    f.src_port = 40000 + n % 20000;
    f.dst = text_of(address);
    f.dst_port = 443;
    f.proto = TEXT("tcp");
    f.service = TEXT("tls");
    f.host = text_of(host);
    f.host_source = TEXT("sni");
    f.first = start_utc_ns - 300 * NS_PER_S + (FLIGHT_S + 600) * NS_PER_S / flows * n;
    f.last = f.first + 3 * NS_PER_S + 123456789;
    f.phase = n % 3 ? TEXT("flight") : TEXT("idle");
    f.packets_out = f.packets_in = 9;
    f.bytes_out = f.bytes_in = 2000;
    f.payload_out = f.payload_in = 1000;
    f.readable_out = 300;
    f.opaque_out = 700;
    f.missing_out = 0;
    f.local = 0;
    f.tls_version = TEXT("TLS 1.3");
    f.src_mac = TEXT("02:00:00:00:00:20");
    must(case_put(c, FACT_FLOW, &f, key_of('c')), "flow row");
}

static void put_destination(struct fact_case *c, int n)
{
    struct fact_destination d;
    char host[32], id[48];

    snprintf(host, sizeof host, "h%d.example", n);
    snprintf(id, sizeof id, "destination-%s", host);
    fact_init(FACT_DESTINATION, &d);
    d.head.id = text_of(id);
    d.host = text_of(host);
    d.addresses = (struct text_list){ .items = &d.host, .count = 0 };
    d.owner = TEXT("Owner");
    d.purpose = n % 5 ? TEXT("map: tiles") : TEXT("analytics: usage");
    d.party = n % 4 ? TEXT("third") : TEXT("vendor");
    d.operator_country = n % 3 ? TEXT("US") : TEXT("CN");
    d.registry_country = TEXT("US");
    must(case_put(c, FACT_DESTINATION, &d, TEXT_UNKNOWN), "destination row");
}

int main(int argc, char **argv)
{
    const int64_t flows = argc > 2 ? strtoll(argv[2], NULL, 10) : 100000;
    char directory[] = "/tmp/bench-judge-XXXXXX", path[64];
    struct fact_case *c = NULL;
    struct policy *p = NULL;
    struct policy_error error;
    struct judge_result result;
    struct timespec before, after;
    int64_t start_utc_ns = 0;

    hosts = argc > 3 ? (int)strtol(argv[3], NULL, 10) : hosts;
    if (argc < 2 || hosts < 1 || hosts > HOSTS_MAX || flows < 1 || !mkdtemp(directory))
        fail("usage: bench-judge DATA_DIR [FLOWS [HOSTS]]");
    snprintf(path, sizeof path, "%s/case.gpkg", directory);
    must(policy_parse(TEXT("bench"), text_of(policy_text), &p, &error), error.message);
    must(case_create(path, false, &c), "case");
    must(!timestamp_parse(TEXT("2026-03-01T10:00:00Z"), &start_utc_ns), "time");
    must(case_set(c, "started", TEXT("2026-03-10T00:00:00Z")), "run");
    put_evidence(c, 'c', "net.pcap", "pcap");
    put_evidence(c, 'd', "log.txt", "dji-txt");
    put_flight(c, start_utc_ns);
    for (int64_t n = 0; n < flows; n++)
        put_flow(c, n, flows, start_utc_ns);
    for (int n = 0; n < hosts; n++)
        put_destination(c, n);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    must(judge_case(c, p, argv[1], SEVERITY_HIGH, &result), result.error.message);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    printf("judged %lld flows to %d hosts in %.3f s: %s, %lld rules not met\n", (long long)flows, hosts,
           (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9, result.verdict,
           (long long)result.rules[VERDICT_NOT_MET]);
    case_free(c);
    policy_free(p);
    rmdir(directory);
    return 0;
}
