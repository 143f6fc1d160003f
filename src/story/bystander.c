#include "story/bystander.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>

/* Everything in the database, because a capture may hold a million rows: one pass over them each. */
static const char own_of_evidence[] =
    "CREATE TEMP TABLE radio AS SELECT evidence FROM broadcast WHERE carrier IS NOT 'mavlink' UNION SELECT evidence FROM network;"
    "INSERT OR IGNORE INTO own_drone SELECT lower(aircraft_serial) FROM flight WHERE aircraft_serial IS NOT NULL;"
    "INSERT OR IGNORE INTO own_drone SELECT lower(serial) FROM device WHERE serial IS NOT NULL AND role = 'aircraft'"
    " AND ifnull(evidence, '') NOT IN (SELECT ifnull(evidence, '') FROM radio);"
    "INSERT OR IGNORE INTO own_drone SELECT lower(value) FROM identifier WHERE kind IN ('serial', 'uas_id', 'remote_id_serial')"
    " AND value IS NOT NULL AND device IN (SELECT id FROM device WHERE role = 'aircraft') AND ifnull(evidence, '') NOT IN (SELECT ifnull(evidence, '') FROM radio);"
    "INSERT OR IGNORE INTO own_drone SELECT lower(uas_id) FROM broadcast WHERE carrier = 'mavlink' AND uas_id IS NOT NULL;";

/* Who was heard: by id, by address where it told none. */
static const char gather[] =
    "CREATE TEMP TABLE drone (name TEXT PRIMARY KEY, first INTEGER NOT NULL, own INTEGER NOT NULL, number INTEGER) WITHOUT ROWID;"
    "INSERT INTO drone SELECT ifnull(uas_id, sender), min(fid), 0, NULL FROM broadcast"
    " WHERE carrier IS NOT 'mavlink' AND ifnull(uas_id, sender) IS NOT NULL GROUP BY 1;"
    "CREATE TEMP TABLE sends (sender TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (sender, name)) WITHOUT ROWID;"
    "INSERT OR IGNORE INTO sends SELECT DISTINCT sender, ifnull(uas_id, sender) FROM broadcast"
    " WHERE carrier IS NOT 'mavlink' AND sender IS NOT NULL;"
    /* a network whose name is a serial number, without an announcement that could be read */
    "INSERT OR IGNORE INTO drone SELECT serial, 9000000000000000 + min(fid), 0, NULL FROM device WHERE serial IS NOT NULL"
    " AND evidence IN (SELECT evidence FROM radio) GROUP BY 1;"
    "INSERT OR IGNORE INTO sends SELECT mac, serial FROM device WHERE mac IS NOT NULL AND serial IS NOT NULL"
    " AND evidence IN (SELECT evidence FROM radio);"
    "UPDATE drone SET own = 1 WHERE lower(name) IN (SELECT id FROM own_drone)"
    " OR name IN (SELECT name FROM sends WHERE lower(sender) IN (SELECT id FROM own_drone));"
    /* an aircraft that tells several ids: one of them is enough */
    "UPDATE drone SET own = 1 WHERE own = 0 AND name IN (SELECT b.uas_id FROM broadcast b, json_each(b.details, '$.basic_ids') i"
    " WHERE json_valid(b.details) AND lower(json_extract(i.value, '$.id')) IN (SELECT id FROM own_drone));"
    /* all that an own radio sends: under its address before it told an id, or under a session's id */
    "UPDATE drone SET own = 1 WHERE own = 0 AND name IN (SELECT s.name FROM sends s WHERE s.sender IN ("
    "   SELECT o.sender FROM sends o JOIN drone d ON d.name = o.name AND d.own));"
    "UPDATE drone SET own = 1 WHERE own = 0 AND name IN (SELECT s.sender FROM sends s JOIN drone d ON d.name = s.name AND d.own);";

static const char number[] =
    "CREATE TEMP TABLE alias (name TEXT PRIMARY KEY, as_name TEXT NOT NULL) WITHOUT ROWID;"
    "UPDATE drone SET number = n.nth FROM (SELECT name, row_number() OVER (ORDER BY first, name) AS nth FROM drone"
    "   WHERE NOT own AND name NOT IN (SELECT sender FROM sends s WHERE s.name <> s.sender)) n WHERE n.name = drone.name;"
    "INSERT INTO alias SELECT name, 'bystander-' || number FROM drone WHERE number IS NOT NULL;"
    /* addresses go by the first name that was told from them, unless an own one was */
    "INSERT OR IGNORE INTO alias SELECT s.sender, min(a.as_name) FROM sends s JOIN alias a ON a.name = s.name"
    " WHERE s.sender NOT IN (SELECT o.sender FROM sends o JOIN drone d ON d.name = o.name AND d.own) GROUP BY s.sender;";

