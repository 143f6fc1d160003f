#include "radio/sigmf.h"

#include "base/json_read.h"
#include "base/timestamp.h"

/* "cf32_le": c or r for complex or real, f, i or u, the bits, and the order of bytes, which those of 8 bits do not
 * have. */
static void take_type(struct sigmf *s, struct text word)
{
    static const struct { struct text name; enum iq_type type; } names[] = {
        { TEXT_INIT("f32"), IQ_F32 }, { TEXT_INIT("f64"), IQ_F64 }, { TEXT_INIT("i16"), IQ_I16 }, { TEXT_INIT("i8"), IQ_I8 },
        { TEXT_INIT("u16"), IQ_U16 }, { TEXT_INIT("u8"), IQ_U8 }, { TEXT_INIT("i32"), IQ_I32 },
    };

    s->any = true;
    s->is_real = text_starts_with(word, TEXT("r"));
    s->big_endian = text_ends_with(word, TEXT("_be"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct text rest = { .at = word.at + 1, .len = word.len ? word.len - 1 : 0 };
        if (text_starts_with(rest, names[i].name) &&
            (rest.len == names[i].name.len || rest.at[names[i].name.len] == '_'))
            s->type = names[i].type;
    }
}

static bool take(void *user, const struct json_event *e)
{
    struct sigmf *s = user;
    struct text key = e->depth > 0 ? json_event_key(e) : TEXT_UNKNOWN;

    if (e->kind == JSON_TEXT && json_event_is(e, 0, "global.core:datatype"))
        take_type(s, e->text);
    else if (e->kind == JSON_NUMBER && json_event_is(e, 0, "global.core:sample_rate"))
        (void)text_to_real(e->text, &s->rate_hz);
    else if (e->kind == JSON_NUMBER && json_event_is(e, 0, "global.core:num_channels"))
        (void)text_to_int(e->text, 1, 64, &s->channels);
    else if (e->kind == JSON_NUMBER && json_event_is(e, 0, "global.core:trailing_bytes"))
        (void)text_to_int(e->text, 0, INT64_MAX, &s->trailing);
    else if (e->kind == JSON_NUMBER && text_known(key) && json_event_is(e, 0, "captures[].core:header_bytes") &&
             s->header == 0)
        (void)text_to_int(e->text, 0, INT64_MAX, &s->header);
    else if (e->kind == JSON_NUMBER && json_event_is(e, 0, "captures[].core:frequency") &&
             !fact_known_real(s->frequency_hz))
        (void)text_to_real(e->text, &s->frequency_hz);
    else if (e->kind == JSON_TEXT && json_event_is(e, 0, "captures[].core:datetime") && !fact_known_int(s->at_utc_ns))
        (void)timestamp_parse(e->text, &s->at_utc_ns);
    return true;
}

enum parse_status sigmf_parse(struct bytes json, struct sigmf *ret)
{
    *ret = (struct sigmf){ .channels = 1, .frequency_hz = FACT_UNKNOWN_REAL, .at_utc_ns = FACT_UNKNOWN_INT };
    return json_read(json, take, ret, NULL);
}

bool sigmf_meta_recognise(struct bytes whole)
{
    enum { LOOK_BYTES = 64 * 1024 };
    static const char mark[] = "\"core:datatype\"";
    const struct bytes head = bytes_part(whole, 0, LOOK_BYTES);
    size_t i = 0;

    while (i < head.len && (head.at[i] == ' ' || head.at[i] == '\n' || head.at[i] == '\r' || head.at[i] == '\t'))
        i++;
    return i < head.len && head.at[i] == '{' && memmem(head.at, head.len, mark, sizeof mark - 1) != NULL;
}

enum parse_status sigmf_meta_read(struct reading *r, struct bytes whole)
{
    struct sigmf s;
    uint64_t origin = 0;
    enum parse_status status = sigmf_parse(whole, &s);

    if (status != PARSE_OK) {
        reading_damage(r, origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the description of a recording is cut or broken");
        return s.any ? PARSE_OK : status;
    }
    return s.any ? PARSE_OK : PARSE_INVALID;
}
