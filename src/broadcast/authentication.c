#include "broadcast/authentication.h"

#include <string.h>

enum { PAGE_0 = 17, PAGE = 23 };

static size_t room_of_pages(unsigned last_page)
{
    return PAGE_0 + PAGE * (size_t)last_page;
}

static uint32_t pages_wanted(const struct authentication *a)
{
    return (UINT32_C(2) << a->last_page) - 1;
}

static bool is_other(const struct authentication *a, unsigned page, const struct remote_id_page *p,
                     const struct remote_id *r,
                     const uint8_t *kept)
{
    if (a->pages_there && a->type != p->auth_type)
        return true;
    if (!(a->pages_there >> page & 1))
        return false;
    return memcmp(kept, p->data.at, p->data.len) != 0 ||
           (page == 0 && (a->timestamp != r->auth_timestamp || a->length != r->auth_length ||
                          a->last_page != r->auth_last_page));
}

enum authentication_state authentication_add(struct authentication *a, const struct remote_id *r)
{
    if (r->pages_there == 0)
        return AUTHENTICATION_NONE;
    for (unsigned page = 0; page < REMOTE_ID_PAGES; page++) {
        if (!(r->pages_there >> page & 1))
            continue;
        const struct remote_id_page *p = &r->pages[page];
        uint8_t *const at = a->data + (page == 0 ? 0 : room_of_pages(page - 1));
        if (is_other(a, page, p, r, at)) {
            if (page > 0 && a->type == p->auth_type && (a->since_page_0 & 1) && !(a->since_page_0 >> page & 1))
                a->pages_there = a->since_page_0; /* what is left from before the last page 0 */
            else
                *a = (struct authentication){ 0 };
        }
        a->type = p->auth_type;
        if (page == 0) {
            a->last_page = r->auth_last_page;
            a->length = r->auth_length;
            a->timestamp = r->auth_timestamp;
        }
        memcpy(at, p->data.at, p->data.len);
        a->pages_there |= (uint16_t)(1u << page);
        a->since_page_0 = page == 0 ? 1 : (uint16_t)(a->since_page_0 | 1u << page);
    }
    if (!(a->pages_there & 1))
        return AUTHENTICATION_PART;
    if (a->last_page >= REMOTE_ID_PAGES || room_of_pages(a->last_page) < a->length)
        return AUTHENTICATION_TOO_SHORT;
    return (a->pages_there & pages_wanted(a)) == pages_wanted(a) ? AUTHENTICATION_WHOLE : AUTHENTICATION_PART;
}

bool authentication_may_be_mixed(const struct authentication *a)
{
    return (a->since_page_0 & pages_wanted(a)) != pages_wanted(a);
}

struct bytes authentication_data(const struct authentication *a)
{
    return (struct bytes){ .at = a->data, .len = a->length };
}

void authentication_details(const struct authentication *a, const struct signature_result *signature, struct details *d)
{
    static const char *const types[] = { "none", "uas_id_signature", "operator_id_signature", "message_set_signature",
                                         "network_remote_id", "specific_method" };

    details_open(d, "authentication", '{');
    if (a->type < sizeof types / sizeof *types)
        details_word(d, "type", types[a->type]);
    else
        details_int(d, "type", a->type);
    details_int(d, "timestamp_utc_s", remote_id_utc_s(a->timestamp));
    details_hex(d, "data", authentication_data(a));
    /* Behind the data, a byte that is not zero counts bytes of error correction. */
    const size_t room = room_of_pages(a->last_page);
    const uint8_t extra = a->length < room ? a->data[a->length] : 0;
    if (extra && (size_t)a->length + 1 + extra <= room)
        details_hex(d, "error_correction", (struct bytes){ .at = a->data + a->length + 1, .len = extra });
    if (signature)
        signature_details(signature, d);
    details_close(d, '}');
}
