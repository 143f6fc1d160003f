#include "report/audit_tables.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "base/json.h"
#include "report/flow_tables.h"
#include "report/told.h"

/* The queries stand here as in doc/case.md; a test compares what both give.
 *
 * Destinations are found by name or, where they have none, by address. */
#define PLACE \
    "WITH place AS (\n" \
    "  SELECT lower(rtrim(host, '.')) AS key, min(fid) AS fid FROM destination WHERE host IS NOT NULL GROUP BY 1\n" \
    "  UNION ALL\n" \
    "  SELECT lower(a.value), min(d.fid) FROM destination d, json_each(d.addresses) a WHERE d.host IS NULL AND json_valid(d.addresses) GROUP BY 1)\n"

enum { TABLE_DESTINATIONS, TABLE_MODES };

const struct audit_table audit_tables[AUDIT_TABLE_COUNT] = {
    [TABLE_DESTINATIONS] = { "T1", "T1-destinations", "Destinations",
      "There is no capture among the evidence: where data went was not looked at.",
      PLACE
      "SELECT f.host, group_concat(f.dst) AS addresses, f.port, group_concat(DISTINCT f.tls_version) AS tls_version,\n"
      "       d.owner, d.asn, d.as_name, d.operator_country, d.registry_country, d.location_country, d.party,\n"
      "       CAST(total(f.bytes_out) AS INTEGER) AS bytes_out, CAST(total(f.bytes_in) AS INTEGER) AS bytes_in, CAST(total(f.opaque_out) AS INTEGER) AS opaque_out, f.phase\n"
      "FROM (SELECT coalesce(nullif(lower(rtrim(host, '.')), ''), lower(dst)) AS host, dst, dst_port AS port, phase,\n"
      "             max(tls_version) AS tls_version, CAST(total(bytes_out) AS INTEGER) AS bytes_out, CAST(total(bytes_in) AS INTEGER) AS bytes_in,\n"
      "             CAST(total(opaque_out) AS INTEGER) AS opaque_out\n"
      "      FROM flow WHERE ifnull(local, 0) = 0 GROUP BY 1, 2, 3, 4) f\n"
      "LEFT JOIN place p ON p.key = f.host LEFT JOIN destination d ON d.fid = p.fid\n"
      "GROUP BY f.host, f.port, f.phase\n"
      "ORDER BY bytes_out DESC, f.host, f.port, f.phase" },
    [TABLE_MODES] = { "T2", "T2-modes", "Devices and modes",
      "There is no capture among the evidence: modes cannot be compared.",
      "SELECT (SELECT value FROM run WHERE key = 'label') AS label, ifnull(phase, 'unknown') AS mode, src AS device,\n"
      "       max(src_mac) AS mac, count(DISTINCT coalesce(nullif(host, ''), dst)) AS destinations, count(*) AS connections,\n"
      "       CAST(total(bytes_out) AS INTEGER) AS bytes_out, CAST(total(bytes_in) AS INTEGER) AS bytes_in, CAST(total(opaque_out) AS INTEGER) AS opaque_out\n"
      "FROM flow WHERE ifnull(local, 0) = 0 GROUP BY 2, 3 ORDER BY bytes_out DESC, mode, device" },
    { "T3", "T3-data-items", "Data items",
      "Nothing in the evidence stores or sends data of a kind that leash looks for.",
      "WITH item AS (\n"
      "  SELECT 1 AS nth, 'flight_path' AS what, 'Flight path' AS item, count(*) AS stored,\n"
      "         sum(encrypted_records > 0) AS stored_encrypted FROM flight WHERE points > 0\n"
      "  UNION ALL SELECT 2, 'position', 'Position of aircraft, home point, operator or picture', count(*), NULL\n"
      "    FROM (SELECT DISTINCT evidence, subject FROM position)\n"
      "  UNION ALL SELECT 3, 'serial', 'Serial number', count(DISTINCT serial), NULL FROM device\n"
      "  UNION ALL SELECT 4, 'identifier', 'Other identifier (account, phone, network)', count(DISTINCT value), NULL FROM identifier\n"
      "  UNION ALL SELECT 5, 'media', 'Photo or video', count(*), NULL FROM media\n"
      "  UNION ALL SELECT 6, 'log_file', 'Log file', count(*), sum(encrypted_records > 0) FROM flight\n"
      "  UNION ALL SELECT 7, 'place_reference', 'Place by reference (map tile, zone)', 0, NULL\n"
      "  UNION ALL SELECT 8, 'text', 'Value named by the operator', 0, NULL)\n"
      "SELECT i.item, i.stored, i.stored_encrypted, (SELECT count(*) FROM leak l WHERE l.what = i.what) AS found_sent,\n"
      "       (SELECT group_concat(DISTINCT l.destination) FROM leak l WHERE l.what = i.what) AS sent_to,\n"
      "       (SELECT CASE WHEN count(*) = 0 THEN NULL WHEN max(f.tls_version IS NULL AND f.quic_version IS NULL\n"
      "          AND ifnull(f.service, '') NOT IN ('tls', 'quic', 'dtls', 'dot', 'doq', 'doh', 'wireguard', 'openvpn', 'ipsec', 'ssh')) THEN 'no' ELSE 'yes' END\n"
      "        FROM leak l JOIN flow f ON f.id = l.flow WHERE l.what = i.what) AS sent_encrypted,\n"
      "       (SELECT group_concat(p.rule || ' ' || p.verdict, ', ') FROM precaution p\n"
      "        WHERE p.verdict = 'attested' AND p.rule IN ('BUL-7', 'BP19-A7', 'CG24-R3')) AS consent\n"
      "FROM item i WHERE i.stored > 0 OR EXISTS (SELECT 1 FROM leak l WHERE l.what = i.what) ORDER BY i.nth" },
    { "T4", "T4-apps", "Apps",
      "There is no app package among the evidence: what apps contain and may do was not looked at.",
      "SELECT p.package, p.version, p.readable, p.signature, CASE WHEN json_valid(p.permissions) THEN json_array_length(p.permissions) END AS permissions,\n"
      "       (SELECT count(DISTINCT c.name) FROM component c WHERE c.package = p.package AND c.kind = 'sdk') AS sdks,\n"
      "       (SELECT group_concat(DISTINCT c.name) FROM component c WHERE c.package = p.package AND c.kind = 'sdk') AS sdk_names,\n"
      "       (SELECT group_concat(DISTINCT c.name) FROM component c WHERE c.package = p.package AND c.kind = 'packer') AS packer,\n"
      "       (SELECT group_concat(s.name || ' ' || s.value, ', ') FROM setting s\n"
      "        WHERE s.subject = 'app' AND s.detail = p.package) AS behaviour\n"
      "FROM package p ORDER BY p.fid" },
    { "T5", "T5-requirements", "Requirements",
      "No precaution was judged.",
      "SELECT rule, title, source, kind, source_confidence, applies, verdict, reason, coverage,\n"
      "       CASE WHEN json_valid(needs) THEN (SELECT group_concat(value, '; ') FROM json_each(needs)) END AS needs,\n"
      "       CASE WHEN json_valid(findings) THEN (SELECT group_concat(value, ' ') FROM json_each(findings)) END AS findings, next_step\n"
      "FROM precaution ORDER BY CASE verdict WHEN 'not_met' THEN 1 WHEN 'not_shown' THEN 2 WHEN 'attested' THEN 3\n"
      "                         WHEN 'met' THEN 4 ELSE 5 END, fid" },
    { "T6", "T6-findings", "Findings by severity",
      "There is no finding.  That rests on what could be read.",
      "SELECT severity, rule, statement, CASE WHEN json_valid(destinations) THEN (SELECT group_concat(value, ', ') FROM json_each(destinations)) END AS destinations, id\n"
      "FROM finding ORDER BY CASE severity WHEN 'critical' THEN 1 WHEN 'high' THEN 2 WHEN 'medium' THEN 3\n"
      "                      WHEN 'low' THEN 4 ELSE 5 END, fid" },
    { "T7", "T7-radio", "Radio",
      "There is no radio capture among the evidence: what the drone broadcasts was not looked at.",
      "SELECT 'Wi-Fi network' AS emission, ssid AS name, bssid AS sender, vendor, security AS detail, CAST(total(beacons) AS INTEGER) AS times,\n"
      "       NULL AS operator_position, min(first) AS first, max(last) AS last\n"
      "FROM network GROUP BY ssid, bssid, vendor, security\n"
      "UNION ALL\n"
      "SELECT CASE kind WHEN 'remote_id' THEN 'Remote ID' WHEN 'french' THEN 'French identification'\n"
      "       WHEN 'dji_wifi' THEN 'DJI DroneID (Wi-Fi)' WHEN 'dji_ocusync' THEN 'DJI DroneID (OcuSync)' ELSE kind END,\n"
      "       uas_id, operator_id, NULL, carrier || ifnull(': ' || (SELECT group_concat(value, ', ') FROM json_each(iif(json_valid(anomalies), anomalies, '[]'))), ''),\n"
      "       count(*), CASE WHEN max(operator_longitude_deg IS NOT NULL) THEN 'told' ELSE 'not told' END, min(at), max(at)\n"
      "FROM broadcast GROUP BY kind, carrier, uas_id, operator_id, anomalies\n"
      "UNION ALL\n"
      "SELECT 'Operator''s position', uas_id, NULL, NULL, statement, told, 'told', first, last FROM exposure\n"
      "ORDER BY 1, 2, 3, 5" },
    { "T8", "T8-scope", "Scope",
      "There is no evidence.",
      "SELECT 'program' AS what, 'leash ' || value AS value, NULL AS detail FROM run WHERE key = 'tool_version'\n"
      "UNION ALL SELECT * FROM (SELECT 'run', value, (SELECT value FROM run WHERE key = 'label') FROM run WHERE key = 'started')\n"
      "UNION ALL SELECT * FROM (SELECT ifnull(role, 'device'), group_concat(DISTINCT ifnull(vendor || ' ', '') || ifnull(model, '')),\n"
      "       'serial ' || ifnull(serial, 'unknown') || ifnull(', firmware ' || max(firmware), '')\n"
      "       FROM device WHERE vendor IS NOT NULL OR model IS NOT NULL OR serial IS NOT NULL GROUP BY role, serial ORDER BY 1, 3)\n"
      "UNION ALL SELECT * FROM (SELECT 'app in flight logs', app || ' ' || ifnull(app_version, ''), count(*) || ' flights' FROM flight\n"
      "       WHERE app IS NOT NULL OR app_version IS NOT NULL GROUP BY app, app_version)\n"
      "UNION ALL SELECT * FROM (SELECT 'app package', package || ' ' || ifnull(version, ''), evidence FROM package ORDER BY fid)\n"
      "UNION ALL SELECT * FROM (SELECT 'flight', start || ' – ' || \"end\", round(duration_s) || ' s' FROM flight ORDER BY fid)\n"
      "UNION ALL SELECT * FROM (SELECT 'coverage: ' || replace(c.key, '_', ' '), c.value, NULL FROM run, json_each(run.value) c\n"
      "       WHERE run.key = 'coverage' AND json_valid(run.value) AND c.type <> 'array' ORDER BY c.id)\n"
      "UNION ALL SELECT * FROM (SELECT 'evidence, ' || status, path, sha256 FROM evidence ORDER BY fid)" },
    { "T9", "T9-components", "Components and where they come from",
      "There is no app package, firmware or bill of materials among the evidence: components were not looked at.",
      "SELECT package, name, version, kind, fcc_class, owner, country, purpose, state, source FROM component ORDER BY fid" },
};

