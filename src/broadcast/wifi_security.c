#include "broadcast/wifi_security.h"

const char *const wifi_security_names[] = {
    [WIFI_OPEN] = "open", [WIFI_WEP] = "wep", [WIFI_WPA] = "wpa", [WIFI_WPA2_TKIP] = "wpa2_tkip",
    [WIFI_WPA2] = "wpa2", [WIFI_WPA3] = "wpa3", [WIFI_SECURITY_UNKNOWN] = "unknown",
};

enum cipher {
    CIPHER_GROUP = 0, CIPHER_WEP_40 = 1, CIPHER_TKIP = 2, CIPHER_CCMP = 4, CIPHER_WEP_104 = 5,
    CIPHER_GCMP_128 = 8, CIPHER_GCMP_256 = 9, CIPHER_CCMP_256 = 10,
};
enum { SUITE_OTHER_OUI = 255, SUITES_MAX = 64, RSN_PMF_REQUIRED = 0x40 };

/* Table 9-151 by class. */
enum { AKM_WPA2 = 1, AKM_WPA3 = 2, AKM_SHA256_1X = 4, AKM_OWE = 8, AKM_OTHER = 16 };

static unsigned akm_class(unsigned suite)
{
    switch (suite) {
    case 1: case 2: case 3: case 4: case 6: case 14: case 15: case 16: case 17: case 19: case 20:
        return AKM_WPA2;
    case 5:
        return AKM_SHA256_1X;
    case 8: case 9: case 11: case 12: case 13: case 22: case 23: case 24: case 25:
        return AKM_WPA3;
    case 18:
        return AKM_OWE;
    default:
        return AKM_OTHER;
    }
}

struct rsn {
    unsigned group;
    uint64_t pairwise;   /* bit per cipher suite below 64 */
    unsigned akm;        /* classes */
    unsigned capabilities;
};

/* The number of a suite of the standard's own OUI 00:0F:AC. */
static unsigned suite(struct cursor *c)
{
    const uint32_t oui = cursor_u24be(c);
    const uint8_t type = cursor_u8(c);

    return oui == 0x000fac ? type : SUITE_OTHER_OUI;
}

/* The element may end behind any of its fields; what is left out has its default. */
static bool rsn_parse(struct bytes body, struct rsn *r)
{
    struct cursor c = cursor_over(body);

    *r = (struct rsn){ .group = CIPHER_CCMP, .pairwise = 1u << CIPHER_CCMP, .akm = AKM_WPA2 };
    if (cursor_u16le(&c) != 1 || c.failed)
        return false;
    if (c.rest.len == 0)
        return true;
    r->group = suite(&c);
    if (c.rest.len == 0)
        return !c.failed;
    unsigned count = cursor_u16le(&c);
    if (c.failed || count > SUITES_MAX)
        return false;
    for (r->pairwise = count ? 0 : r->pairwise; count > 0 && !c.failed; count--) {
        const unsigned s = suite(&c);
        r->pairwise |= s < 64 ? UINT64_C(1) << s : 0;
    }
    if (c.rest.len == 0)
        return !c.failed;
    count = cursor_u16le(&c);
    if (c.failed || count > SUITES_MAX)
        return false;
    for (r->akm = count ? 0 : r->akm; count > 0 && !c.failed; count--)
        r->akm |= akm_class(suite(&c));
    if (!c.failed && c.rest.len >= 2)
        r->capabilities = cursor_u16le(&c);
    return !c.failed;
}

static bool is_wep(unsigned cipher) { return cipher == CIPHER_WEP_40 || cipher == CIPHER_WEP_104; }

static enum wifi_security of_rsn(struct bytes body)
{
    struct rsn r;

    if (!rsn_parse(body, &r))
        return WIFI_SECURITY_UNKNOWN;
    if (r.pairwise >> CIPHER_GROUP & 1 && r.group < 64)
        r.pairwise |= UINT64_C(1) << r.group;
    if (r.akm & AKM_OWE)
        return WIFI_OPEN;
    if (is_wep(r.group) || (r.pairwise & (1u << CIPHER_WEP_40 | 1u << CIPHER_WEP_104)))
        return WIFI_WEP;
    if (r.group == CIPHER_TKIP || (r.pairwise >> CIPHER_TKIP & 1))
        return WIFI_WPA2_TKIP;
    if (r.akm & AKM_WPA2)
        return WIFI_WPA2;
    if (r.akm & AKM_SHA256_1X)
        return r.capabilities & RSN_PMF_REQUIRED ? WIFI_WPA3 : WIFI_WPA2;
    return r.akm & AKM_WPA3 ? WIFI_WPA3 : WIFI_SECURITY_UNKNOWN;
}

enum wifi_security wifi_security_of(bool privacy, struct bytes rsn, struct bytes wpa)
{
    if (rsn.at) {
        const enum wifi_security s = of_rsn(rsn);
        return wpa.at && s > WIFI_WPA && s != WIFI_SECURITY_UNKNOWN ? WIFI_WPA : s;
    }
    if (wpa.at)
        return WIFI_WPA;
    return privacy ? WIFI_WEP : WIFI_OPEN;
}