/* So that rules know them, shown or not; rows are large, and written once. */
#define MARK "anomalies = json_insert(CASE WHEN json_valid(anomalies) THEN anomalies ELSE '[]' END, '$[#]', 'bystander')"
static const char mark[] =
    "UPDATE broadcast SET " MARK " FROM alias a WHERE a.name = ifnull(broadcast.uas_id, broadcast.sender) AND broadcast.carrier IS NOT 'mavlink';";

static const char hide[] =
    "UPDATE broadcast SET " MARK ", uas_id = CASE WHEN uas_id IS NOT NULL THEN a.as_name END, operator_longitude_deg = NULL,"
    "  operator_latitude_deg = NULL, operator_source = NULL, operator_id = CASE WHEN operator_id IS NOT NULL THEN a.as_name END,"
    "  sender = CASE WHEN sender IS NOT NULL THEN a.as_name END, details = NULL"
    " FROM alias a WHERE a.name = ifnull(broadcast.uas_id, broadcast.sender) AND broadcast.carrier IS NOT 'mavlink';"
    "CREATE TEMP TABLE hidden AS SELECT d.id AS id, a.as_name AS as_name FROM device d JOIN alias a"
    "  ON a.name = d.serial OR (d.serial IS NULL AND a.name = d.mac) WHERE d.evidence IN (SELECT evidence FROM radio);"
    /* one whose id is no serial number has it as an identifier only */
    "INSERT INTO hidden SELECT i.device, a.as_name FROM identifier i JOIN alias a ON a.name = i.value"
    "  WHERE i.evidence IN (SELECT evidence FROM radio) AND i.device NOT IN (SELECT id FROM hidden);"
    "UPDATE identifier SET value = h.as_name FROM hidden h WHERE h.id = identifier.device;"
    "UPDATE device SET serial = CASE WHEN serial IS NOT NULL THEN h.as_name END, mac = NULL,"
    "  name = CASE WHEN name IS NOT NULL THEN h.as_name END FROM hidden h WHERE h.id = device.id;"
    "UPDATE network SET ssid = CASE WHEN ifnull(ssid, '') <> '' THEN a.as_name ELSE ssid END, bssid = a.as_name"
    "  FROM alias a WHERE a.name = network.bssid;"
    "UPDATE network SET ssid = a.as_name, bssid = a.as_name FROM alias a"
    "  WHERE network.ssid LIKE 'RID-%' AND a.name = substr(network.ssid, 5);";

static const char done[] =
    "DROP TABLE IF EXISTS temp.own_drone; DROP TABLE IF EXISTS temp.radio; DROP TABLE IF EXISTS temp.drone;"
    "DROP TABLE IF EXISTS temp.sends; DROP TABLE IF EXISTS temp.alias; DROP TABLE IF EXISTS temp.hidden;";

static int64_t count_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *row = NULL;
    int64_t n = -1;

    if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        n = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return n;
}

static int add_own(sqlite3 *db, struct text_list own)
{
    sqlite3_stmt *insert = NULL;
    int code = sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO own_drone VALUES (lower(?))", -1, &insert, NULL);

    for (size_t i = 0; i < own.count && code == SQLITE_OK; i++) {
        sqlite3_bind_text64(insert, 1, own.items[i].at, own.items[i].len, SQLITE_STATIC, SQLITE_UTF8);
        code = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    return code;
}

static int hide_strangers(sqlite3 *db, const struct bystander_run *run)
{
    char sentence[320];
    int code = sqlite3_exec(db, own_of_evidence, NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = add_own(db, run->own);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, gather, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, number, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return code;
    const int64_t strangers = count_of(db, "SELECT count(*) FROM drone WHERE number IS NOT NULL");
    const bool named = count_of(db, "SELECT count(*) FROM own_drone") > 0;
    if (strangers == 0 || (strangers == 1 && !named))
        return SQLITE_OK;
    if (run->shown)
        return sqlite3_exec(db, mark, NULL, NULL, NULL);
    snprintf(sentence, sizeof sentence,
             "%lld %s heard by radio %s not known to be the operator's and shown as bystander-1%s; "
             "--own-drone, the policy's inventory or a flight log %s, --bystanders shows all as they are.", (long long)strangers,
             strangers == 1 ? "drone" : "drones", strangers == 1 ? "is" : "are", strangers == 1 ? "" : " and so on",
             named ? "name the own ones" : "would name the own ones");
    run->note(run->user, text_of(sentence));
    return sqlite3_exec(db, hide, NULL, NULL, NULL);
}

int bystanders_hide(struct sqlite3 *db, const struct bystander_run *run)
{
    const bool any = count_of(db, "SELECT EXISTS (SELECT 1 FROM broadcast WHERE carrier IS NOT 'mavlink') OR"
                                  " EXISTS (SELECT 1 FROM network WHERE ssid LIKE 'RID-%')") > 0;
    int code = any ? hide_strangers(db, run) : SQLITE_OK;

    if (sqlite3_exec(db, done, NULL, NULL, NULL) != SQLITE_OK)
        code = SQLITE_ERROR;
    return code == SQLITE_OK ? 0 : -EIO;
}
