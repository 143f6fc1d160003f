#include "leak/findings.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/timestamp.h"

void findings_add(void *user, const struct finding *finding)
{
    struct finding_list *list = user;

    if (list->count == list->room) {
        list->room = list->room ? list->room * 2 : 8;
        list->items = memory_resize_array(list->items, list->room, sizeof *list->items);
    }
    list->items[list->count++] = *finding;
}

/* Text with escapes is searched as it stands and without them, and much is found in both. */
static bool transparent(struct text step)
{
    return text_equal(step, TEXT("percent-encoding")) || text_equal(step, TEXT("JSON escapes"));
}

static bool same_but_for_escapes(struct text_list a, struct text_list b)
{
    size_t i = 0, k = 0;

    for (;;) {
        while (i < a.count && transparent(a.items[i]))
            i++;
        while (k < b.count && transparent(b.items[k]))
            k++;
        if (i == a.count || k == b.count)
            return i == a.count && k == b.count;
        if (!text_equal(a.items[i++], b.items[k++]))
            return false;
    }
}

static uint64_t amount(const struct finding *f)
{
    return f->literal ? f->literal->count : fact_known_int(f->points) ? (uint64_t)f->points : 0;
}

static bool is_position(const struct finding *f)
{
    return text_equal(text_of(f->what), TEXT("position")) || text_equal(text_of(f->what), TEXT("flight_path"));
}

struct writer {
    const struct leak_index *index;
    const struct chains *chains;
    const struct flow_hits *hits;
    struct reading *reading;
};

/* Another finding says the same, and at least as much of it; or it says where exactly, and
 * this one only in which cell. */
static bool said_better(const struct writer *w, const struct finding_list *list, size_t nth)
{
    const struct finding *f = &list->items[nth];
    struct arena *arena = w->reading->arena;
    const struct text_list steps = chain_steps(w->chains, f->chain, text_of(f->last_step), arena);

    for (size_t i = 0; i < list->count; i++) {
        const struct finding *other = &list->items[i];
        if (i == nth)
            continue;
        if (f->place_count && is_position(other) && other->chain == f->chain &&
            text_equal(text_of(f->last_step), TEXT("cell code")))
            return true;
        if (!text_equal(text_of(f->what), text_of(other->what)) || !text_equal(f->secret, other->secret) ||
            (f->literal && other->literal && f->values.form.at && !text_equal(f->values.form, other->values.form)))
            continue;
        const struct text_list others = chain_steps(w->chains, other->chain, text_of(other->last_step), arena);
        if (others.count == steps.count && f->chain == other->chain)
            continue;
        if (same_but_for_escapes(steps, others) &&
            (amount(other) > amount(f) || (amount(other) == amount(f) &&
                                           (others.count < steps.count || (others.count == steps.count && i < nth)))))
            return true;
    }
    return false;
}

static void hit_json(struct json *j, const struct view_where *where, uint32_t length)
{
    json_object(j);
    json_key(j, "offset");
    if (fact_known_int(where->offset))
        json_int(j, where->offset);
    else
        json_null(j);
    json_member_int(j, "length", length);
    json_key(j, "packet");
    if (fact_known_int(where->packet))
        json_int(j, where->packet);
    else
        json_null(j);
}

/* What stands there when all of leak.decoding but its last step is undone. */
static void decoded_json(struct json *j, const struct hit_seen *seen)
{
    char hex[2 * HIT_SEEN_MAX + 1] = { 0 };

    if (!seen || !seen->len)
        return;
    hash_hex(seen->at, seen->len, hex);
    json_member_text(j, "decoded", text_of(hex));
}

enum { MASKED_MAX = 24 };

/* The first and last character and as many stars as fit between: enough to know which value
 * is meant for him who has it. */
static struct text masked_value(struct text value, char into[MASKED_MAX + 1])
{
    const size_t len = value.len < MASKED_MAX ? value.len : MASKED_MAX;

    for (size_t i = 0; i < len; i++)
        into[i] = '*';
    if (len > 2 && (unsigned char)value.at[0] < 0x80 && (unsigned char)value.at[value.len - 1] < 0x80) {
        into[0] = value.at[0];
        into[len - 1] = value.at[value.len - 1];
    }
    into[len] = '\0';
    return (struct text){ into, len };
}