/* The plain names that queries give to what they list, and leash's sentences: nothing that is evidence alone. */
static bool is_ours(const char *column)
{
    static const char *const ours[] = { "item", "what", "emission", "title", "source", "reason", "coverage", "needs",
                                        "next_step", "statement",
                                        "detail", "purpose" };

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(column, ours[i]) == 0)
            return true;
    return false;
}

static void put_text(struct json *j, struct text t, bool ours)
{
    struct arena *arena = ours ? arena_new(0) : NULL;

    json_text(j, ours ? told(arena, t) : t);
    arena_free(arena);
}

static void put_cell(struct json *j, sqlite3_stmt *s, int column)
{
    switch (sqlite3_column_type(s, column)) {
    case SQLITE_NULL: json_null(j); break;
    case SQLITE_INTEGER: json_int(j, sqlite3_column_int64(s, column)); break;
    case SQLITE_FLOAT: json_real(j, sqlite3_column_double(s, column)); break;
    default: put_text(j, (struct text){ .at = (const char *)sqlite3_column_text(s, column),
                                        .len = (size_t)sqlite3_column_bytes(s, column) }, is_ours(sqlite3_column_name(s, column)));
    }
}

static int put_rows(struct json *j, sqlite3_stmt *s, size_t rows_max, int64_t *ret_left_out)
{
    size_t rows = 0;
    int code;

    *ret_left_out = 0;
    while ((code = sqlite3_step(s)) == SQLITE_ROW) {
        if (++rows > rows_max) {
            ++*ret_left_out;
            continue;
        }
        json_array(j);
        for (int i = 0; i < sqlite3_column_count(s); i++)
            put_cell(j, s, i);
        json_array_end(j);
    }
    return code == SQLITE_DONE ? 0 : -EIO;
}

