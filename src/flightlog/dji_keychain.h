#ifndef LEASH_FLIGHTLOG_DJI_KEYCHAIN_H
#define LEASH_FLIGHTLOG_DJI_KEYCHAIN_H

#include "base/arena.h"
#include "base/cursor.h"

/* Keys of DJI flight records from version 13 on, as the maker's service answers with them and the
 * operator saved the answer: {"data":[[{"featurePoint":"FR_Standardization_Feature_Base_1",
 * "aesKey":"<base64 of 32>","aesIv":"<base64 of 16>"}, ...], ...]}, or the list alone.
 * Source: lvauvillier/dji-log-parser keychain/api.rs, keychain/mod.rs.  leash asks no service. */
enum { DJI_FEATURE_MAX = 15, DJI_KEY_BYTES = 32, DJI_IV_BYTES = 16, DJI_KEYCHAINS_MAX = 4096 };

struct dji_feature_key {
    bool known;
    uint8_t key[DJI_KEY_BYTES], iv[DJI_IV_BYTES];
};

/* The keys between two changes of keys, by the number of the feature point. */
struct dji_keychain {
    struct dji_feature_key of_feature[DJI_FEATURE_MAX + 1];
};

/* Of one file, in the order in which a flight record goes through them. */
struct dji_keychains {
    struct dji_keychain *chains;
    size_t count;
};

/* What is read lives in `arena`.  False: not such an answer, or none of its keys is whole; `why`
 * is then a sentence about it, and `ret` untouched. */
__attribute__((warn_unused_result))
bool dji_keychains_read(struct bytes json, struct arena *arena, struct dji_keychains *ret, const char **why);

#endif
