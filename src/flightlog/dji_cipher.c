#include "flightlog/dji_cipher.h"

#include <string.h>

#include "protocol/crypto.h"

enum {
    BASE = 1, VISION, WAYPOINT, AGRICULTURE, AIR_LINK, AFTER_SALES, APP_CUSTOM, PLAIN, FLIGHT_HUB, GIMBAL, CONTROLLER,
    CAMERA, BATTERY, FLY_SAFE, SECURITY,
    VERSION_FIRST = 13,
};

/* By record type: feature point in version 14, and in version 13 where that differs. */
static const struct { uint8_t now, in_13; } features[256] = {
    [1] = { BASE, 0 },          [2] = { BASE, 0 },          [3] = { GIMBAL, BASE },     [4] = { CONTROLLER, BASE },
    [5] = { APP_CUSTOM, 0 },    [6] = { BASE, 0 },          [7] = { BATTERY, BASE },    [8] = { BATTERY, BASE },
    [9] = { APP_CUSTOM, 0 },    [10] = { APP_CUSTOM, 0 },   [11] = { CONTROLLER, BASE }, [12] = { AFTER_SALES, 0 },
    [13] = { BASE, 0 },         [14] = { BASE, 0 },         [15] = { BASE, 0 },         [16] = { AFTER_SALES, 0 },
    [17] = { VISION, 0 },       [18] = { VISION, 0 },       [19] = { AFTER_SALES, 0 },  [20] = { APP_CUSTOM, 0 },
    [21] = { AGRICULTURE, 0 },  [22] = { BATTERY, AFTER_SALES }, [24] = { APP_CUSTOM, 0 }, [25] = { CAMERA, BASE },
    [26] = { AFTER_SALES, 0 },  [27] = { AFTER_SALES, 0 },  [28] = { FLY_SAFE, AFTER_SALES },
    [29] = { CONTROLLER, BASE }, [30] = { APP_CUSTOM, 0 },  [31] = { WAYPOINT, 0 },     [32] = { WAYPOINT, 0 },
    [33] = { CONTROLLER, BASE }, [34] = { WAYPOINT, 0 },    [35] = { WAYPOINT, 0 },     [36] = { WAYPOINT, 0 },
    [38] = { WAYPOINT, 0 },     [39] = { WAYPOINT, 0 },     [40] = { BASE, 0 },         [41] = { AGRICULTURE, 0 },
    [43] = { AGRICULTURE, 0 },  [44] = { AGRICULTURE, 0 },  [45] = { AGRICULTURE, 0 },  [46] = { AGRICULTURE, 0 },
    [47] = { AGRICULTURE, 0 },  [48] = { AGRICULTURE, 0 },  [49] = { AIR_LINK, 0 },     [51] = { FLY_SAFE, AFTER_SALES },
    [52] = { FLY_SAFE, AFTER_SALES }, [53] = { FLIGHT_HUB, AFTER_SALES }, [54] = { APP_CUSTOM, 0 },
    [55] = { SECURITY, 0 },     [58] = { BASE, 0 },         [59] = { BASE, 0 },         [62] = { CONTROLLER, 0 },
    [63] = { BASE, 0 },
};

uint8_t dji_cipher_feature(uint8_t version, uint8_t type)
{
    if (version < VERSION_FIRST)
        return 0;
    return version == VERSION_FIRST && features[type].in_13 ? features[type].in_13 : features[type].now;
}

void dji_cipher_begin(struct dji_cipher *c, const struct dji_keychains *keys)
{
    memset(c, 0, sizeof *c);
    c->keys = keys;
}

void dji_cipher_change(struct dji_cipher *c)
{
    if (!c->keys)
        return;
    if (c->chain < c->keys->count)
        c->chain++;
    memset(c->goes_on, 0, sizeof c->goes_on);
    memset(c->broken, 0, sizeof c->broken);
}

void dji_cipher_gap(struct dji_cipher *c)
{
    memset(c->broken, 1, sizeof c->broken);
}

/* Without the padding of PKCS #7 (RFC 5652, 6.3), or false where it is none. */
static bool without_padding(struct bytes *b)
{
    const uint8_t n = b->at[b->len - 1];

    if (n == 0 || n > DJI_IV_BYTES)
        return false;
    for (size_t i = b->len - n; i < b->len; i++)
        if (b->at[i] != n)
            return false;
    b->len -= n;
    return true;
}

bool dji_cipher_open(struct dji_cipher *c, uint8_t feature, struct bytes sealed, uint8_t *into, struct bytes *ret)
{
    if (!c->keys || c->chain >= c->keys->count || feature == 0 || feature > DJI_FEATURE_MAX || sealed.len == 0 ||
        sealed.len % DJI_IV_BYTES != 0)
        return false;
    const struct dji_feature_key *key = &c->keys->chains[c->chain].of_feature[feature];
    if (!key->known)
        return false;
    const bool hangs_on_missing = c->broken[feature];
    uint8_t iv[DJI_IV_BYTES];
    memcpy(iv, c->goes_on[feature] ? c->last[feature] : key->iv, sizeof iv);
    memcpy(c->last[feature], sealed.at + sealed.len - DJI_IV_BYTES, DJI_IV_BYTES);
    c->goes_on[feature] = true;
    c->broken[feature] = false;
    if (hangs_on_missing)
        return false;

    struct bytes plain = { .at = into, .len = sealed.len, .origin = sealed.origin };
    aes256_cbc_decrypt(key->key, iv, sealed, into);
    if (!without_padding(&plain))
        return false;
    *ret = plain;
    return true;
}
