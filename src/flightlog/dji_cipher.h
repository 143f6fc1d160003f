#ifndef LEASH_FLIGHTLOG_DJI_CIPHER_H
#define LEASH_FLIGHTLOG_DJI_CIPHER_H

#include "flightlog/dji_keychain.h"

/* Opens the record bodies of DJI flight records from version 13 on: AES-256-CBC under the key of the
 * record's feature point, which goes on from record to record of that feature; PKCS #7 padding; other
 * keys from each record of type 50 on.
 * Source: lvauvillier/dji-log-parser record/mod.rs, keychain/feature_point.rs; read, not measured: no
 * key of a real flight record was ever at hand. */
struct dji_cipher {
    const struct dji_keychains *keys;
    size_t chain;                       /* in use; keys->count: they are used up */
    bool goes_on[DJI_FEATURE_MAX + 1];  /* `last` is the block that the next record hangs on */
    bool broken[DJI_FEATURE_MAX + 1];   /* it is not known, because bytes are missing */
    uint8_t last[DJI_FEATURE_MAX + 1][DJI_IV_BYTES];
};

/* The feature point whose key a record type is under; 0: its bodies are not encrypted. */
uint8_t dji_cipher_feature(uint8_t version, uint8_t type);

void dji_cipher_begin(struct dji_cipher *c, const struct dji_keychains *keys);
/* A record of type 50 was met: the next keychain is used from here on. */
void dji_cipher_change(struct dji_cipher *c);
/* Records are missing: what hangs on them cannot be opened. */
void dji_cipher_gap(struct dji_cipher *c);

/* `sealed` is a whole number of blocks; `into` has room for it.  False: no key, a wrong one, or what it
 * hangs on is missing; `ret` is then untouched.  The view's origin is that of `sealed`. */
__attribute__((warn_unused_result))
bool dji_cipher_open(struct dji_cipher *c, uint8_t feature, struct bytes sealed, uint8_t *into, struct bytes *ret);

#endif
