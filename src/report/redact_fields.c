#include "report/redact_fields.h"

#include <string.h>

static const struct { const char *name, *pseudonym; } words[REDACT_COUNT] = {
    [REDACT_HIDE] = { "hide", NULL }, [REDACT_KEEP] = { "keep", NULL }, [REDACT_SENTENCE] = { "sentence", NULL },
    [REDACT_HOST] = { "host", "local" }, [REDACT_ANSWER] = { "answer", NULL }, [REDACT_TYPE] = { "type", NULL }, [REDACT_TRIED] = { "tried", NULL },
    [REDACT_IDENTIFIER] = { "identifier", NULL }, [REDACT_SETTING] = { "setting", NULL },
    [REDACT_LONGITUDE] = { "longitude", NULL }, [REDACT_LATITUDE] = { "latitude", NULL },
    [REDACT_LOCAL] = { "local", "local" }, [REDACT_SERIAL] = { "serial", "serial" }, [REDACT_ADDRESS] = { "address", "hardware" },
    [REDACT_NAME] = { "name", "name" }, [REDACT_NETWORK] = { "network", "network" }, [REDACT_DRONE] = { "drone", "drone" },
    [REDACT_PERSON] = { "person", "operator" }, [REDACT_FILE] = { "file", "file" }, [REDACT_VALUE] = { "value", "identifier" },
};

/* Times stay: what happened when is what the report is about.  Heights go, because over known ground they tell a place.
 * What a machine of the maker or of a third party is called stays: it is what was found out. */
