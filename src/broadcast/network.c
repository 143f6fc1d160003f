#include "broadcast/network.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "broadcast/maker.h"
#include "broadcast/wifi_frame.h"
#include "packet/address.h"

enum { SLOTS = 2 * NETWORKS_MAX };

struct network {
    uint8_t bssid[6];
    uint8_t ssid_len;
    uint8_t ssid[SSID_MAX];
    uint8_t security;             /* the weakest that was ever told */
    bool joinable;
    bool hides;                   /* its beacons told no name */
    bool merged;                  /* into the entry of the beacons */
    int frequency_mhz;
    int64_t beacons, responses;
    int64_t first_utc_ns, last_utc_ns;
    int64_t packet_first, packet_last;
    uint64_t offset;
};

struct networks {
    struct network *all;
    uint32_t count, room;
    uint32_t slots[SLOTS];        /* number + 1 */
    uint64_t not_kept, not_kept_offset;
};

struct networks *networks_new(void)
{
    return memory_alloc_array(1, sizeof(struct networks));
}

void networks_free(struct networks *n)
{
    if (!n)
        return;
    free(n->all);
    free(n);
}

static uint64_t hash_of(const uint8_t bssid[6], const uint8_t *ssid, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (int i = 0; i < 6; i++)
        h = (h ^ bssid[i]) * UINT64_C(0x100000001b3);
    for (size_t i = 0; i < len; i++)
        h = (h ^ ssid[i]) * UINT64_C(0x100000001b3);
    return h ^ h >> 29;
}

static struct network *network_get(struct networks *n, const uint8_t bssid[6], const uint8_t *ssid, size_t len)
{
    uint32_t slot = (uint32_t)(hash_of(bssid, ssid, len) % SLOTS);

    for (; n->slots[slot]; slot = (slot + 1) % SLOTS) {
        struct network *x = &n->all[n->slots[slot] - 1];
        if (x->ssid_len == len && memcmp(x->bssid, bssid, 6) == 0 && memcmp(x->ssid, ssid, len) == 0)
            return x;
    }
    if (n->count == NETWORKS_MAX)
        return NULL;
    if (n->count == n->room) {
        n->room = n->room ? n->room * 2 : 64;
        n->all = memory_resize_array(n->all, n->room, sizeof *n->all);
    }
    struct network *x = &n->all[n->count++];
    n->slots[slot] = n->count;
    *x = (struct network){ .ssid_len = (uint8_t)len, .security = WIFI_SECURITY_UNKNOWN,
                           .first_utc_ns = FACT_UNKNOWN_INT, .last_utc_ns = FACT_UNKNOWN_INT };
    memcpy(x->bssid, bssid, 6);
    memcpy(x->ssid, ssid, len);
    return x;
}

/* Networks that hide send no name, or as many zeros as it has characters. */
static bool is_hidden(struct bytes ssid)
{
    for (size_t i = 0; i < ssid.len; i++)
        if (ssid.at[i])
            return false;
    return true;
}

bool networks_hear(struct networks *n, const struct network_heard *heard)
{
    static const uint8_t nothing[1];
    const bool hidden = is_hidden(heard->ssid);
    const size_t len = hidden ? 0 : heard->ssid.len < SSID_MAX ? heard->ssid.len : SSID_MAX;
    struct network *x = network_get(n, heard->bssid, len ? heard->ssid.at : nothing, len);

    if (!x) {
        if (n->not_kept++ == 0)
            n->not_kept_offset = heard->offset;
        return false;
    }
    const bool is_new = x->packet_last == 0;
    if (is_new) {
        x->packet_first = heard->packet;
        x->offset = heard->offset;
    }
    x->packet_last = heard->packet;
    x->joinable |= heard->joinable;
    x->beacons += heard->beacon;
    x->responses += !heard->beacon;
    if (heard->security < x->security)
        x->security = (uint8_t)heard->security;
    if (heard->frequency_mhz)
        x->frequency_mhz = heard->frequency_mhz;
    if (!fact_known_int(heard->at_utc_ns))
        return is_new;
    if (!fact_known_int(x->first_utc_ns) || heard->at_utc_ns < x->first_utc_ns)
        x->first_utc_ns = heard->at_utc_ns;
    if (!fact_known_int(x->last_utc_ns) || heard->at_utc_ns > x->last_utc_ns)
        x->last_utc_ns = heard->at_utc_ns;
    return is_new;
}

