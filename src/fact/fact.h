#ifndef LEASH_FACT_FACT_H
#define LEASH_FACT_FACT_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/text.h"

/* The vocabulary: every kind of row that leash knows, its fields and their types.
 * This is the narrow waist of the program.  Readers only write facts; judge and
 * report only read them.  From the one table of fields below come the C structs,
 * the wire form between a reader and its parent (fact/wire.h), the tables of the
 * case file (fact/case.h), and the JSON rows (fact/fact_json.h).
 *
 * Unknown is a value of its own and never guessed:
 *   TEXT, LIST, JSON   at/items == NULL       INT, BOOL, TIME, REF   FACT_UNKNOWN_INT
 *   REAL               NaN
 */

#define FACT_UNKNOWN_INT  INT64_MIN
#define FACT_UNKNOWN_REAL ((double)NAN)

static inline int fact_known_int(int64_t v) { return v != FACT_UNKNOWN_INT; }
static inline int fact_known_real(double v) { return !isnan(v); }

enum fact_type {
    FACT_TYPE_TEXT,   /* struct text */
    FACT_TYPE_LIST,   /* struct text_list; a JSON array of strings */
    FACT_TYPE_JSON,   /* struct text holding JSON that leash itself made */
    FACT_TYPE_INT,    /* int64_t */
    FACT_TYPE_BOOL,   /* int64_t, 0 or 1 */
    FACT_TYPE_TIME,   /* int64_t, nanoseconds UTC; RFC 3339 outside the program */
    FACT_TYPE_REAL,   /* double */
    FACT_TYPE_REF,    /* int64_t, the `number` of another row of the same evidence item */
};

/* Where a row was read.  Offsets are from the start of the evidence item. */
struct fact_origin {
    int64_t offset, length;             /* bytes in the item, or unknown */
    int64_t packet_first, packet_last;  /* counted from 1 as Wireshark does, or unknown */
    struct text_list steps;             /* decoding steps from those bytes to the row, outermost first */
    struct text_list rows;              /* derived rows: ids of the rows they were worked out from */
};

#define FACT_ORIGIN_UNKNOWN ((struct fact_origin){ FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, \
                             FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, { NULL, 0 }, { NULL, 0 } })

static inline struct fact_origin fact_origin_at(uint64_t offset, uint64_t length)
{
    struct fact_origin o = FACT_ORIGIN_UNKNOWN;
    o.offset = (int64_t)offset;
    o.length = (int64_t)length;
    return o;
}

/* The kinds, in the order of the report.  K(NAME, name, list):
 *   name  table of the case and "fact" of `leash facts`;  list  member of the JSON report, "" if none.
 * Derived kinds (destination, finding, precaution, component joins) are written by
 * the parent after the readers are done. */
#define FACT_KINDS(K) \
    K(EVIDENCE,    evidence,    "evidence") \
    K(DAMAGE,      damage,      "") \
    K(DEVICE,      device,      "devices") \
    K(IDENTIFIER,  identifier,  "identifiers") \
    K(SETTING,     setting,     "") \
    K(NETWORK,     network,     "") \
    K(FLIGHT,      flight,      "flights") \
    K(POSITION,    position,    "") \
    K(MESSAGE,     message,     "messages") \
    K(MEDIA,       media,       "media") \
    K(FLOW,        flow,        "flows") \
    K(DNS,         dns,         "dns") \
    K(REQUEST,     request,     "requests") \
    K(CERTIFICATE, certificate, "") \
    K(DESTINATION, destination, "destinations") \
    K(LEAK,        leak,        "leaks") \
    K(SEARCH,      search,      "") \
    K(BEHAVIOUR,   behaviour,   "behaviours") \
    K(BROADCAST,   broadcast,   "broadcasts") \
    K(PACKAGE,     package,     "packages") \
    K(COMPONENT,   component,   "components") \
    K(PRECAUTION,  precaution,  "precautions") \
    K(FINDING,     finding,     "findings") \
    K(RULE,        rule,        "") \
    K(STORY,       story,       "") \
    K(STORY_SOURCE, story_source, "") \
    K(STORY_DIFFERENCE, story_difference, "") \
    K(EXPOSURE,    exposure,    "exposures") \
    K(EDIT,        edit,        "")