static const char *const lines[FACT_CASE_KIND_COUNT] = {
    [FACT_EVIDENCE] = "path:file kind:keep sha256:keep bytes:keep status:keep note:hide parent:keep",
    [FACT_DAMAGE] = "statement:sentence bytes_lost:keep records_lost:keep",
    [FACT_DEVICE] = "role:keep vendor:keep model:keep serial:serial mac:address name:name covered_list:keep firmware:keep",
    [FACT_IDENTIFIER] = "kind:keep value:identifier device:keep",
    [FACT_SETTING] = "subject:keep name:keep value:setting detail:setting device:keep",
    [FACT_NETWORK] = "ssid:network bssid:address vendor:keep security:keep hidden:keep frequency_mhz:keep beacons:keep first:keep last:keep",
    [FACT_FLIGHT] = "format:keep aircraft_serial:serial start:keep end:keep duration_s:keep points:keep bbox_west:longitude bbox_south:latitude"
        " bbox_east:longitude bbox_north:latitude first_longitude_deg:longitude first_latitude_deg:latitude first_altitude_m:hide"
        " last_longitude_deg:longitude last_latitude_deg:latitude last_altitude_m:hide alt_ref:keep operator_points:keep"
        " home_longitude_deg:longitude home_latitude_deg:latitude app:keep app_version:keep encrypted_records:keep time_basis:keep note:tried"
        " start_local:keep end_local:keep",
    [FACT_POSITION] = "flight:keep media:keep subject:keep time:hide time_basis:keep longitude_deg:longitude latitude_deg:latitude"
        " altitude_m:hide alt_ref:keep time_local:hide pitch_deg:hide roll_deg:hide yaw_deg:hide",
    [FACT_MESSAGE] = "flight:keep level:keep text:hide time:keep time_basis:keep since_s:keep",
    [FACT_MEDIA] = "format:keep taken:keep taken_local:keep time_basis:keep longitude_deg:longitude latitude_deg:latitude altitude_m:hide"
        " alt_ref:keep serials:serial model:keep timed_points:keep note:hide picture_hash:hide",
    [FACT_STORY] = "start:keep end:keep aircraft_serial:serial sources:keep best_track:keep best_reason:sentence time_basis:keep alt_ref:keep",
    [FACT_STORY_SOURCE] = "story:keep source:keep rule:keep joined_with:keep reason:sentence start:keep end:keep time_basis:keep"
        " clock_offset_s:keep alt_ref:keep points_compared:keep distance_m:keep distance_95_m:keep",
    [FACT_STORY_DIFFERENCE] = "story:keep kind:keep source:keep other:keep amount:keep unit:keep statement:sentence",
    [FACT_EXPOSURE] = "uas_id:drone kind:keep carrier:keep operator_source:keep first:keep last:keep told_s:keep frames:keep told:keep"
        " interval_s:keep places:keep moved_m:keep resolution_m:keep longitude_deg:longitude latitude_deg:latitude statement:sentence",
    [FACT_FLOW] = "src:local src_port:keep dst:host dst_port:keep proto:keep service:keep host:host host_source:keep first:keep last:keep"
        " phase:keep packets_out:keep packets_in:keep bytes_out:keep bytes_in:keep payload_out:keep payload_in:keep readable_out:keep"
        " opaque_out:keep missing_out:keep tls_version:keep tls_sni:host tls_alpn:keep tls_ja3:keep tls_ja4:keep tls_issuer:hide"
        " tls_subject:hide quic_version:keep tls_cipher:keep tls_ech:keep tls_resumption:keep tls_alert:keep service_by_port:keep"
        " src_mac:address local:keep tunnel_to:host dst_inside:local",
    [FACT_DNS] = "name:host type:keep answers:answer client:local server:host at:keep flow:keep status:keep client_subnet:hide",
    [FACT_REQUEST] = "flow:keep protocol:keep method:keep host:host path:hide status:keep user_agent:hide content_type:type body_bytes:keep"
        " body_sha256:hide response_bytes:keep at:keep",
    [FACT_CERTIFICATE] = "flow:keep shown_by:keep place:keep subject:hide issuer:hide names:hide not_before:keep not_after:keep serial:hide"
        " sha256:hide",
    [FACT_DESTINATION] = "host:host addresses:host owner:keep purpose:keep party:keep asn:keep as_name:keep operator_country:keep"
        " registry_country:keep location_country:keep country_sources:keep countries_disagree:keep bytes_out:keep bytes_in:keep flows:keep"
        " first:keep last:keep owner_source:keep owner_confidence:keep platform:keep owner_group:host payload_out:keep readable_out:keep"
        " opaque_out:keep missing_out:keep",
    [FACT_LEAK] = "what:keep secret:keep flow:keep destination:host decoding:keep points:keep evidence_bits:keep datum:keep claim:sentence"
        " claim_key:keep at:keep matched_from:keep matched_to:keep hits:hide",
    [FACT_SEARCH] = "flow:keep bytes_searched:keep views:keep candidates:keep expected_false_hits:keep bytes_not_decoded:keep note:hide",
    [FACT_BEHAVIOUR] = "kind:keep statement:sentence likelihood:keep",
    [FACT_BROADCAST] = "kind:keep carrier:keep uas_id:drone id_type:keep longitude_deg:longitude latitude_deg:latitude altitude_m:hide"
        " operator_longitude_deg:longitude operator_latitude_deg:latitude operator_id:person at:keep anomalies:keep verified:keep"
        " id_source:keep alt_ref:keep operator_source:keep sender:address details:hide",
    [FACT_PACKAGE] = "kind:keep package:keep version:keep version_code:keep min_sdk:keep target_sdk:keep permissions:keep"
        " implied_permissions:keep signers:keep signature:keep readable:keep",
    [FACT_COMPONENT] = "package:keep name:keep kind:keep version:keep owner:keep country:keep state:keep purpose:keep fcc_class:keep"
        " source:keep licence:keep",
    [FACT_PRECAUTION] = "title:keep source:keep source_confidence:keep kind:keep profiles:keep applies:keep verdict:keep reason:sentence"
        " coverage:sentence needs:keep findings:keep rule:keep next_step:sentence",
    [FACT_FINDING] = "rule:keep severity:keep statement:sentence facts:keep destinations:host",
    /* The SQL that ran is for those who have the case; its rows are left out of the copy. */
    [FACT_RULE] = "rule:keep part:hide name:hide text:hide place:hide holds:hide rows:hide",
};