/* The one name that the BSSID of a hidden network told in answers only; NULL: none, or several. */
static struct network *name_of_hidden(struct networks *n, const struct network *hidden)
{
    struct network *name = NULL;

    for (uint32_t i = 0; i < n->count; i++) {
        struct network *x = &n->all[i];
        if (x->ssid_len == 0 || x->beacons > 0 || x->merged || memcmp(x->bssid, hidden->bssid, 6) != 0)
            continue;
        if (name)
            return NULL;
        name = x;
    }
    return name;
}

static void merge(struct network *to, struct network *name)
{
    memcpy(to->ssid, name->ssid, name->ssid_len);
    to->ssid_len = name->ssid_len;
    if (name->security < to->security)
        to->security = name->security;
    if (fact_known_int(name->first_utc_ns) && name->first_utc_ns < to->first_utc_ns)
        to->first_utc_ns = name->first_utc_ns;
    if (fact_known_int(name->last_utc_ns) && name->last_utc_ns > to->last_utc_ns)
        to->last_utc_ns = name->last_utc_ns;
    if (name->packet_first < to->packet_first) {
        to->packet_first = name->packet_first;
        to->offset = name->offset;
    }
    if (name->packet_last > to->packet_last)
        to->packet_last = name->packet_last;
    name->merged = true;
}

static void network_put(const struct network *x, struct reading *r)
{
    const struct radio_maker *maker = radio_maker_of_address(x->bssid);
    char bssid[MAC_TEXT_MAX];
    struct fact_network row;

    fact_init(FACT_NETWORK, &row);
    row.head.origin.offset = (int64_t)x->offset;
    row.head.origin.packet_first = x->packet_first;
    row.head.origin.packet_last = x->packet_last;
    row.ssid = (struct text){ .at = x->ssid_len ? (const char *)x->ssid : "", .len = x->ssid_len };
    row.bssid = mac_text(x->bssid, bssid);
    row.vendor = maker && *maker->name ? text_of(maker->name) : TEXT_UNKNOWN;
    row.security = text_of(wifi_security_names[x->security]);
    /* An answer alone does not tell what the beacons hide. */
    row.hidden = x->hides ? 1 : x->beacons > 0 ? 0 : FACT_UNKNOWN_INT;
    if (x->frequency_mhz)
        row.frequency_mhz = x->frequency_mhz;
    row.beacons = x->beacons;
    row.first = x->first_utc_ns;
    row.last = x->last_utc_ns;
    fact_put(r->facts, FACT_NETWORK, &row);
}

void networks_put(struct networks *n, struct reading *r)
{
    enum { HIDDEN_LOOKED_UP_MAX = 1024 }; /* each looks through all */
    int looked_up = 0;

    for (uint32_t i = 0; i < n->count; i++) {
        struct network *x = &n->all[i];
        x->hides = x->ssid_len == 0 && x->beacons > 0;
        if (!x->hides || looked_up++ >= HIDDEN_LOOKED_UP_MAX)
            continue;
        struct network *name = name_of_hidden(n, x);
        if (name)
            merge(x, name);
    }
    for (uint32_t i = 0; i < n->count; i++)
        if (n->all[i].joinable && !n->all[i].merged)
            network_put(&n->all[i], r);
    if (n->not_kept)
        reading_damage(r, n->not_kept_offset, 0, (int64_t)n->not_kept,
                       "more than %d Wi-Fi networks were heard; %llu further announcements were not kept",
                       NETWORKS_MAX, (unsigned long long)n->not_kept);
}