enum fact_kind {
#define K(NAME, name, list) FACT_##NAME,
    FACT_KINDS(K)
#undef K
    FACT_KIND_COUNT,
    FACT_CASE_KIND_COUNT = FACT_EDIT /* a case keeps what comes before: edits are what scrub/ plans, no evidence */
};

/* The fields: F(TYPE, name, group).  `group` puts fields together in JSON: "tls"
 * makes an object "tls":{...} of consecutive fields (a prefix "tls_" of the name is
 * left out there), "position[]" an array in field order, "-" keeps a field out of
 * the JSON report (the case and `leash facts` still have it), "" is a plain member. */

#define FACT_EVIDENCE_FIELDS(F) \
    F(TEXT, path, "")            /* as given, or PARENT_PATH!member for what lay inside */ \
    F(TEXT, kind, "")            /* format name, see evidence/format.c */ \
    F(TEXT, sha256, "") \
    F(INT,  bytes, "") \
    F(TEXT, status, "")          /* read | partial | unreadable | skipped */ \
    F(TEXT, note, "") \
    F(TEXT, parent, "")          /* id of the evidence row this one came out of */

/* Something in the evidence that could not be read as its format says. */
#define FACT_DAMAGE_FIELDS(F) \
    F(TEXT, statement, "") \
    F(INT,  bytes_lost, "") \
    F(INT,  records_lost, "")

#define FACT_DEVICE_FIELDS(F) \
    F(TEXT, role, "")            /* aircraft | controller | phone | camera | battery | gateway | other */ \
    F(TEXT, vendor, "") \
    F(TEXT, model, "") \
    F(TEXT, serial, "") \
    F(TEXT, mac, "") \
    F(TEXT, name, "") \
    F(BOOL, covered_list, "")    /* maker is on the FCC Covered List */ \
    F(TEXT, firmware, "-")       /* version, as the device or its log states it */

#define FACT_IDENTIFIER_FIELDS(F) \
    F(TEXT, kind, "")            /* serial | account_digest | uuid | mac | ssid | place | name ... */ \
    F(TEXT, value, "") \
    F(REF,  device, "")

/* How a device is set up, as the device's own tools print it (src/host/), or a document
 * about it states.  The names are listed in host/setting.h. */
#define FACT_SETTING_FIELDS(F) \
    F(TEXT, subject, "")         /* phone | computer | gateway | aircraft | system ... */ \
    F(TEXT, name, "")            /* sim_state | firewall | default_route ... */ \
    F(TEXT, value, "") \
    F(TEXT, detail, "")          /* what it is about, when one device has several: a package, an interface */ \
    F(REF,  device, "")

/* A Wi-Fi network that was heard: one row per BSSID and name. */
#define FACT_NETWORK_FIELDS(F) \
    F(TEXT, ssid, "")            /* empty text: hidden */ \
    F(TEXT, bssid, "") \
    F(TEXT, vendor, "")          /* maker of the radio, by the first half of its address */ \
    F(TEXT, security, "")        /* open | wep | wpa | wpa2_tkip | wpa2 | wpa3 | unknown */ \
    F(BOOL, hidden, "")          /* it never told its name in a beacon */ \
    F(INT,  frequency_mhz, "") \
    F(INT,  beacons, "") \
    F(TIME, first, "") \
    F(TIME, last, "")

#define FACT_FLIGHT_FIELDS(F) \
    F(TEXT, format, "") \
    F(TEXT, aircraft_serial, "") \
    F(TIME, start, "") \
    F(TIME, end, "") \
    F(REAL, duration_s, "") \
    F(INT,  points, "")          /* aircraft positions with a fix */ \
    F(REAL, bbox_west, "bbox[]") \
    F(REAL, bbox_south, "bbox[]") \
    F(REAL, bbox_east, "bbox[]") \
    F(REAL, bbox_north, "bbox[]") \
    F(REAL, first_longitude_deg, "first[]") \
    F(REAL, first_latitude_deg, "first[]") \
    F(REAL, first_altitude_m, "first[]") \
    F(REAL, last_longitude_deg, "last[]") \
    F(REAL, last_latitude_deg, "last[]") \
    F(REAL, last_altitude_m, "last[]") \
    F(TEXT, alt_ref, "")         /* takeoff | msl | ellipsoid | unknown */ \
    F(INT,  operator_points, "") \
    F(REAL, home_longitude_deg, "home[]") \
    F(REAL, home_latitude_deg, "home[]") \
    F(TEXT, app, "") \
    F(TEXT, app_version, "") \
    F(INT,  encrypted_records, "") \
    F(TEXT, time_basis, "")      /* utc | zone_unknown | device_clock | derived */ \
    F(TEXT, note, "") \
    F(TEXT, start_local, "-")    /* YYYY-MM-DDTHH:MM:SS[.fff], as the log's clock had it, where its zone is not known */ \
    F(TEXT, end_local, "-")

