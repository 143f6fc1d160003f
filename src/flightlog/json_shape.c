#include "flightlog/json_shape.h"

#include <string.h>

#include "base/json_read.h"

enum { LOOK_BYTES = 64 * 1024 };

static bool look_at(void *user, const struct json_event *e)
{
    struct json_look *look = user;

    if (e->kind == JSON_ARRAY && (json_event_is(e, 0, "details_headers") || json_event_is(e, 0, "details_data"))) {
        look->shape = SHAPE_PARROT;
    } else if (e->kind == JSON_OBJECT || e->kind == JSON_TEXT) {
        for (size_t from = 0; from < 2 && from < e->depth && look->shape == SHAPE_NONE; from++)
            if (json_event_is(e, from, "exchange.message.flight_logging") || json_event_is(e, from,
                    "exchange.message.flight_data") ||
                (json_event_is(e, from, "exchange.exchange_type") && text_equal(e->text, TEXT("flight_logging")))) {
                look->shape = SHAPE_GUTMA;
                look->from = from;
            }
    }
    return look->shape == SHAPE_NONE;
}

struct json_look json_shape_of(struct bytes whole)
{
    struct bytes head = bytes_part(whole, bytes_start_with(whole, "\xef\xbb\xbf", 3) ? 3 : 0, LOOK_BYTES);
    struct json_look look = { .shape = SHAPE_NONE };
    size_t n = 0;

    while (n < head.len && memchr(" \t\r\n", head.at[n], 4))
        n++;
    if (n < head.len && head.at[n] == '{' && json_read(head, look_at, &look, NULL) != PARSE_INVALID)
        return look;
    return look.shape != SHAPE_NONE ? look : (struct json_look){ .shape = SHAPE_NONE };
}

/* Where the next document of the same shape begins, as files put one behind the other have it: with the name that the
 * first begins with.  The end where there is none. */
size_t json_next_document(struct reading *r, struct bytes whole, enum json_shape shape)
{
    enum { BEGINNING_MIN = 4, BEGINNING_MAX = 64, TRIES = 256 };
    const struct bytes head = bytes_part(whole, 0, BEGINNING_MAX);
    const uint8_t *name = head.len > 0 && head.at[0] == '{' ? memchr(head.at, '"', head.len) : NULL;
    const uint8_t *end = name ? memchr(name + 1, '"', (size_t)(head.at + head.len - name - 1)) : NULL;
    size_t next = whole.len;

    if (!end || end + 1 - head.at < BEGINNING_MIN)
        return whole.len;
    const struct bytes beginning = bytes_part(head, 0, (uint64_t)(end + 1 - head.at));
    for (size_t from = 1, i = 0; i < TRIES && from < next; i++) {
        const uint8_t *at = reading_find(r, bytes_part(whole, from, UINT64_MAX), beginning);
        if (!at)
            break;
        from = (size_t)(at - whole.at);
        if (json_shape_of(bytes_part(whole, from, UINT64_MAX)).shape == shape)
            next = from;
        from++;
    }
    return next;
}
