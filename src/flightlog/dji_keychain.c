#include "flightlog/dji_keychain.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/json_read.h"
#include "base/text.h"

enum { BASE64_MAX = 64 };

struct answer {
    struct arena *arena;
    struct dji_keychains read;
    size_t room, keys;
    bool full;
    /* the member of a keychain that is being read */
    int feature;
    bool has_key, has_iv;
    struct dji_feature_key key;
};

/* Exactly `want` bytes, or false. */
static bool base64_take(struct text t, uint8_t *into, size_t want)
{
    uint8_t decoded[BASE64_MAX];

    if (t.len == 0 || t.len % 4 != 0 || t.len / 4 * 3 > sizeof decoded)
        return false;
    const size_t padding = (t.at[t.len - 1] == '=') + (t.at[t.len - 2] == '=');
    const int n = EVP_DecodeBlock(decoded, (const unsigned char *)t.at, (int)t.len);
    if (n < 0 || (size_t)n - padding != want)
        return false;
    memcpy(into, decoded, want);
    return true;
}

/* The number at the end of FR_Standardization_Feature_Base_1; 0 when there is none. */
static int feature_number(struct text name)
{
    int64_t number;
    size_t at = name.len;

    while (at > 0 && name.at[at - 1] != '_')
        at--;
    if (at == 0 || !text_to_int((struct text){ .at = name.at + at, .len = name.len - at }, 1, DJI_FEATURE_MAX, &number))
        return 0;
    return (int)number;
}

static void chain_begins(struct answer *a)
{
    struct dji_keychains *read = &a->read;

    if (read->count == a->room) {
        const size_t room = a->room ? a->room * 2 : 8;
        struct dji_keychain *grown = room <= DJI_KEYCHAINS_MAX ? arena_alloc(a->arena, room, sizeof *grown) : NULL;
        if (!grown) {
            a->full = true;
            return;
        }
        if (read->count)
            memcpy(grown, read->chains, read->count * sizeof *grown);
        read->chains = grown;
        a->room = room;
    }
    memset(&read->chains[read->count++], 0, sizeof *read->chains);
}

static void key_ends(struct answer *a)
{
    if (a->read.count > 0 && a->feature > 0 && a->has_key && a->has_iv) {
        a->key.known = true;
        a->read.chains[a->read.count - 1].of_feature[a->feature] = a->key;
        a->keys++;
    }
}

/* The frames around a keychain's members: two arrays, one in the other. */
static bool in_keychain(const struct json_event *e, size_t depth)
{
    return depth >= 2 && e->frames[depth - 1].array && e->frames[depth - 2].array;
}

static bool take(void *user, const struct json_event *e)
{
    struct answer *a = user;

    if (e->kind == JSON_ARRAY && e->depth >= 1 && e->frames[e->depth - 1].array)
        chain_begins(a);
    else if (e->kind == JSON_OBJECT && in_keychain(e, e->depth))
        a->feature = 0, a->has_key = a->has_iv = false;
    else if (e->kind == JSON_OBJECT_END && in_keychain(e, e->depth))
        key_ends(a);
    else if (e->kind == JSON_TEXT && e->depth >= 3 && in_keychain(e, e->depth - 1)) {
        const struct text key = json_event_key(e);
        if (text_equal(key, TEXT("featurePoint")))
            a->feature = feature_number(e->text);
        else if (text_equal(key, TEXT("aesKey")))
            a->has_key = base64_take(e->text, a->key.key, DJI_KEY_BYTES);
        else if (text_equal(key, TEXT("aesIv")))
            a->has_iv = base64_take(e->text, a->key.iv, DJI_IV_BYTES);
    }
    return !a->full;
}

bool dji_keychains_read(struct bytes json, struct arena *arena, struct dji_keychains *ret, const char **why)
{
    struct answer a = { .arena = arena };
    const enum parse_status status = json_read(json, take, &a, NULL);

    if (a.full)
        *why = "it holds more keychains than any flight record has";
    else if (status != PARSE_OK)
        *why = "it is not JSON, or is cut off";
    else if (a.keys == 0)
        *why = "no key in it is whole: leash expects the answer of the maker's keychain service, "
               "{\"data\":[[{\"featurePoint\":...,\"aesKey\":...,\"aesIv\":...}]]}";
    else {
        *ret = a.read;
        return true;
    }
    return false;
}