/* One point.  In the case this is the layer `position` (POINTZ). */
#define FACT_POSITION_FIELDS(F) \
    F(REF,  flight, "")          /* the flight it belongs to, or unknown */ \
    F(REF,  media, "")           /* the photo or video it belongs to, or unknown */ \
    F(TEXT, subject, "")         /* aircraft | home | operator | controller | camera | target */ \
    F(TIME, time, "") \
    F(TEXT, time_basis, "") \
    F(REAL, longitude_deg, "") \
    F(REAL, latitude_deg, "") \
    F(REAL, altitude_m, "") \
    F(TEXT, alt_ref, "") \
    F(TEXT, time_local, "-")     /* likewise, where the zone is not known */ \
    F(REAL, pitch_deg, "attitude") /* of the subject then, nose up is positive */ \
    F(REAL, roll_deg, "attitude")  /* right side down is positive */ \
    F(REAL, yaw_deg, "attitude")   /* where the nose points, clockwise from north, -180 to 180 */

/* What an app or a vehicle told its operator in words, as its log has it. */
#define FACT_MESSAGE_FIELDS(F) \
    F(REF,  flight, "") \
    F(TEXT, level, "")           /* tip | warning | serious_warning; emergency | alert | critical | error | warning | notice | info | debug; \
                                    unknown: the log does not grade it */ \
    F(TEXT, text, "") \
    F(TIME, time, "") \
    F(TEXT, time_basis, "") \
    F(REAL, since_s, "")         /* from the log's beginning */

#define FACT_MEDIA_FIELDS(F) \
    F(TEXT, format, "") \
    F(TIME, taken, "") \
    F(TEXT, taken_local, "")     /* YYYY-MM-DDTHH:MM:SS, no zone */ \
    F(TEXT, time_basis, "") \
    F(REAL, longitude_deg, "position[]") \
    F(REAL, latitude_deg, "position[]") \
    F(REAL, altitude_m, "position[]") \
    F(TEXT, alt_ref, "") \
    F(LIST, serials, "") \
    F(TEXT, model, "") \
    F(INT,  timed_points, "") \
    F(TEXT, note, "")            /* what to know before one relies on it */ \
    F(TEXT, picture_hash, "-")   /* what it looks like: media/picture_hash.h; only when something will be searched for it */

/* One flight that several sources (rows of flight and media) tell; see story/story.h. */
#define FACT_STORY_FIELDS(F) \
    F(TIME, start, "")           /* of the earliest log, and the end of the latest */ \
    F(TIME, end, "") \
    F(TEXT, aircraft_serial, "") \
    F(LIST, sources, "")         /* ids of flights and media */ \
    F(TEXT, best_track, "")      /* id of a flight */ \
    F(TEXT, best_reason, "") \
    F(TEXT, time_basis, "")      /* of the best track */ \
    F(TEXT, alt_ref, "")

/* Why one of them belongs to it. */
#define FACT_STORY_SOURCE_FIELDS(F) \
    F(TEXT, story, "") \
    F(TEXT, source, "")          /* id of a flight or media */ \
    F(TEXT, rule, "")            /* serial | path | twin | ends | clock | photo | file | series */ \
    F(TEXT, joined_with, "")     /* the source that the rule joined it with */ \
    F(TEXT, reason, "") \
    F(TIME, start, "") \
    F(TIME, end, "") \
    F(TEXT, time_basis, "")      /* how its own clock is known */ \
    F(REAL, clock_offset_s, "")  /* UTC minus its clock, where that has no zone and was found out */ \
    F(TEXT, alt_ref, "") \
    F(INT,  points_compared, "") \
    F(REAL, distance_m, "")      /* from the one it was joined with: median, and 95 of 100 */ \
    F(REAL, distance_95_m, "")

