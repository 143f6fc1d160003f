#include "flightlog/track_place.h"

#include <string.h>

#include "flightlog/log_clock.h"

bool track_root_is(struct bytes head, struct text name)
{
    struct xml_reader x;
    struct xml_token t;

    xml_init(&x, head);
    while (x.rest.len > 0 && memchr(" \t\r\n", x.rest.at[0], 4))
        x.rest = bytes_part(x.rest, 1, UINT64_MAX);
    if (x.rest.len == 0 || x.rest.at[0] != '<')
        return false;
    return xml_next(&x, &t) && t.kind == XML_OPEN && text_equal(t.name.local, name);
}

struct flight_time track_time(struct text t)
{
    struct log_clock clock;

    if (!log_clock_take(&t, &clock) || !clock.has_date || !clock.has_time || clock.ambiguous)
        return FLIGHT_TIME_UNKNOWN;
    if (clock.zoned)
        return (struct flight_time){ clock.ns, FACT_UNKNOWN_INT, "utc" };
    return (struct flight_time){ FACT_UNKNOWN_INT, clock.ns, "zone_unknown" };
}

static bool holds(struct text name, const char *word)
{
    const size_t n = strlen(word);

    for (size_t i = 0; i + n <= name.len; i++)
        if (text_equal_ignoring_case((struct text){ .at = name.at + i, .len = n },
                                     (struct text){ .at = word, .len = n }))
            return true;
    return false;
}

const char *track_place_subject(struct text name)
{
    static const struct { const char *word, *subject; } words[] = {
        { "operator", "operator" }, { "pilot", "operator" }, { "home", "home" }, { "take-off", "home" },
        { "takeoff", "home" },
        { "take off", "home" }, { "launch", "home" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds(name, words[i].word))
            return words[i].subject;
    return "target";
}

bool track_place_put(struct reading *r, struct flight_rows *f, const char *subject, struct bytes at,
                     struct flight_point point,
                     const char *alt_ref, const struct flight_time *time)
{
    char local[FLIGHT_LOCAL_MAX];
    struct fact_position row;

    if (f)
        return flight_rows_put(f, subject, at, point, alt_ref, time);
    if (!flight_path_accepts(NULL, point.longitude_deg, point.latitude_deg))
        return false;
    fact_init(FACT_POSITION, &row);
    row.head.origin = fact_origin_at(at.origin, at.len);
    row.subject = text_of(subject);
    row.time = time->utc_ns;
    row.time_basis = text_of(time->basis);
    if (fact_known_int(time->local_ns))
        row.time_local = flight_local_text(time->local_ns, local);
    row.longitude_deg = point.longitude_deg;
    row.latitude_deg = point.latitude_deg;
    row.altitude_m = point.altitude_m;
    if (fact_known_real(point.altitude_m))
        row.alt_ref = text_of(alt_ref);
    fact_put(r->facts, FACT_POSITION, &row);
    return true;
}

void track_note_name(struct flight_rows *f, struct text name)
{
    enum { SHOWN_MAX = 200 };
    const struct bytes raw = { .at = (const uint8_t *)name.at, .len = name.len < SHOWN_MAX ? name.len : SHOWN_MAX };

    if (!text_known(name) || name.len == 0)
        return;
    const struct text readable = xml_text(f->r->arena, raw);
    flight_rows_note(f, "Its name is \"%.*s\".", (int)readable.len, readable.at);
}

void track_report_broken(struct reading *r, const struct xml_reader *x, uint64_t *told)
{
    if (x->broken == *told)
        return;
    *told = x->broken;
    if (x->rest.len > 0)
        reading_damage(r, x->broken_origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "something here is no XML, and was skipped to the next tag or text");
}

void track_report_zeros(struct reading *r, struct bytes whole)
{
    enum { PIECE = 64 * 1024, PASSED_STEP = 1 << 20 };
    const uint64_t from = whole.origin;
    uint64_t passed = 0;

    while (whole.len > 0) {
        if (r->passed && whole.origin - from - passed >= PASSED_STEP) {
            passed = whole.origin - from;
            r->passed(r, whole.origin);
        }
        const struct bytes piece = bytes_part(whole, 0, PIECE);
        const uint8_t *zero = memchr(piece.at, 0, piece.len);
        size_t n = 0;
        if (!zero) {
            whole = bytes_part(whole, piece.len, UINT64_MAX);
            continue;
        }
        whole = bytes_part(whole, (uint64_t)(zero - whole.at), UINT64_MAX);
        while (n < whole.len && whole.at[n] == 0)
            n++;
        reading_damage(r, whole.origin, (int64_t)n, FACT_UNKNOWN_INT, "%zu bytes of zeros, which no text has", n);
        whole = bytes_part(whole, n, UINT64_MAX);
    }
    if (r->passed)
        r->passed(r, 0); /* it is read once more */
}

void track_report_end(struct reading *r, const struct xml_reader *x, bool inside_point, uint64_t point_from)
{
    if (inside_point)
        reading_damage(r, point_from, (int64_t)(x->rest.origin - point_from), 1, "the document ends inside a point");
    else if (x->depth > 0 || x->in_tag || x->status == PARSE_TRUNCATED)
        reading_damage(r, x->rest.origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT,
                       "the document ends before its elements do");
    else if (x->status == PARSE_UNSUPPORTED)
        reading_damage(r, x->status_origin, FACT_UNKNOWN_INT, FACT_UNKNOWN_INT, "text in UTF-16 or UTF-32 is not read");
}
