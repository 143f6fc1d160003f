#include "fact/fact.h"

#include <string.h>

#define F(TYPE, field, group_) { #field, FACT_TYPE_##TYPE, group_, offsetof(struct ROW, field), JSON_NAME(field) },

#define ROW fact_evidence
static const struct fact_field evidence_fields[] = { FACT_EVIDENCE_FIELDS(F) };
#undef ROW
#define ROW fact_damage
static const struct fact_field damage_fields[] = { FACT_DAMAGE_FIELDS(F) };
#undef ROW
#define ROW fact_device
static const struct fact_field device_fields[] = { FACT_DEVICE_FIELDS(F) };
#undef ROW
#define ROW fact_identifier
static const struct fact_field identifier_fields[] = { FACT_IDENTIFIER_FIELDS(F) };
#undef ROW
#define ROW fact_setting
static const struct fact_field setting_fields[] = { FACT_SETTING_FIELDS(F) };
#undef ROW
#define ROW fact_network
static const struct fact_field network_fields[] = { FACT_NETWORK_FIELDS(F) };
#undef ROW
#define ROW fact_flight
static const struct fact_field flight_fields[] = { FACT_FLIGHT_FIELDS(F) };
#undef ROW
#define ROW fact_position
static const struct fact_field position_fields[] = { FACT_POSITION_FIELDS(F) };
#undef ROW
#define ROW fact_message
static const struct fact_field message_fields[] = { FACT_MESSAGE_FIELDS(F) };
#undef ROW
#define ROW fact_media
static const struct fact_field media_fields[] = { FACT_MEDIA_FIELDS(F) };
#undef ROW
#define ROW fact_story
static const struct fact_field story_fields[] = { FACT_STORY_FIELDS(F) };
#undef ROW
#define ROW fact_story_source
static const struct fact_field story_source_fields[] = { FACT_STORY_SOURCE_FIELDS(F) };
#undef ROW
#define ROW fact_story_difference
static const struct fact_field story_difference_fields[] = { FACT_STORY_DIFFERENCE_FIELDS(F) };
#undef ROW
#define ROW fact_exposure
static const struct fact_field exposure_fields[] = { FACT_EXPOSURE_FIELDS(F) };
#undef ROW
#define ROW fact_flow
static const struct fact_field flow_fields[] = { FACT_FLOW_FIELDS(F) };
#undef ROW
#define ROW fact_dns
static const struct fact_field dns_fields[] = { FACT_DNS_FIELDS(F) };
#undef ROW
#define ROW fact_request
static const struct fact_field request_fields[] = { FACT_REQUEST_FIELDS(F) };
#undef ROW
#define ROW fact_certificate
static const struct fact_field certificate_fields[] = { FACT_CERTIFICATE_FIELDS(F) };
#undef ROW
#define ROW fact_destination
static const struct fact_field destination_fields[] = { FACT_DESTINATION_FIELDS(F) };
#undef ROW
#define ROW fact_leak
static const struct fact_field leak_fields[] = { FACT_LEAK_FIELDS(F) };
#undef ROW
#define ROW fact_search
static const struct fact_field search_fields[] = { FACT_SEARCH_FIELDS(F) };
#undef ROW
#define ROW fact_behaviour
static const struct fact_field behaviour_fields[] = { FACT_BEHAVIOUR_FIELDS(F) };
#undef ROW
#define ROW fact_broadcast
static const struct fact_field broadcast_fields[] = { FACT_BROADCAST_FIELDS(F) };
#undef ROW
#define ROW fact_package
static const struct fact_field package_fields[] = { FACT_PACKAGE_FIELDS(F) };
#undef ROW
#define ROW fact_component
static const struct fact_field component_fields[] = { FACT_COMPONENT_FIELDS(F) };
#undef ROW
#define ROW fact_precaution
static const struct fact_field precaution_fields[] = { FACT_PRECAUTION_FIELDS(F) };
#undef ROW
#define ROW fact_finding
static const struct fact_field finding_fields[] = { FACT_FINDING_FIELDS(F) };
#undef ROW
#define ROW fact_rule
static const struct fact_field rule_fields[] = { FACT_RULE_FIELDS(F) };
#undef ROW
#define ROW fact_edit
static const struct fact_field edit_fields[] = { FACT_EDIT_FIELDS(F) };
#undef ROW
#undef F

const struct fact_table fact_tables[FACT_KIND_COUNT] = {
#define K(NAME, kind_name, list_) \
    { #kind_name, list_, sizeof(struct fact_##kind_name), kind_name##_fields, \
      sizeof kind_name##_fields / sizeof *kind_name##_fields },
    FACT_KINDS(K)
#undef K
};

enum fact_kind fact_kind_find(struct text name)
{
    static const struct text names[] = {
#define K(NAME, name, list) TEXT_INIT(#name),
        FACT_KINDS(K)
#undef K
    };

    for (int kind = 0; kind < FACT_KIND_COUNT; kind++)
        if (text_equal(name, names[kind]))
            return (enum fact_kind)kind;
    return FACT_KIND_COUNT;
}

void fact_init(enum fact_kind kind, void *row)
{
    const struct fact_table *table = &fact_tables[kind];
    struct fact_head *head = row;

    memset(row, 0, table->row_bytes);
    head->origin = FACT_ORIGIN_UNKNOWN;
    for (size_t i = 0; i < table->field_count; i++) {
        void *at = (char *)row + table->fields[i].offset;
        switch (table->fields[i].type) {
        case FACT_TYPE_TEXT: case FACT_TYPE_LIST: case FACT_TYPE_JSON:
            break; /* all zero is unknown */
        case FACT_TYPE_INT: case FACT_TYPE_BOOL: case FACT_TYPE_TIME: case FACT_TYPE_REF:
            *(int64_t *)at = FACT_UNKNOWN_INT;
            break;
        case FACT_TYPE_REAL:
            *(double *)at = FACT_UNKNOWN_REAL;
            break;
        }
    }
}

int64_t fact_reserve(struct fact_sink *sink, enum fact_kind kind)
{
    return ++sink->last_number[kind];
}

int64_t fact_put(struct fact_sink *sink, enum fact_kind kind, const void *row)
{
    const struct fact_head *head = row;
    const int64_t number = head->number ? head->number : fact_reserve(sink, kind);

    sink->put(sink, kind, row, number);
    return number;
}