/* On what two of them disagree. */
#define FACT_STORY_DIFFERENCE_FIELDS(F) \
    F(TEXT, story, "")           /* unknown: undecided, they were not joined */ \
    F(TEXT, kind, "")            /* serial | clock_offset | takeoff | position | altitude | gap | in_air | encryption | undecided; \
                                    broadcast_agrees | broadcast_position | broadcast_clock | broadcast_serial | \
                                    broadcast_takeoff | broadcast_absent ...: a flight, and what was heard of it (story/heard.h) */ \
    F(TEXT, source, "") \
    F(TEXT, other, "")           /* the best track; unknown: the source alone */ \
    F(REAL, amount, "") \
    F(TEXT, unit, "")            /* s | m | records */ \
    F(TEXT, statement, "")

/* How long, how often and how exactly one carrier told everybody in range where the person is who flies. */
#define FACT_EXPOSURE_FIELDS(F) \
    F(TEXT, uas_id, "")          /* of the aircraft, as in broadcast; or unknown */ \
    F(TEXT, kind, "")            /* as in broadcast */ \
    F(TEXT, carrier, "") \
    F(TEXT, operator_source, "") /* takeoff | live | fixed | app | home */ \
    F(TIME, first, "")           /* when it could be read */ \
    F(TIME, last, "") \
    F(REAL, told_s, "")          /* of that, without pauses of more than 30 s */ \
    F(INT,  frames, "")          /* that were heard of this aircraft on this carrier */ \
    F(INT,  told, "")            /* of them, with a position of the person */ \
    F(REAL, interval_s, "")      /* from one to the next: median */ \
    F(INT,  places, "")          /* different ones */ \
    F(REAL, moved_m, "")         /* from the first to the one farthest from it */ \
    F(REAL, resolution_m, "")    /* the step in which the format tells it */ \
    F(REAL, longitude_deg, "position[]") /* the last one told */ \
    F(REAL, latitude_deg, "position[]") \
    F(TEXT, statement, "")

/* src is the device under test (local side), dst the other side; out = src to dst. */
#define FACT_FLOW_FIELDS(F) \
    F(TEXT, src, "") \
    F(INT,  src_port, "") \
    F(TEXT, dst, "") \
    F(INT,  dst_port, "") \
    F(TEXT, proto, "")           /* tcp | udp | icmp | other */ \
    F(TEXT, service, "")         /* the protocol that was recognised, or unknown */ \
    F(TEXT, host, "") \
    F(TEXT, host_source, "")     /* sni | quic_sni | http_host | dns | certificate | none */ \
    F(TIME, first, "") \
    F(TIME, last, "") \
    F(TEXT, phase, "") \
    F(INT,  packets_out, "") \
    F(INT,  packets_in, "") \
    F(INT,  bytes_out, "") \
    F(INT,  bytes_in, "") \
    F(INT,  payload_out, "") \
    F(INT,  payload_in, "") \
    F(INT,  readable_out, "") \
    F(INT,  opaque_out, "") \
    F(INT,  missing_out, "") \
    F(TEXT, tls_version, "tls") \
    F(TEXT, tls_sni, "tls") \
    F(LIST, tls_alpn, "tls") \
    F(TEXT, tls_ja3, "tls") \
    F(TEXT, tls_ja4, "tls") \
    F(TEXT, tls_issuer, "tls") \
    F(TEXT, tls_subject, "tls") \
    F(TEXT, quic_version, "quic") \
    F(TEXT, tls_cipher, "-")     /* the server's choice, by its IANA name or as 0x1234 */ \
    F(TEXT, tls_ech, "-")        /* offered: an encrypted (or GREASE) hello; the visible name may be an outer one */ \
    F(TEXT, tls_resumption, "-") /* session | psk: what an earlier connection agreed on was used again */ \
    F(TEXT, tls_alert, "-")      /* "client: unknown_ca": the first fatal alert in the clear, and who sent it */ \
    F(TEXT, service_by_port, "-") /* no protocol was recognised: what the port is registered for; no more than a hint */ \
    F(TEXT, src_mac, "-") \
    F(BOOL, local, "-")          /* both sides are local: nothing left the premises */ \
    F(TEXT, tunnel_to, "-")      /* the far end of the tunnel around it, where that is not local */ \
    F(TEXT, dst_inside, "-")     /* of a tunnel between local addresses that leaves the premises: the address inside, \
                                    which names nobody; dst is the far end then */

