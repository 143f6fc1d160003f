#include "report/diff_list.h"

/* total() and not sum(): absurd values must not end the query. */
#define SUM(column) "CAST(total(" column ") AS INTEGER)"
#define ROWS_OF(list) "json_each(CASE WHEN json_valid(" list ") THEN " list " ELSE '[]' END)"

/* What flows come to by device, phase and destination, in one pass over them: what lists of traffic
 * are made of.  A device is told by its hardware address, since addresses of a network change from
 * day to day; a destination by what the judge puts flows together by. */
const char diff_flow_sql[] =
    "CREATE TEMP TABLE diff_flow AS SELECT ifnull(nullif(f.src_mac, ''), ifnull(f.src, '')) AS device,"
    " ifnull(f.phase, 'unknown') AS phase, lower(rtrim(ifnull(nullif(f.host, ''), f.dst), '.')) AS destination,"
    " count(*) AS flows, " SUM("f.bytes_out") " AS sent, " SUM("f.bytes_in") " AS received,"
    " " SUM("f.opaque_out") " AS opaque, " SUM("f.missing_out") " AS missing"
    " FROM main.flow f WHERE f.local IS NOT 1 GROUP BY 1, 2, 3";

#define HAS_CAPTURE \
    "SELECT EXISTS (SELECT 1 FROM flow)" \
    " OR EXISTS (SELECT 1 FROM evidence WHERE kind IN ('pcap', 'pcapng') AND status IN ('read', 'partial'))"
#define HAS_PACKAGE "SELECT EXISTS (SELECT 1 FROM package) OR EXISTS (SELECT 1 FROM component)"
#define HAS_STORED \
    "SELECT EXISTS (SELECT 1 FROM flight) OR EXISTS (SELECT 1 FROM media) OR EXISTS (SELECT 1 FROM evidence" \
    " WHERE kind NOT IN ('pcap', 'pcapng', 'unknown', 'other', 'empty') AND status IN ('read', 'partial'))"
#define IS_JUDGED "SELECT EXISTS (SELECT 1 FROM precaution)"

#define NO_CAPTURE "no network capture"
#define NO_STORED  "no files of a card, phone or controller"

#define NAMED_DEVICES \
    "(SELECT lower(mac) AS mac, min(ifnull(name, ifnull(model, vendor))) AS name FROM device" \
    " WHERE mac IS NOT NULL GROUP BY 1) n ON n.mac = lower(k.device)"
#define MATRIX_SUMS \
    "count(DISTINCT destination) AS destinations, " SUM("flows") " AS flows, " SUM("sent") " AS sent," \
    " " SUM("received") " AS received, " SUM("opaque") " AS opaque, " SUM("missing") " AS missing FROM temp.diff_flow"
#define MATRIX_SHOWN "n.name, k.destinations, k.flows, k.sent, k.received, k.opaque, k.missing"
#define MATRIX_COLUMNS { \
    { .name = "name", .type = DIFF_TEXT, .told_only = true }, \
    { .name = "destinations", .type = DIFF_NUMBER, .brief = true }, \
    { .name = "flows", .type = DIFF_NUMBER }, \
    { .name = "bytes_out", .type = DIFF_BYTES, .unit = "out", .brief = true }, \
    { .name = "bytes_in", .type = DIFF_BYTES, .unit = "in", .brief = true }, \
    { .name = "opaque_out", .type = DIFF_BYTES, .unit = "not readable", .brief = true }, \
    { .name = "missing_out", .type = DIFF_BYTES, .unit = "missing" } }