const char *redact_line(enum fact_kind kind) { return lines[kind]; }
const char *redact_pseudonym_word(enum redact_what what) { return words[what].pseudonym; }

static enum redact_what what_of(const char *name, size_t len)
{
    for (int w = 0; w < REDACT_COUNT; w++)
        if (strlen(words[w].name) == len && memcmp(words[w].name, name, len) == 0)
            return (enum redact_what)w;
    return REDACT_HIDE;
}

static enum redact_what look_up(enum fact_kind kind, const char *field)
{
    const size_t len = strlen(field);

    for (const char *at = lines[kind]; at && *at;) {
        const size_t word = strcspn(at, " ");
        if (word > len && at[len] == ':' && memcmp(at, field, len) == 0)
            return what_of(at + len + 1, word - len - 1);
        at += word + (at[word] == ' ');
    }
    return REDACT_HIDE;
}

enum redact_what redact_field(enum fact_kind kind, size_t field)
{
    enum { FIELDS_MAX = 64 };
    static enum redact_what known[FACT_CASE_KIND_COUNT][FIELDS_MAX];
    static bool ready[FACT_CASE_KIND_COUNT];

    if (kind >= FACT_CASE_KIND_COUNT || field >= FIELDS_MAX)
        return REDACT_HIDE;
    if (!ready[kind])
        for (size_t i = 0; i < fact_tables[kind].field_count && i < FIELDS_MAX; i++)
            known[kind][i] = look_up(kind, fact_tables[kind].fields[i].name);
    ready[kind] = true;
    return known[kind][field];
}

static bool is_one_of(struct text t, const char *const *list)
{
    for (; *list; list++)
        if (text_equal(t, text_of(*list)))
            return true;
    return false;
}

enum redact_what redact_identifier(struct text kind)
{
    /* What every owner of the same thing has, too. */
    static const char *const shared[] = { "model", "vendor", "firmware", "version", "app", "type", NULL };

    if (is_one_of(kind, shared))
        return REDACT_KEEP;
    if (text_equal(kind, TEXT("serial")))
        return REDACT_SERIAL;
    if (text_equal(kind, TEXT("mac")))
        return REDACT_ADDRESS;
    if (text_equal(kind, TEXT("ssid")))
        return REDACT_NETWORK;
    if (text_equal(kind, TEXT("name")))
        return REDACT_NAME;
    return text_equal(kind, TEXT("place")) ? REDACT_HIDE : REDACT_VALUE;
}

enum redact_what redact_setting(struct text subject, struct text name, bool detail)
{
    /* Switches and versions.  Which apps somebody has on the phone, addresses, accounts and paths are not told. */
    static const char *const kept[] = {
        "tool_output", "os_version", "security_patch", "encryption_state", "boot_state", "sim_state", "mobile_service", "mobile_data",
        "account_count", "airplane_mode", "wifi", "bluetooth", "mobile_data_switch", "location", "adb", "developer_options",
        "unknown_sources", "backup", "firewall_state", "ingress_default", "egress_default", "wifi_security", "wifi_key_class",
        "wifi_hidden", "wifi_isolation", "antivirus_state", "antivirus_realtime", "antivirus_signature_age_days",
        "antivirus_scan_files", "antivirus_scan_infected", "bill_of_materials", NULL,
    };

    if (text_equal(subject, TEXT("app")))
        return REDACT_KEEP;
    if (text_equal(name, TEXT("inventory_serial")))
        return detail ? REDACT_HIDE : REDACT_SERIAL;
    if (text_equal(name, TEXT("wifi_ssid")))
        return detail ? REDACT_HIDE : REDACT_NETWORK;
    return is_one_of(name, kept) && !detail ? REDACT_KEEP : REDACT_HIDE;
}