#define FACT_DNS_FIELDS(F) \
    F(TEXT, name, "") \
    F(TEXT, type, "") \
    F(LIST, answers, "") \
    F(TEXT, client, "") \
    F(TEXT, server, "") \
    F(TIME, at, "") \
    F(REF,  flow, "-") \
    F(TEXT, status, "-")         /* of the answer: NOERROR, NXDOMAIN ...; unknown where none was seen */ \
    F(TEXT, client_subnet, "-")  /* "192.0.2.0/24": of whom the query tells servers that it is for (RFC 7871) */

#define FACT_REQUEST_FIELDS(F) \
    F(REF,  flow, "") \
    F(TEXT, protocol, "") \
    F(TEXT, method, "") \
    F(TEXT, host, "") \
    F(TEXT, path, "") \
    F(INT,  status, "") \
    F(TEXT, user_agent, "") \
    F(TEXT, content_type, "") \
    F(INT,  body_bytes, "")      /* of the request, after chunking, before decompression */ \
    F(TEXT, body_sha256, "-") \
    F(INT,  response_bytes, "-") \
    F(TIME, at, "-")

/* A certificate that one side of a TLS connection showed, where that is in the clear (up to
 * TLS 1.2): one row for each of its chain.  What it says is not verified. */
#define FACT_CERTIFICATE_FIELDS(F) \
    F(REF,  flow, "") \
    F(TEXT, shown_by, "")        /* server | client */ \
    F(INT,  place, "")           /* in the chain as it was sent, from 1: the side's own */ \
    F(TEXT, subject, "") \
    F(TEXT, issuer, "") \
    F(LIST, names, "")           /* that it is for: DNS names, addresses, mail addresses, URIs */ \
    F(TIME, not_before, "") \
    F(TIME, not_after, "") \
    F(TEXT, serial, "")          /* hex */ \
    F(TEXT, sha256, "")          /* of all its bytes, as other tools and logs of certificates give it */

#define FACT_DESTINATION_FIELDS(F) \
    F(TEXT, host, "") \
    F(LIST, addresses, "") \
    F(TEXT, owner, "") \
    F(TEXT, purpose, "") \
    F(TEXT, party, "")           /* vendor | third | operator | local | unknown */ \
    F(INT,  asn, "") \
    F(TEXT, as_name, "") \
    F(TEXT, operator_country, "") \
    F(TEXT, registry_country, "") \
    F(TEXT, location_country, "") \
    F(JSON, country_sources, "") /* [{"database":..,"date":..,"country":..}] */ \
    F(BOOL, countries_disagree, "") \
    F(INT,  bytes_out, "") \
    F(INT,  bytes_in, "") \
    F(INT,  flows, "") \
    F(TIME, first, "") \
    F(TIME, last, "") \
    F(TEXT, owner_source, "-")   /* where the owner is known from, and how surely */ \
    F(TEXT, owner_confidence, "-") \
    F(TEXT, platform, "-")       /* owner of the shorter suffix or network that carries the name */ \
    F(TEXT, owner_group, "-")    /* group of the owner; owner unknown: registrable domain, for grouping only */ \
    F(INT,  payload_out, "-") \
    F(INT,  readable_out, "-") \
    F(INT,  opaque_out, "-") \
    F(INT,  missing_out, "-")