/* `flows` has the rows of T1 and T2. */
static int put_table(struct json *j, struct fact_case *c, const struct audit_table *t, struct flow_tables *flows,
                     size_t rows_max)
{
    sqlite3_stmt *s = NULL;
    int64_t left_out;
    int error;

    if (sqlite3_prepare_v2(case_db(c), t->sql, -1, &s, NULL) != SQLITE_OK)
        return -EIO;
    json_key(j, t->name);
    json_object(j);
    json_member_text(j, "title", text_of(t->title));
    json_member_text(j, "without", text_of(t->without));
    json_key(j, "columns");
    json_array(j);
    for (int i = 0; i < sqlite3_column_count(s); i++)
        json_text(j, text_of(sqlite3_column_name(s, i)));
    json_array_end(j);
    json_key(j, "rows");
    json_array(j);
    if (t == &audit_tables[TABLE_DESTINATIONS] && flow_tables_tell_destinations(flows))
        error = flow_tables_write_destinations(flows, c, j, rows_max, &left_out);
    else if (t == &audit_tables[TABLE_MODES])
        error = flow_tables_write_modes(flows, c, j, rows_max, &left_out);
    else
        error = put_rows(j, s, rows_max, &left_out);
    json_array_end(j);
    json_member_int(j, "left_out", left_out);
    json_object_end(j);
    sqlite3_finalize(s);
    return error;
}

int audit_tables_json(struct fact_case *c, FILE *out, struct flow_tables *flows, size_t rows_max)
{
    struct flow_tables *made = NULL;
    struct json j;
    int error = flows ? 0 : flow_tables_read(c, &made);

    if (error)
        return error;
    json_init(&j, out, false);
    json_object(&j);
    for (size_t i = 0; i < AUDIT_TABLE_COUNT && !error; i++)
        error = put_table(&j, c, &audit_tables[i], flows ? flows : made, rows_max);
    json_object_end(&j);
    flow_tables_free(made);
    return error;
}
