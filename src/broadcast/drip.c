#include "broadcast/drip.h"

#include <string.h>

enum { SIGNATURE = 64, MESSAGE = 25, TIMES = 8 };

const char *drip_form_name(enum drip_form form)
{
    static const char *const names[] = { [DRIP_LINK] = "drip_link", [DRIP_WRAPPER] = "drip_wrapper",
                                         [DRIP_MANIFEST] = "drip_manifest", [DRIP_FRAME] = "drip_frame" };

    return names[form];
}

static void take(struct cursor *c, uint8_t *into, size_t len)
{
    const struct bytes b = cursor_take(c, len);

    if (!c->failed)
        memcpy(into, b.at, len);
}

static bool evidence_fits(const struct drip *d)
{
    enum { PREVIOUS_CURRENT_AND_LINK = 3 };

    switch (d->form) {
    case DRIP_WRAPPER:  return d->evidence.len % MESSAGE == 0;
    case DRIP_MANIFEST: return d->evidence.len % DRIP_HASH_BYTES == 0 &&
                               d->evidence.len >= PREVIOUS_CURRENT_AND_LINK * DRIP_HASH_BYTES;
    case DRIP_FRAME:    return d->evidence.len > 0; /* its kind */
    default:            return true;
    }
}

enum parse_status drip_parse(struct bytes data, struct drip *ret)
{
    struct cursor c = cursor_over(data);
    const uint8_t form = cursor_u8(&c);
    struct drip d = { .form = (enum drip_form)form, .before = c.rest };

    if (c.failed)
        return PARSE_TRUNCATED;
    if (form < DRIP_LINK || form > DRIP_FRAME)
        return PARSE_UNSUPPORTED;
    d.valid_from = cursor_u32le(&c);
    d.valid_until = cursor_u32le(&c);
    if (form == DRIP_LINK) {
        take(&c, d.det, sizeof d.det);
        take(&c, d.host_key, sizeof d.host_key);
        take(&c, d.signer, sizeof d.signer);
        d.before = bytes_part(d.before, 0, TIMES + 2 * DET_BYTES + HOST_KEY_BYTES);
    } else if (c.failed || c.rest.len < DET_BYTES + SIGNATURE) {
        return PARSE_TRUNCATED;
    } else {
        d.before = bytes_part(d.before, 0, TIMES);
        d.evidence = cursor_take(&c, c.rest.len - DET_BYTES - SIGNATURE);
        d.after = bytes_part(c.rest, 0, DET_BYTES);
        take(&c, d.det, sizeof d.det);
        memcpy(d.signer, d.det, sizeof d.signer);
    }
    d.signature = cursor_take(&c, SIGNATURE);
    if (c.failed)
        return PARSE_TRUNCATED;
    if (c.rest.len > 0 || !evidence_fits(&d))
        return PARSE_INVALID;
    *ret = d;
    return PARSE_OK;
}
