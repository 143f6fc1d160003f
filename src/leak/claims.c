#include "leak/claims.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "fact/fact.h"

/* Wording and limits: the reference on leak detection, section 7. */
const struct claim_entry claims[CLAIM_COUNT] = {
    [CLAIM_IDENTIFIER] = { "identifier_sent", "identifier",
        "The {label} was sent in readable form, addressed to {destination}.",
        { "path", "position", "track" } },
    [CLAIM_IDENTIFIER_DIGEST] = { "identifier_digest_sent", "identifier",
        "The {form} digest of the {label} was sent, addressed to {destination}; whoever knows the value can recognise it.",
        { "path", "position", "track" } },
    [CLAIM_NAMED_VALUE] = { "named_value_sent", "identifier",
        "The value named {name} was sent, addressed to {destination}.",
        { "path", "position", "track" } },
    [CLAIM_POSITIONS_IN_AREA] = { "positions_in_area", "area",
        "{positions} sent from the area of the flight, addressed to {destination}.",
        { "this flight", "path", "track" } },
    [CLAIM_POSITIONS_NEAR_PATH] = { "positions_near_path", "near",
        "{positions} sent, within 15 m of the flight path, addressed to {destination}.",
        { "this flight", "the path of", "path was sent" } },
    [CLAIM_POSITIONS_AT_TAKEOFF] = { "positions_at_takeoff", "near",
        "{positions} sent, within 15 m of the take-off point, addressed to {destination}.",
        { "this flight", "path", "track" } },
    [CLAIM_POSITIONS_AT_OPERATOR] = { "positions_at_operator", "near",
        "{positions} sent, within 15 m of where the operator was recorded, addressed to {destination}.",
        { "this flight", "path", "track" } },
    [CLAIM_POSITIONS_AT_PHOTO] = { "positions_at_photo", "near",
        "{positions} sent, within 15 m of where a stored photo or video was taken, addressed to {destination}.",
        { "this flight", "path", "track", "photo was sent" } },
    [CLAIM_TRACK_ALONG_ROWS] = { "track_along_rows", "rows",
        "A track of {count} points along the rows of a known flight was sent, addressed to {destination}; "
        "another flight on the same rows would look the same.",
        { "this flight", "path of" } },
    [CLAIM_PATH] = { "path_sent", "path",
        "The path of this flight was sent, addressed to {destination}: {count} points match its part from {from} to {to}.",
        { "whole", "entire", "complete" } },
    [CLAIM_FILE_WHOLE] = { "file_sent", "file",
        "A copy of a stored {label} was sent, addressed to {destination}; the SHA-256 of what was sent is the file's.",
        { "path", "this flight" } },
    [CLAIM_FILE_PIECES] = { "file_content_sent", "file",
        "Content of a stored {label} was sent, addressed to {destination}: "
        "{count} of the {of} pieces by which it can be known, about {percent} % of it.",
        { "path", "this flight", "whole", "copy" } },
    [CLAIM_PICTURE_ALIKE] = { "picture_alike", "alike",
        "A picture that looks like a stored photo was sent, addressed to {destination}: {count} of {of} marks of light and dark agree. "
        "It may be a smaller or rewritten version; another photo of the same view would look the same.",
        { "path", "this flight", "a copy", "the photo was sent", "content of" } },
    [CLAIM_AREA_REVEALED] = { "area_revealed", "area",
        "A request revealing the area (about {kilometres} km across) was sent, addressed to {destination}.",
        { "path", "this flight", "track" } },
    [CLAIM_NETWORKS_NEARBY] = { "networks_nearby_sent", "area",
        "The addresses of {count} Wi-Fi networks that were heard near by were sent, addressed to {destination}; such a list can be looked up as a place.",
        { "path", "this flight", "track", "position" } },
    [CLAIM_BURST_LIKE_FILE] = { "burst_like_file", "hint",
        "Encrypted traffic addressed to {destination} is consistent with upload of a stored {label}; "
        "its content is not readable.",
        { "was sent", "path", "this flight" } },
    [CLAIM_NOT_FOUND] = { "not_found", "none",
        "Not found in the {searched} of {total} bytes that could be read; {opaque} bytes were not readable; "
        "the capture covers {percent} % of the flight.",
        { "nothing left", "no data", "safe" } },
};

const char *const claims_never[] = {
    "leak", "proof", "prove", "did not leave", "clean", "received", "whole flight", "stole", "spied", "certain",
};
const size_t claims_never_count = sizeof claims_never / sizeof *claims_never;

static void put_text(struct buffer *b, struct text t)
{
    buffer_add_text(b, text_known(t) ? t : TEXT("unknown"));
}

/* Kinds of identifiers are words with underscores; sentences have blanks. */
static void put_label(struct buffer *b, struct text label)
{
    for (size_t i = 0; i < label.len; i++)
        buffer_add_u8(b, label.at[i] == '_' ? ' ' : (uint8_t)label.at[i]);
}

static void put_int(struct buffer *b, int64_t v)
{
    if (fact_known_int(v))
        buffer_printf(b, "%" PRId64, v);
    else
        put_text(b, TEXT_UNKNOWN);
}

static void put_value(struct buffer *b, struct text place, const struct claim_values *v)
{
    if (text_equal(place, TEXT("label")))
        put_label(b, text_known(v->label) ? v->label : TEXT("value"));
    else if (text_equal(place, TEXT("name")))
        put_text(b, v->name);
    else if (text_equal(place, TEXT("destination")))
        put_text(b, text_known(v->destination) ? v->destination : TEXT("an unknown host"));
    else if (text_equal(place, TEXT("form")))
        put_text(b, v->form);
    else if (text_equal(place, TEXT("from")))
        put_text(b, v->from);
    else if (text_equal(place, TEXT("to")))
        put_text(b, v->to);
    else if (text_equal(place, TEXT("positions")))
        buffer_printf(b, v->count == 1 ? "%" PRId64 " position was" : "%" PRId64 " positions were", v->count);
    else if (text_equal(place, TEXT("count")))
        put_int(b, v->count);
    else if (text_equal(place, TEXT("of")))
        put_int(b, v->of);
    else if (text_equal(place, TEXT("searched")))
        put_int(b, v->searched);
    else if (text_equal(place, TEXT("total")))
        put_int(b, v->total);
    else if (text_equal(place, TEXT("opaque")))
        put_int(b, v->opaque);
    else if (text_equal(place, TEXT("percent")) && fact_known_real(v->percent))
        buffer_printf(b, "%.0f", v->percent);
    else if (text_equal(place, TEXT("kilometres")) && fact_known_real(v->metres))
        buffer_printf(b, v->metres < 950 ? "%.1f" : "%.0f", v->metres / 1000);
    else
        put_text(b, TEXT_UNKNOWN);
}

struct text claim_sentence(enum claim claim, const struct claim_values *values, struct arena *arena)
{
    enum { SENTENCE_MAX = 2048 };
    const char *at = claims[claim].sentence;
    struct buffer b;

    buffer_init(&b, SENTENCE_MAX);
    while (*at) {
        const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buffer_add_text(&b, text_of(at));
            break;
        }
        buffer_add(&b, at, (size_t)(open - at));
        put_value(&b, (struct text){ .at = open + 1, .len = (size_t)(close - open - 1) }, values);
        at = close + 1;
    }
    const struct text sentence = arena_text(arena, buffer_text(&b));
    buffer_done(&b);
    return sentence;
}
