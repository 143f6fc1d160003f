#include "protocol/ssdp.h"

#include <string.h>

#include "protocol/rows.h"
#include "protocol/text_head.h"

enum { PORT_SSDP = 1900, TOLD_MAX = 32 };

struct ssdp_state {
    uint64_t told[TOLD_MAX]; /* digests: announcements come by the hundred */
    size_t told_count;
};

static uint64_t digest(struct text a, struct text b)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < a.len; i++)
        h = (h ^ (uint8_t)a.at[i]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < b.len; i++)
        h = (h ^ (uint8_t)b.at[i]) * UINT64_C(0x100000001b3);
    return h;
}

static bool is_news(struct ssdp_state *s, uint64_t h)
{
    for (size_t i = 0; i < s->told_count; i++)
        if (s->told[i] == h)
            return false;
    if (s->told_count == TOLD_MAX)
        return false;
    s->told[s->told_count++] = h;
    return true;
}

/* "OS/version UPnP/1.1 product/version": the product is what the device is. */
static struct text product_of(struct text server)
{
    const char *upnp = server.len ? memmem(server.at, server.len, "UPnP/", 5) : NULL;

    if (!upnp)
        return TEXT_UNKNOWN;
    struct text rest = { upnp, server.len - (size_t)(upnp - server.at) };
    while (text_starts_with(rest, TEXT("UPnP/"))) { /* some say it twice */
        (void)text_word(&rest);
        rest = text_trimmed(rest);
    }
    while (rest.len > 0 && (rest.at[0] == ',' || rest.at[0] == ' '))
        rest = (struct text){ rest.at + 1, rest.len - 1 };
    const char *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
    if (slash)
        rest.len = (size_t)(slash - rest.at);
    return rest.len ? rest : TEXT_UNKNOWN;
}

/* "uuid:...::urn:..." */
static struct text uuid_of(struct text usn)
{
    if (!text_starts_with(usn, TEXT("uuid:")))
        return TEXT_UNKNOWN;
    struct text uuid = { usn.at + 5, usn.len - 5 };
    const char *end = uuid.len ? memmem(uuid.at, uuid.len, "::", 2) : NULL;
    if (end)
        uuid.len = (size_t)(end - uuid.at);
    return uuid.len ? uuid : TEXT_UNKNOWN;
}

static enum recognition ssdp_recognise(const struct conversation *c, enum direction d, struct bytes b)
{
    (void)d;
    if (b.len < 8 || !on_port(c, PORT_SSDP))
        return RECOGNISED_NO;
    return bytes_start_with(b, "NOTIFY * HTTP/1", 15) || bytes_start_with(b, "M-SEARCH * HTTP/1", 17) ||
           bytes_start_with(b, "HTTP/1.1 200", 12) ? RECOGNISED_YES : RECOGNISED_NO;
}

static void ssdp_datagram(struct conversation *c, enum direction d, struct bytes b)
{
    struct fact_device row;

    if (ssdp_recognise(c, d, b) != RECOGNISED_YES)
        return;
    const bool search = bytes_start_with(b, "M-SEARCH", 8);
    const struct text says = text_head_value(b, search ? TEXT("USER-AGENT") : TEXT("SERVER"));
    const struct text uuid = search ? TEXT_UNKNOWN : uuid_of(text_head_value(b, TEXT("USN")));
    conversation_readable(c, d, b.len);
    if ((says.len == 0 && uuid.len == 0) || !is_news(c->state, digest(says, uuid)))
        return;
    device_begin(&row, c, b);
    if (d == DIRECTION_OUT)
        row.mac = c->row.src_mac;
    if (!search)
        row.model = product_of(says);
    const struct text usn = text_head_value(b, TEXT("USN"));
    if (!search && usn.len > 0 && memmem(usn.at, usn.len, ":InternetGatewayDevice:", 23))
        row.role = TEXT("gateway");
    row.firmware = says;
    const int64_t device = conversation_device(c, &row, TEXT_UNKNOWN);
    identifier_put(c, b, "uuid", uuid, device);
}

const struct protocol ssdp_protocol = {
    .service = "ssdp", .state_bytes = sizeof(struct ssdp_state),
    .recognise_datagram = ssdp_recognise, .datagram = ssdp_datagram,
};