#define FACT_LEAK_FIELDS(F) \
    F(TEXT, what, "")            /* flight_path | position | place_reference | serial | identifier | media | log_file | text */ \
    F(TEXT, secret, "")          /* id of the row, or NAME of --secret, that was found */ \
    F(REF,  flow, "") \
    F(TEXT, destination, "")     /* host or address it was addressed to */ \
    F(LIST, decoding, "") \
    F(INT,  points, "") \
    F(REAL, evidence_bits, "") \
    F(TEXT, datum, "")           /* WGS-84 | GCJ-02 | BD-09 */ \
    F(TEXT, claim, "")           /* the sentence, from the table of claims */ \
    F(TEXT, claim_key, "-")      /* its key in that table */ \
    F(TIME, at, "-") \
    F(TIME, matched_from, "-")   /* the part of the flight that matched */ \
    F(TIME, matched_to, "-") \
    F(JSON, hits, "-")           /* first hits: [{"offset":..,"length":..,"packet":..,"text":..,"distance_m":..,"decoded":hex}] */

/* What a search covered: the ground under every "not found". */
#define FACT_SEARCH_FIELDS(F) \
    F(REF,  flow, "-") \
    F(INT,  bytes_searched, "") \
    F(INT,  views, "") \
    F(INT,  candidates, "")      /* position pairs below the threshold: kept, never a finding */ \
    F(REAL, expected_false_hits, "") \
    F(INT,  bytes_not_decoded, "") \
    F(TEXT, note, "")

#define FACT_BEHAVIOUR_FIELDS(F) \
    F(TEXT, kind, "") \
    F(TEXT, statement, "") \
    F(TEXT, likelihood, "")

#define FACT_BROADCAST_FIELDS(F) \
    F(TEXT, kind, "") \
    F(TEXT, carrier, "") \
    F(TEXT, uas_id, "") \
    F(TEXT, id_type, "") \
    F(REAL, longitude_deg, "position[]") \
    F(REAL, latitude_deg, "position[]") \
    F(REAL, altitude_m, "position[]") \
    F(REAL, operator_longitude_deg, "operator_position[]") \
    F(REAL, operator_latitude_deg, "operator_position[]") \
    F(TEXT, operator_id, "") \
    F(TIME, at, "") \
    F(LIST, anomalies, "")       /* doc/broadcasts.md has the words */ \
    F(BOOL, verified, "") \
    F(TEXT, id_source, "-")      /* message: it names itself; sender: its radio named it in an earlier message */ \
    F(TEXT, alt_ref, "-")        /* msl | ellipsoid | unknown */ \
    F(TEXT, operator_source, "-") /* takeoff | live | fixed | app | home */ \
    F(TEXT, sender, "-")         /* address of the radio */ \
    F(JSON, details, "-")        /* all that it said; doc/broadcasts.md has the members */

#define FACT_PACKAGE_FIELDS(F) \
    F(TEXT, kind, "") \
    F(TEXT, package, "") \
    F(TEXT, version, "") \
    F(INT,  version_code, "") \
    F(INT,  min_sdk, "") \
    F(INT,  target_sdk, "") \
    F(LIST, permissions, "") \
    F(LIST, implied_permissions, "") \
    F(JSON, signers, "") \
    F(TEXT, signature, "") \
    F(TEXT, readable, "")

#define FACT_COMPONENT_FIELDS(F) \
    F(TEXT, package, "") \
    F(TEXT, name, "") \
    F(TEXT, kind, "") \
    F(TEXT, version, "") \
    F(TEXT, owner, "") \
    F(TEXT, country, "") \
    F(TEXT, state, "") \
    F(TEXT, purpose, "-")        /* its class first: analytics, push, map ... */ \
    F(TEXT, fcc_class, "-")      /* one of the nine classes of FCC DA 25-1086, when it is one */ \
    F(TEXT, source, "-")         /* the table or document that names it, and how surely */ \
    F(TEXT, licence, "-")        /* SPDX expression, where it is known */

#define FACT_PRECAUTION_FIELDS(F) \
    F(TEXT, title, "") \
    F(TEXT, source, "") \
    F(TEXT, source_confidence, "") \
    F(TEXT, kind, "")            /* practice | law | standard | vendor_claim */ \
    F(LIST, profiles, "") \
    F(TEXT, applies, "")         /* yes | no | unknown */ \
    F(TEXT, verdict, "")         /* met | not_met | not_shown | attested | not_applicable */ \
    F(TEXT, reason, "") \
    F(TEXT, coverage, "") \
    F(LIST, needs, "") \
    F(LIST, findings, "")        /* ids */ \
    F(TEXT, rule, "-")           /* its id in the catalogue, such as BUL-2 */ \
    F(TEXT, next_step, "-")      /* what to do when it is not met or not shown */