/* Positions are printed; other values masked, because reports are shared. */
static struct text hits_json(const struct leak_index *index, const struct finding *f, struct arena *arena)
{
    char *text = NULL;
    size_t len = 0;
    struct json j;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return TEXT_UNKNOWN;
    json_init(&j, out, false);
    json_array(&j);
    for (size_t i = 0; i < f->position_count; i++) {
        char position[64];
        const struct position_hit *hit = f->positions[i];
        hit_json(&j, &hit->where, hit->length);
        snprintf(position, sizeof position, "%.7f,%.7f", hit->latitude_deg, hit->longitude_deg);
        json_member_text(&j, "text", text_of(position));
        json_member_real(&j, "distance_m", f->distance_m[i]);
        decoded_json(&j, &hit->seen);
        json_object_end(&j);
    }
    for (size_t i = 0; f->literal && i < f->literal->count && i < HIT_PLACES; i++) {
        char masked[MASKED_MAX + 1];
        hit_json(&j, &f->literal->places[i], index->literals[f->literal->literal].len);
        json_member_text(&j, "text",
                         masked_value(index->secrets->literals[index->literals[f->literal->literal].secret].value,
                                      masked));
        json_object_end(&j);
    }
    for (size_t i = 0; i < f->place_count; i++) {
        const struct geo_box *box = &f->places[i]->box;
        char corners[96];
        hit_json(&j, &f->places[i]->where, f->places[i]->length);
        snprintf(corners, sizeof corners, "%.5f,%.5f to %.5f,%.5f", box->south, box->west, box->north, box->east);
        json_member_text(&j, "text", text_of(corners));
        decoded_json(&j, &f->places[i]->seen);
        json_object_end(&j);
    }
    if (f->position_count == 0 && !f->literal && f->place_count == 0) {
        hit_json(&j, &f->first, f->length);
        decoded_json(&j, f->seen);
        json_object_end(&j);
    }
    json_array_end(&j);
    fclose(out);
    const struct text copy = arena_text(arena, (struct text){ .at = text, .len = len });
    free(text);
    return copy;
}

static struct text time_text(int64_t time_utc_ns, struct arena *arena)
{
    char text[TIMESTAMP_TEXT_MAX];

    if (!fact_known_int(time_utc_ns))
        return TEXT_UNKNOWN;
    /* For a sentence: to the second, and without the T. */
    const struct text whole = timestamp_text(time_utc_ns - time_utc_ns % NS_PER_S, text);
    text[10] = ' ';
    return arena_printf(arena, "%.*s UTC", (int)whole.len - 1, text);
}

static void write_finding(const struct writer *w, const struct finding *f)
{
    struct arena *arena = w->reading->arena;
    struct claim_values values = f->values;
    struct fact_leak row;

    fact_init(FACT_LEAK, &row);
    values.destination = w->hits->destination;
    values.from = time_text(f->from_utc_ns, arena);
    values.to = time_text(f->to_utc_ns, arena);
    row.what = text_of(f->what);
    row.secret = f->secret;
    row.flow = w->hits->flow;
    row.destination = w->hits->destination;
    row.decoding = chain_steps(w->chains, f->chain, text_of(f->last_step), arena);
    row.points = f->points;
    row.evidence_bits = round(f->evidence_bits * 100) / 100; /* further digits tell in which order it was added up, nothing else */
    row.datum = text_of(f->datum);
    row.claim = claim_sentence(f->claim, &values, arena);
    row.claim_key = text_of(claims[f->claim].key);
    row.at = f->first.at_utc_ns;
    row.matched_from = f->from_utc_ns;
    row.matched_to = f->to_utc_ns;
    row.hits = hits_json(w->index, f, arena);
    row.head.origin.offset = f->first.offset;
    if (fact_known_int(f->first.offset))
        row.head.origin.length = f->length;
    row.head.origin.packet_first = f->first.packet;
    row.head.origin.packet_last = f->last.packet;
    row.head.origin.steps = row.decoding;
    fact_put(w->reading->facts, FACT_LEAK, &row);
}

void findings_write(struct finding_list *list, const struct leak_index *index, const struct chains *chains,
                    const struct flow_hits *hits, struct reading *r)
{
    const struct writer w = { index, chains, hits, r };

    for (size_t i = 0; i < list->count; i++)
        if (!said_better(&w, list, i))
            write_finding(&w, &list->items[i]);
    free(list->items);
    *list = (struct finding_list){ 0 };
}
