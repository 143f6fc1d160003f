/* Feeds views as the first bytes say: pieces, gaps, several views of a few flows, against
 * a fixed index.  The sink checks every row. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "leak/search.h"

static const struct leak_index *fixed_index(void)
{
    static const struct leak_limits limits = { .decoded_per_view = 1 << 18, .decoded_ratio = 8,
                                               .decoded_total = 1 << 20,
                                               .depth = 3, .hits_bytes = 1 << 18 };
    static struct leak_index *index;

    if (index)
        return index;
    struct secrets *s = secrets_new();
    /* An L over open sea, one a second from 2030-05-17T10:00:00Z. */
    for (int i = 0; i < 120; i++)
        secrets_add_point(s, TEXT("flight-1"), SUBJECT_AIRCRAFT, -30.25 + (i < 60 ? i : 60) * 1.2e-4,
                          42.48 + (i < 60 ? 0 : i - 60) * 1e-4, (INT64_C(1905242400) + i) * 1000000000);
    secrets_add_point(s, TEXT("flight-1"), SUBJECT_TAKEOFF, -30.25, 42.48, FACT_UNKNOWN_INT);
    secrets_add_point(s, TEXT("media-1"), SUBJECT_MEDIA, 179.9999, -16.5, FACT_UNKNOWN_INT);
    secrets_add_literal(s, TEXT("device-1"), SECRET_SERIAL, TEXT("serial number"), TEXT("1ZNBX9K00C00Q7"));
    secrets_add_literal(s, TEXT("identifier-1"), SECRET_IDENTIFIER, TEXT("mac"), TEXT("60:60:1f:ab:cd:e7"));
    secrets_add_text(s, TEXT("mail"), TEXT("pilot one@unit.example"));
    static uint8_t photo[4096];
    for (size_t i = 0; i < sizeof photo; i++)
        photo[i] = (uint8_t)(i * i * 31 + i / 3);
    secrets_add_file(s, TEXT("evidence-1"), "media", (struct bytes){ .at = photo, .len = sizeof photo }, NULL);
    index = leak_index_new(s, &limits);
    return index;
}

enum { VIEWS = 4 };

/* Each command is a byte: the view in the low bits, then what to do with the bytes that follow. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct reading_options no_options;
    struct reading r = { .facts = fuzz_sink(size), .arena = arena_new(64u << 20), .options = &no_options };
    struct payload_search *search = leak_search_new(fixed_index());
    struct payload_view *views[VIEWS] = { NULL };
    const struct text step = TEXT("http body");
    struct cursor c = cursor_over((struct bytes){ .at = data, .len = size });
    int64_t packet = 0;

    while (c.rest.len > 0) {
        const uint8_t command = cursor_u8(&c);
        const unsigned n = command % VIEWS;
        if (!views[n]) {
            const struct payload_source source = {
                .flow = 1 + n / 2, .destination = n & 1 ? TEXT("host.example") : TEXT_UNKNOWN,
                .decoding = { &step, n & 1 }, .packet_first = packet, .offset = (int64_t)c.rest.origin,
                .at_utc_ns = FACT_UNKNOWN_INT,
            };
            views[n] = search->open(search, &r, &source);
        }
        packet++;
        switch (command >> 6) {
        case 0: { /* a short piece */
            const size_t len = 1 + (command >> 2 & 15);
            search->feed(views[n], cursor_take(&c, len < c.rest.len ? len : c.rest.len), packet, 0);
            break;
        }
        case 1: { /* a long piece */
            const size_t len = (size_t)cursor_u16le(&c) + 1;
            search->feed(views[n], cursor_take(&c, len < c.rest.len ? len : c.rest.len), packet, 0);
            break;
        }
        case 2:
            search->gap(views[n], command >> 2 & 15);
            break;
        default:
            search->close(views[n]);
            views[n] = NULL;
            break;
        }
    }
    for (int n = 0; n < VIEWS; n++)
        if (views[n])
            search->close(views[n]);
    leak_search_item_done(search, &r);
    leak_search_free(search);
    arena_free(r.arena);
    return 0;
}
