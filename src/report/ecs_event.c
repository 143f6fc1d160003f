#include "report/ecs_event.h"

#include <string.h>

#include "base/network.h"
#include "base/timestamp.h"
#include "report/ecs.h"

void ecs_text(struct json *j, const char *name, struct text value)
{
    if (value.len > 0)
        json_member_text(j, name, value);
}

void ecs_int(struct json *j, const char *name, int64_t value)
{
    if (fact_known_int(value))
        json_member_int(j, name, value);
}

void ecs_time(struct json *j, const char *name, int64_t at)
{
    char text[TIMESTAMP_TEXT_MAX];

    if (fact_known_int(at))
        json_member_text(j, name, timestamp_text(at, text));
}

bool ecs_is_ip(struct text t)
{
    struct network n;

    return text_known(t) && !memchr(t.at, '%', t.len) && network_address(t, &n);
}

void ecs_address(struct json *j, struct text address)
{
    ecs_text(j, "address", address);
    if (ecs_is_ip(address))
        json_member_text(j, "ip", address);
}

void ecs_mac(struct json *j, const char *name, struct text mac)
{
    char text[17];

    if (mac.len != sizeof text)
        return;
    for (size_t i = 0; i < sizeof text; i++) {
        const char c = mac.at[i];
        if (i % 3 == 2 ? c != ':' && c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                                                  (c >= 'A' && c <= 'F')))
            return;
        text[i] = i % 3 == 2 ? '-' : c >= 'a' ? (char)(c - 'a' + 'A') : c;
    }
    json_member_text(j, name, (struct text){ .at = text, .len = sizeof text });
}

static void put_word_list(struct json *j, const char *name, const char *first, const char *second)
{
    json_key(j, name);
    json_array(j);
    json_text(j, text_of(first));
    if (second)
        json_text(j, text_of(second));
    json_array_end(j);
}

/* The numbers that Elastic's own rules give the words. */
static int64_t severity_number(struct text severity)
{
    static const struct { const char *word; int number; } numbers[] = { { "info", 1 }, { "low", 21 }, { "medium", 47 },
                                                                        { "high", 73 }, { "critical", 99 } };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (text_equal(severity, text_of(numbers[i].word)))
            return numbers[i].number;
    return FACT_UNKNOWN_INT;
}

static void put_event(struct ecs *x, const struct ecs_event *e)
{
    struct json *j = &x->j;

    json_key(j, "event");
    json_object(j);
    json_member_text(j, "kind", text_of(e->kind));
    put_word_list(j, "category", e->category, e->web);
    if (e->type)
        put_word_list(j, "type", e->type, NULL);
    json_member_text(j, "module", TEXT("leash"));
    json_member_text(j, "provider", TEXT("leash"));
    json_member_text(j, "dataset", text_of(e->dataset));
    if (e->action)
        json_member_text(j, "action", text_of(e->action));
    if (e->outcome)
        json_member_text(j, "outcome", text_of(e->outcome));
    if (e->head)
        json_member_text(j, "id", e->head->id);
    ecs_text(j, "reason", e->reason);
    ecs_int(j, "severity", severity_number(e->severity));
    json_member_text(j, "created", x->started);
    ecs_time(j, "start", e->at);
    ecs_time(j, "end", e->end);
    if (fact_known_int(e->at) && fact_known_int(e->end) && e->end >= e->at)
        json_member_int(j, "duration", e->end - e->at);
    json_object_end(j);
}

void ecs_begin(struct ecs *x, const struct ecs_event *e)
{
    struct json *j = &x->j;
    char text[TIMESTAMP_TEXT_MAX];
    const bool timed = fact_known_int(e->at);

    json_init(j, x->out, false);
    json_object(j);
    json_member_text(j, "@timestamp", timed ? timestamp_text(e->at, text) : x->started);
    json_key(j, "ecs");
    json_object(j);
    json_member_text(j, "version", TEXT(ECS_VERSION));
    json_object_end(j);
    put_event(x, e);
    ecs_text(j, "message", e->message);
    put_word_list(j, "tags", "leash", !timed && strcmp(e->kind, "event") == 0 ? "leash_time_unknown" : NULL);
    if (x->label.len > 0) {
        json_key(j, "labels");
        json_object(j);
        json_member_text(j, "audit", x->label);
        json_object_end(j);
    }
    json_key(j, "observer");
    json_object(j);
    json_member_text(j, "vendor", TEXT("leash"));
    json_member_text(j, "product", TEXT("leash"));
    json_member_text(j, "type", TEXT("audit"));
    ecs_text(j, "version", x->version);
    json_object_end(j);
}

void ecs_end(struct ecs *x)
{
    json_object_end(&x->j);
    putc('\n', x->out);
}

static const struct ecs_place *find(const struct ecs *x, struct text key)
{
    size_t low = 0, high = x->place_count;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = text_compare(x->places[middle].key, key);
        if (order == 0)
            return &x->places[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct ecs_place *ecs_place_of(const struct ecs *x, struct text host, struct text address)
{
    char lower[256];
    struct text key = host.len > 0 ? host : address;

    while (key.len > 0 && key.at[key.len - 1] == '.')
        key.len--;
    if (!text_known(key) || key.len > sizeof lower)
        return NULL;
    for (size_t i = 0; i < key.len; i++)
        lower[i] = key.at[i] >= 'A' && key.at[i] <= 'Z' ? (char)(key.at[i] + 'a' - 'A') : key.at[i];
    return find(x, (struct text){ .at = lower, .len = key.len });
}
