#ifndef LEASH_TEST_JUDGE_SUPPORT_CASE_H
#define LEASH_TEST_JUDGE_SUPPORT_CASE_H

#include "support/support.h"

#include <sqlite3.h>

#include "fact/case.h"
#include "judge/judge.h"

/* A case in a folder of its own, whose rows a test writes as SQL.  The day of the run is
 * 2026-03-10. */
struct trial {
    char directory[64], path[96];
    struct fact_case *c;
    struct judge_result result;
};

void trial_begin(struct trial *t, const char *rows_sql, const char *label);
/* Judges with the project's catalogue, or with the one in `data_dir`. */
int trial_judge(struct trial *t, const char *policy_yaml, const char *data_dir);
void trial_end(struct trial *t);

/* One value of the case as text, "" for NULL; for formatted SQL.  Overwritten by the next call. */
__attribute__((format(printf, 2, 3)))
const char *trial_value(struct trial *t, const char *sql_format, ...);

struct policy *policy_for_test(const char *yaml);

/* Rows that many tests start from. */
#define PCAP "INSERT INTO evidence(id, path, kind, sha256, status) VALUES('evidence-c-1', 'c.pcap', 'pcap', 'cc', 'read');"
#define LOG  "INSERT INTO evidence(id, path, kind, sha256, status) VALUES('evidence-d-1', 'd.txt', 'dji-txt', 'dd', 'read');"
/* 20 minutes in the air */
#define FLIGHT LOG "INSERT INTO flight(id, evidence, format, start, \"end\", duration_s, points, time_basis) VALUES(" \
    "'flight-d-1', 'dd', 'dji-txt', '2026-03-01T10:00:00Z', '2026-03-01T10:20:00Z', 1200, 12000, 'utc');"
#define DESTINATION(host, owner, purpose, party, country) \
    "INSERT INTO destination(id, host, addresses, owner, purpose, party, operator_country, registry_country) VALUES(" \
    "'destination-" host "', '" host "', '[]', " owner ", " purpose ", '" party "', " country ", 'US');"
/* FLOW(id, host, first minute, last minute, more columns, their values) */
#define FLOW(...) FLOW_WITH(__VA_ARGS__)
#define FLOW_WITH(id, host, from, to, columns, values) \
    "INSERT INTO flow(id, evidence, src, src_port, dst, dst_port, proto, host, host_source, first, last, packets_out, " \
    "packets_in, bytes_out, bytes_in, missing_out, local" columns ") VALUES('" id "', 'cc', '192.168.1.20', 40000, " \
    "'203.0.113.7', 443, 'tcp', '" host "', 'sni', '2026-03-01T" from ":00Z', '2026-03-01T" to ":00.5Z', 9, 9, 9000, 9000, 0, 0" values ");"
/* A connection that spans the flight, to a host that nothing is said against. */
#define QUIET_CAPTURE PCAP DESTINATION("time.example", "'Example'", "'os: time'", "third", "'US'") \
    FLOW("flow-c-1", "time.example", "09:50", "10:30", ", payload_out, readable_out, opaque_out", ", 100, 100, 0")

#define POLICY_HEAD "version: 1\nprofiles: [dhs-cisa, federal, doi, army, dji-claims]\n"

#endif