#define FACT_FINDING_FIELDS(F) \
    F(TEXT, rule, "") \
    F(TEXT, severity, "")        /* critical | high | medium | low | info */ \
    F(TEXT, statement, "") \
    F(LIST, facts, "")           /* ids */ \
    F(LIST, destinations, "")    /* hosts */

/* What was asked of this case, for those who check a verdict: the SQL of rules, demands
 * and the catalogue's tables as they ran, and what they gave. */
#define FACT_RULE_FIELDS(F) \
    F(TEXT, rule, "")            /* its id in the catalogue; unknown: shared by rules */ \
    F(TEXT, part, "")            /* applies | violations | shown | values | demand | table */ \
    F(TEXT, name, "")            /* of a demand or table */ \
    F(TEXT, text, "")            /* SQL; unknown where a shared row has it */ \
    F(TEXT, place, "")           /* FILE:LINE of the catalogue */ \
    F(BOOL, holds, "")           /* of a demand */ \
    F(INT,  rows, "")            /* that it gave */

/* A change that makes a scrubbed copy of an item (scrub/edit.h); the origin says which of its bytes. */
#define FACT_EDIT_FIELDS(F) \
    F(TEXT, action, "")          /* replace | remove | left */ \
    F(TEXT, kind, "")            /* position | operator | serial ..., see scrub/request.h */ \
    F(TEXT, what, "")            /* "EXIF GPS directory" */ \
    F(TEXT, bytes, "")           /* replace: what comes first there */ \
    F(INT,  fill, "")            /* replace: the byte that follows them to the end of the range */

/* Every row begins with its head. */
struct fact_head {
    struct fact_origin origin;
    int64_t number;        /* counted from 1 per evidence item and kind; 0 = the sink assigns the next */
    struct text id;        /* set when read from a case; readers leave it unknown */
    struct text evidence;  /* likewise: SHA-256 of the item */
};

#define FACT_C_TEXT struct text
#define FACT_C_LIST struct text_list
#define FACT_C_JSON struct text
#define FACT_C_INT  int64_t
#define FACT_C_BOOL int64_t
#define FACT_C_TIME int64_t
#define FACT_C_REAL double
#define FACT_C_REF  int64_t

#define F(TYPE, name, group) FACT_C_##TYPE name;
#define K(NAME, kind_name, list) struct fact_##kind_name { struct fact_head head; FACT_##NAME##_FIELDS(F) };
FACT_KINDS(K)
#undef K
#undef F

/* The same as tables. */
struct fact_field {
    const char *name;
    enum fact_type type;
    const char *group;
    size_t offset; /* in the row's struct */
    struct json_name json; /* the same name, ready to be written */
};

/* What a FACT_TYPE_REF field points at: the kind of the field's own name. */
#define fact_ref_kind(field) fact_kind_find(text_of((field)->name))

struct fact_table {
    const char *name;  /* "flow" */
    const char *list;  /* "flows", or "" when the JSON report has no such list */
    size_t row_bytes;
    const struct fact_field *fields;
    size_t field_count;
};

extern const struct fact_table fact_tables[FACT_KIND_COUNT];

/* FACT_KIND_COUNT when there is none of that name. */
enum fact_kind fact_kind_find(struct text name);

/* Makes every field of the row unknown and its origin too.  Call it before filling one in:
 *   struct fact_dns dns;  fact_init(FACT_DNS, &dns); */
void fact_init(enum fact_kind kind, void *row);

/* Where readers put rows.  A row is only borrowed for the call; the sink copies what
 * it keeps. */
struct fact_sink {
    /* Never fails from the caller's view: a sink that cannot go on ends the process or remembers it. */
    void (*put)(struct fact_sink *sink, enum fact_kind kind, const void *row, int64_t number);
    int64_t last_number[FACT_KIND_COUNT];
};

/* Writes the row; gives its number, for REF fields of later rows.  A row whose
 * head.number came from fact_reserve keeps that number. */
int64_t fact_put(struct fact_sink *sink, enum fact_kind kind, const void *row);
/* A number for a row that will be put later, when rows that point at it come first. */
int64_t fact_reserve(struct fact_sink *sink, enum fact_kind kind);

#endif