const struct diff_list diff_lists[] = {
    { .name = "matrix", .heading = "What each device sent", .what = NO_CAPTURE, .matrix = true, .evidence = HAS_CAPTURE,
      .sql = "SELECT k.device, " MATRIX_SHOWN " FROM ("
             " SELECT '' AS device, " MATRIX_SUMS
             " UNION ALL"
             " SELECT device, " MATRIX_SUMS " WHERE device <> '' GROUP BY 1) k"
             " LEFT JOIN " NAMED_DEVICES " ORDER BY 1",
      .keys = { "device" }, .columns = MATRIX_COLUMNS },

    { .name = "phases", .heading = "The same by phase of the test", .what = NO_CAPTURE, .matrix = true,
      .evidence = HAS_CAPTURE,
      .sql = "SELECT k.device, k.phase, " MATRIX_SHOWN " FROM ("
             " SELECT device, phase, " MATRIX_SUMS " GROUP BY 1, 2) k"
             " LEFT JOIN " NAMED_DEVICES " ORDER BY 1, 2",
      .keys = { "device", "phase" }, .columns = MATRIX_COLUMNS },

    { .name = "destinations", .heading = "Destinations", .what = NO_CAPTURE, .evidence = HAS_CAPTURE,
      .sql = "WITH p AS (SELECT k, group_concat(phase, ', ') AS phases FROM ("
             "  SELECT DISTINCT destination AS k, phase FROM temp.diff_flow ORDER BY 1, 2) GROUP BY k),"
             " d AS (SELECT lower(rtrim(ifnull(host, CASE WHEN json_valid(addresses)"
             "  THEN json_extract(addresses, '$[0]') END), '.')) AS k, * FROM destination WHERE party IS NOT 'local')"
             " SELECT ifnull(d.k, ''), min(d.owner), min(d.party), min(d.purpose), min(d.operator_country),"
             "  min(d.registry_country), min(d.location_country), " SUM("d.flows") ", " SUM("d.bytes_out") ", "
             SUM("d.bytes_in") ", " SUM("d.opaque_out") ", min(p.phases)"
             " FROM d LEFT JOIN p ON p.k = d.k GROUP BY 1 ORDER BY 1",
      .keys = { "destination" },
      .columns = { { .name = "owner", .type = DIFF_TEXT },
                   { .name = "party", .type = DIFF_TEXT },
                   { .name = "purpose", .type = DIFF_TEXT },
                   { .name = "operator_country", .type = DIFF_TEXT }, { .name = "registry_country", .type = DIFF_TEXT },
                   { .name = "location_country", .type = DIFF_TEXT }, { .name = "flows", .type = DIFF_NUMBER },
                   { .name = "bytes_out", .type = DIFF_BYTES, .unit = "out", .brief = true },
                   { .name = "bytes_in", .type = DIFF_BYTES, .unit = "in", .brief = true },
                   { .name = "opaque_out", .type = DIFF_BYTES, .unit = "not readable" },
                   { .name = "phases", .type = DIFF_TEXT } } },

    /* A value is found again under another id in every run: what it is, and to whom it went, makes the key. */
    { .name = "data_items", .heading = "Known data that was sent",
      .what = "no capture that was searched for known values",
      .evidence = "SELECT EXISTS (SELECT 1 FROM leak) OR EXISTS (SELECT 1 FROM search)",
      .sql = "SELECT ifnull(l.what, ''), ifnull(i.kind, CASE"
             "  WHEN substr(l.secret, 1, instr(l.secret, '-') - 1) IN"
             "   ('evidence', 'device', 'identifier', 'flight', 'position', 'media') AND l.secret GLOB '*-*-[0-9]*'"
             "  THEN substr(l.secret, 1, instr(l.secret, '-') - 1) ELSE 'named: ' || ifnull(l.secret, '') END),"
             "  ifnull(l.destination, ''), count(*), max(l.points), CAST(max(l.evidence_bits) AS INTEGER),"
             "  group_concat(DISTINCT ifnull(f.phase, 'unknown')), min(l.decoding), min(l.claim)"
             " FROM leak l LEFT JOIN identifier i ON i.id = l.secret LEFT JOIN flow f ON f.id = l.flow"
             " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
      .keys = { "what", "value_of", "destination" },
      .columns = { { .name = "finds", .type = DIFF_NUMBER, .brief = true },
                   { .name = "points", .type = DIFF_NUMBER, .brief = true },
                   { .name = "evidence_bits", .type = DIFF_NUMBER, .told_only = true },
                   { .name = "phases", .type = DIFF_TEXT },
                   { .name = "decoding", .type = DIFF_TEXT },
                   { .name = "claim", .type = DIFF_TEXT, .told_only = true } } },

    { .name = "stored", .heading = "What files keep", .what = NO_STORED, .evidence = HAS_STORED,
      .sql = "SELECT 'flight log' AS kind, ifnull(format, '') AS form, count(*), " SUM("points") ", "
             SUM("operator_points") ", " SUM("encrypted_records") " FROM flight GROUP BY 2"
             " UNION ALL"
             " SELECT 'photo or video', ifnull(format, ''), count(*), " SUM("(longitude_deg IS NOT NULL)")
             ", NULL, NULL FROM media GROUP BY 2"
             " UNION ALL"
             " SELECT 'identifier', ifnull(kind, ''), count(DISTINCT value), NULL, NULL, NULL FROM identifier"
             " GROUP BY 2 ORDER BY 1, 2",
      .keys = { "kind", "form" },
      .columns = { { .name = "count", .type = DIFF_NUMBER, .brief = true },
                   { .name = "positions", .type = DIFF_NUMBER, .brief = true },
                   { .name = "operator_positions", .type = DIFF_NUMBER },
                   { .name = "encrypted_records", .type = DIFF_NUMBER } } },

    { .name = "identifiers", .heading = "Identifiers in files", .what = NO_STORED, .evidence = HAS_STORED,
      .sql = "SELECT ifnull(kind, ''), ifnull(value, ''), count(*) FROM identifier GROUP BY 1, 2 ORDER BY 1, 2",
      .keys = { "kind", "value" },
      .columns = { { .name = "times", .type = DIFF_NUMBER, .brief = true, .told_only = true } } },

    { .name = "packages", .heading = "Apps and firmware", .what = "no app or firmware", .evidence = HAS_PACKAGE,
      .sql = "SELECT ifnull(kind, ''), ifnull(package, ''), group_concat(DISTINCT version), max(version_code),"
             "  min(min_sdk), max(target_sdk), group_concat(DISTINCT signature), group_concat(DISTINCT readable)"
             " FROM package GROUP BY 1, 2 ORDER BY 1, 2",
      .keys = { "kind", "package" },
      .columns = { { .name = "version", .type = DIFF_TEXT, .brief = true },
                   { .name = "version_code", .type = DIFF_NUMBER },
                   { .name = "min_sdk", .type = DIFF_NUMBER }, { .name = "target_sdk", .type = DIFF_NUMBER },
                   { .name = "signature", .type = DIFF_TEXT, .brief = true },
                   { .name = "readable", .type = DIFF_TEXT } } },

    { .name = "components", .heading = "Components", .what = "no app or firmware", .evidence = HAS_PACKAGE,
      .sql = "SELECT ifnull(package, ''), ifnull(kind, ''), ifnull(name, ''), group_concat(DISTINCT version),"
             "  min(owner), min(country), group_concat(DISTINCT state), min(purpose) FROM component"
             " WHERE kind NOT IN ('permission', 'signer') OR kind IS NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
      .keys = { "package", "kind", "name" },
      .columns = { { .name = "version", .type = DIFF_TEXT, .brief = true },
                   { .name = "owner", .type = DIFF_TEXT, .brief = true },
                   { .name = "country", .type = DIFF_TEXT },
                   { .name = "state", .type = DIFF_TEXT, .brief = true },
                   { .name = "purpose", .type = DIFF_TEXT } } },

    { .name = "permissions", .heading = "Permissions", .what = "no app", .evidence = HAS_PACKAGE,
      .sql = "SELECT package, permission, min(how) FROM ("
             " SELECT ifnull(p.package, '') AS package, j.value AS permission, 'asked for' AS how"
             "  FROM package p, " ROWS_OF("p.permissions") " j WHERE j.type = 'text'"
             " UNION ALL"
             " SELECT ifnull(p.package, ''), j.value, 'implied'"
             "  FROM package p, " ROWS_OF("p.implied_permissions") " j WHERE j.type = 'text')"
             " GROUP BY 1, 2 ORDER BY 1, 2",
      .keys = { "package", "permission" },
      .columns = { { .name = "how", .type = DIFF_TEXT, .brief = true } } },

    { .name = "signers", .heading = "Signers", .what = "no app", .evidence = HAS_PACKAGE,
      .sql = "SELECT ifnull(p.package, ''), ifnull(json_extract(j.value, '$.sha256'), ''),"
             "  min(json_extract(j.value, '$.subject')), min(json_extract(j.value, '$.schemes'))"
             " FROM package p, " ROWS_OF("p.signers") " j WHERE j.type = 'object' GROUP BY 1, 2 ORDER BY 1, 2",
      .keys = { "package", "sha256" },
      .columns = { { .name = "subject", .type = DIFF_TEXT, .brief = true },
                   { .name = "schemes", .type = DIFF_TEXT } } },

    { .name = "broadcasts", .heading = "Broadcasts", .what = "no radio capture",
      .evidence = "SELECT EXISTS (SELECT 1 FROM broadcast) OR EXISTS (SELECT 1 FROM network)",
      .sql = "WITH x AS (SELECT ifnull(kind, '') AS kind, ifnull(carrier, '') AS carrier, ifnull(uas_id, '') AS uas_id,"
             "  id_type, operator_id, verified, anomalies, longitude_deg IS NOT NULL AS placed,"
             "  operator_longitude_deg IS NOT NULL AS operator_placed FROM broadcast),"
             " a AS (SELECT kind, carrier, uas_id, group_concat(v, ', ') AS anomalies FROM ("
             "  SELECT DISTINCT kind, carrier, uas_id, j.value AS v FROM x, " ROWS_OF("x.anomalies") " j"
             "  ORDER BY 1, 2, 3, 4) GROUP BY 1, 2, 3),"
             " b AS (SELECT kind, carrier, uas_id, count(*) AS messages, sum(placed) AS positions,"
             "  sum(operator_placed) AS operators, group_concat(DISTINCT id_type) AS id_type,"
             "  group_concat(DISTINCT operator_id) AS operator_id, max(verified) AS verified FROM x GROUP BY 1, 2, 3)"
             " SELECT b.kind, b.carrier, b.uas_id, b.messages, b.positions, b.operators, b.id_type, b.operator_id,"
             "  b.verified, a.anomalies"
             " FROM b LEFT JOIN a ON a.kind = b.kind AND a.carrier = b.carrier AND a.uas_id = b.uas_id"
             " ORDER BY 1, 2, 3",
      .keys = { "kind", "carrier", "uas_id" },
      .columns = { { .name = "messages", .type = DIFF_NUMBER, .brief = true, .told_only = true },
                   { .name = "positions", .type = DIFF_NUMBER, .brief = true },
                   { .name = "operator_positions", .type = DIFF_NUMBER, .brief = true },
                   { .name = "id_type", .type = DIFF_TEXT },
                   { .name = "operator_id", .type = DIFF_TEXT },
                   { .name = "verified", .type = DIFF_NUMBER },
                   { .name = "anomalies", .type = DIFF_TEXT } } },

    { .name = "settings", .heading = "Settings", .what = "no record of settings",
      .evidence = "SELECT EXISTS (SELECT 1 FROM setting)",
      .sql = "SELECT ifnull(subject, ''), ifnull(name, ''), ifnull(detail, ''), group_concat(value, ', ') FROM ("
             " SELECT DISTINCT subject, name, detail, value FROM setting ORDER BY 1, 2, 3, 4)"
             " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
      .keys = { "subject", "name", "detail" },
      .columns = { { .name = "value", .type = DIFF_TEXT, .brief = true } } },

    { .name = "verdicts", .heading = "Precautions", .what = "no judgement", .evidence = IS_JUDGED,
      .sql = "SELECT ifnull(rule, ifnull(title, '')), min(title), min(verdict), min(applies), min(reason),"
             "  min(coverage) FROM precaution GROUP BY 1 ORDER BY 1",
      .keys = { "rule" },
      .columns = { { .name = "title", .type = DIFF_TEXT, .told_only = true },
                   { .name = "verdict", .type = DIFF_TEXT, .brief = true },
                   { .name = "applies", .type = DIFF_TEXT }, { .name = "reason", .type = DIFF_TEXT, .told_only = true },
                   { .name = "coverage", .type = DIFF_TEXT, .told_only = true } } },

    /* Sentences hold times and numbers, which are others in every run. */
    { .name = "findings", .heading = "Findings", .what = "no judgement", .evidence = IS_JUDGED,
      .sql = "SELECT rule, hosts, count(*), CASE min(CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2"
             "   WHEN 'medium' THEN 3 WHEN 'low' THEN 4 ELSE 5 END)"
             "  WHEN 1 THEN 'critical' WHEN 2 THEN 'high' WHEN 3 THEN 'medium' WHEN 4 THEN 'low' ELSE 'info' END,"
             "  substr(group_concat(statement, ' '), 1, 1000) FROM ("
             " SELECT ifnull(rule, '') AS rule, severity, statement, ifnull((SELECT group_concat(v, ', ') FROM ("
             "   SELECT j.value AS v FROM " ROWS_OF("n.destinations") " j ORDER BY 1)), '') AS hosts"
             " FROM finding n ORDER BY fid)"
             " GROUP BY 1, 2 ORDER BY 1, 2",
      .keys = { "rule", "destinations" },
      .columns = { { .name = "count", .type = DIFF_NUMBER, .brief = true },
                   { .name = "severity", .type = DIFF_TEXT, .brief = true },
                   { .name = "statements", .type = DIFF_TEXT, .told_only = true } } },
};
const size_t diff_list_count = sizeof diff_lists / sizeof *diff_lists;

size_t diff_key_count(const struct diff_list *list)
{
    size_t n = 0;

    while (list->keys[n])
        n++;
    return n;
}

size_t diff_column_count(const struct diff_list *list)
{
    size_t n = 0;

    while (list->columns[n].name)
        n++;
    return n;
}
