#include "broadcast/authentication.h"

#include <string.h>

enum { PAGE_0 = 17, PAGE = 23 };

static size_t room_of_pages(unsigned last_page)
{
    return PAGE_0 + PAGE * (size_t)last_page;
}

enum authentication_state authentication_add(struct authentication *a, const struct remote_id *r)
{
    if (r->pages_there == 0)
        return AUTHENTICATION_NONE;
    for (unsigned page = 0; page < REMOTE_ID_PAGES; page++) {
        if (!(r->pages_there >> page & 1))
            continue;
        const struct remote_id_page *p = &r->pages[page];
        if (a->pages_there && (a->type != p->auth_type || (page == 0 && (a->pages_there & 1) &&
            (a->timestamp != r->auth_timestamp || a->length != r->auth_length || a->last_page != r->auth_last_page))))
            *a = (struct authentication){ 0 };
        a->type = p->auth_type;
        if (page == 0) {
            a->last_page = r->auth_last_page;
            a->length = r->auth_length;
            a->timestamp = r->auth_timestamp;
        }
        memcpy(a->data + (page == 0 ? 0 : room_of_pages(page - 1)), p->data.at, p->data.len);
        a->pages_there |= (uint16_t)(1u << page);
    }
    if (!(a->pages_there & 1))
        return AUTHENTICATION_PART;
    if (a->last_page >= REMOTE_ID_PAGES || room_of_pages(a->last_page) < a->length)
        return AUTHENTICATION_TOO_SHORT;
    const uint32_t wanted = (UINT32_C(2) << a->last_page) - 1;
    return (a->pages_there & wanted) == wanted ? AUTHENTICATION_WHOLE : AUTHENTICATION_PART;
}

void authentication_details(const struct authentication *a, struct details *d)
{
    static const char *const types[] = { "none", "uas_id_signature", "operator_id_signature", "message_set_signature",
                                         "network_remote_id", "specific_method" };

    details_open(d, "authentication", '{');
    if (a->type < sizeof types / sizeof *types)
        details_word(d, "type", types[a->type]);
    else
        details_int(d, "type", a->type);
    details_int(d, "timestamp_utc_s", remote_id_utc_s(a->timestamp));
    details_hex(d, "data", (struct bytes){ .at = a->data, .len = a->length });
    /* Behind the data, a byte that is not zero counts bytes of error correction. */
    const size_t room = room_of_pages(a->last_page);
    const uint8_t extra = a->length < room ? a->data[a->length] : 0;
    if (extra && (size_t)a->length + 1 + extra <= room)
        details_hex(d, "error_correction", (struct bytes){ .at = a->data + a->length + 1, .len = extra });
    details_close(d, '}');
}
