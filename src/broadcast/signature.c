#include "broadcast/signature.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/timestamp.h"
#include "broadcast/drip.h"
#include "fact/fact.h"

enum {
    TRIES_MAX = 200000,           /* some twenty seconds of one core */
    TAGS_MAX = 1024, ID_FIELD = 20, TIMESTAMP = 4,
    MESSAGES_BYTES_MAX = 9 * REMOTE_ID_MESSAGE, SIGNED_MAX = 1024,
};

/* A DRIP Entity Tag that was met, and whose key it is. */
struct tag {
    uint8_t det[DET_BYTES];
    const struct rid_key *key;    /* of the file, or NULL */
    uint8_t host_key[HOST_KEY_BYTES];
    bool announced, vouched;      /* a link named host_key; and that in the end by a key of the file */
};

struct verifier {
    const struct rid_keys *keys;
    struct tag *tags;
    size_t tag_count, tag_room;
    uint64_t *tries, left_out;
};

struct verifier *verifier_new(const struct rid_keys *keys, uint64_t *tries)
{
    struct verifier *v = memory_alloc_array(1, sizeof *v);

    v->keys = keys;
    v->tries = tries;
    return v;
}

void verifier_free(struct verifier *v)
{
    if (v)
        free(v->tags);
    free(v);
}

void verifier_tell_left_out(const struct verifier *v, struct reading *r, uint64_t offset)
{
    if (v->left_out)
        reading_damage(r, offset, 0, (int64_t)v->left_out,
                       "more signatures than can be verified: those of %llu authentication messages were not",
                       (unsigned long long)v->left_out);
}

/* Content that is put together before it is verified. */
struct signed_content {
    uint8_t at[SIGNED_MAX];
    size_t len;
};

static void add(struct signed_content *s, struct bytes b)
{
    if (b.len > sizeof s->at - s->len)
        return;
    if (b.len > 0)
        memcpy(s->at + s->len, b.at, b.len);
    s->len += b.len;
}

static struct bytes whole_of(const struct signed_content *s)
{
    return (struct bytes){ .at = s->at, .len = s->len };
}

static unsigned type_of(struct bytes messages, size_t nth)
{
    return messages.at[nth * REMOTE_ID_MESSAGE] >> 4;
}

static struct bytes message_of(struct bytes messages, size_t nth)
{
    return bytes_part(messages, nth * REMOTE_ID_MESSAGE, REMOTE_ID_MESSAGE);
}

/* By type, and of one type in the order in which they were sent (RFC 9575, 4.3.2). */
static void add_by_type(struct signed_content *s, struct bytes messages)
{
    for (unsigned type = 0; type < REMOTE_ID_PACK; type++)
        for (size_t i = 0; i < messages.len / REMOTE_ID_MESSAGE; i++)
            if (type_of(messages, i) == type)
                add(s, message_of(messages, i));
}

/* Ways to sign, of the types that the standard names. */
enum part { PART_END, PART_ID, PART_FIELD, PART_MESSAGE, PART_SENT, PART_BY_TYPE, PART_TIME };
struct way { const char *name; uint8_t parts[3]; };

static const struct way id_ways[] = {
    { "id", { PART_ID } }, { "id_padded", { PART_FIELD } }, { "message", { PART_MESSAGE } },
    { "id_timestamp", { PART_ID, PART_TIME } }, { "id_padded_timestamp", { PART_FIELD, PART_TIME } },
    { "message_timestamp", { PART_MESSAGE, PART_TIME } }, { "timestamp_id", { PART_TIME, PART_ID } },
    { "timestamp_id_padded", { PART_TIME, PART_FIELD } }, { NULL, { PART_END } },
};
static const struct way set_ways[] = {
    { "messages", { PART_SENT } }, { "messages_by_type", { PART_BY_TYPE } },
    { "messages_timestamp", { PART_SENT, PART_TIME } }, { "messages_by_type_timestamp", { PART_BY_TYPE, PART_TIME } },
    { "timestamp_messages", { PART_TIME, PART_SENT } }, { "timestamp_messages_by_type", { PART_TIME, PART_BY_TYPE } },
    { NULL, { PART_END } },
};

static bool put_together(const struct way *way, const struct signature_input *in, struct text id, struct bytes message,
                         struct signed_content *s)
{
    uint8_t field[ID_FIELD] = { 0 };
    const uint8_t time[TIMESTAMP] = { (uint8_t)in->timestamp, (uint8_t)(in->timestamp >> 8),
                                      (uint8_t)(in->timestamp >> 16), (uint8_t)(in->timestamp >> 24) };

    s->len = 0;
    for (size_t i = 0; i < sizeof way->parts && way->parts[i] != PART_END; i++)
        switch (way->parts[i]) {
        case PART_ID:
            add(s, (struct bytes){ .at = (const uint8_t *)id.at, .len = id.len });
            break;
        case PART_FIELD:
            memcpy(field, id.at, id.len < ID_FIELD ? id.len : ID_FIELD);
            add(s, (struct bytes){ .at = field, .len = sizeof field });
            break;
        case PART_MESSAGE:
            if (message.len == 0)
                return false;
            add(s, message);
            break;
        case PART_SENT: add(s, in->messages); break;
        case PART_BY_TYPE: add_by_type(s, in->messages); break;
        default: add(s, (struct bytes){ .at = time, .len = sizeof time }); break;
        }
    return s->len > 0;
}

static struct bytes first_of_type(struct bytes messages, unsigned type)
{
    for (size_t i = 0; i < messages.len / REMOTE_ID_MESSAGE; i++)
        if (type_of(messages, i) == type)
            return message_of(messages, i);
    return (struct bytes){ 0 };
}

static bool key_is_for(const struct rid_key *key, const struct signature_input *in)
{
    return !text_known(key->owner) || text_equal(key->owner, in->uas_id) || text_equal(key->owner, in->operator_id);
}

static void check_ways(struct verifier *v, const struct signature_input *in, const struct way *ways, struct text id,
                       struct bytes message, struct signature_result *ret)
{
    struct signed_content s = { .len = 0 };
    bool tried = false;

    for (size_t k = 0; k < v->keys->count; k++) {
        const struct rid_key *key = &v->keys->keys[k];
        if (!key_is_for(key, in) || !rid_key_signs(key, in->data.len))
            continue;
        for (const struct way *way = ways; way->name; way++) {
            if (!put_together(way, in, id, message, &s))
                continue;
            ++*v->tries;
            tried = true;
            if (!rid_key_verify(key, whole_of(&s), in->data))
                continue;
            ret->verdict = SIGNATURE_GOOD;
            ret->covers = way->name;
            ret->key_source = "file";
            memcpy(ret->key, key->name, sizeof ret->key);
            return;
        }
    }
    if (tried && !in->may_be_mixed)
        ret->verdict = SIGNATURE_WRONG;
}

static const struct rid_key *key_of_det(const struct rid_keys *keys, const uint8_t det[DET_BYTES])
{
    for (size_t i = 0; keys && i < keys->count; i++) {
        const struct rid_key *k = &keys->keys[i];
        if (k->kind == RID_KEY_ED25519 && ((k->owner_is_det && memcmp(k->owner_det, det, DET_BYTES) == 0) ||
                                           det_is_of_key(det, k->host_key)))
            return k;
    }
    return NULL;
}

/* Stays there until the next one is asked for; NULL: too many were met. */
static struct tag *tag_get(struct verifier *v, const uint8_t det[DET_BYTES])
{
    for (size_t i = 0; i < v->tag_count; i++)
        if (memcmp(v->tags[i].det, det, DET_BYTES) == 0)
            return &v->tags[i];
    if (v->tag_count == TAGS_MAX)
        return NULL;
    if (v->tag_count == v->tag_room) {
        v->tag_room = v->tag_room ? 2 * v->tag_room : 8;
        v->tags = memory_resize_array(v->tags, v->tag_room, sizeof *v->tags);
    }
    struct tag *t = &v->tags[v->tag_count++];
    *t = (struct tag){ .key = key_of_det(v->keys, det) };
    memcpy(t->det, det, DET_BYTES);
    return t;
}

/* What a link says of a key is kept; that somebody vouches for it, only once that is verified. */
static void tag_remember(struct verifier *v, const struct drip *d, bool vouched)
{
    struct tag *t = tag_get(v, d->det);

    if (!t || (t->vouched && !vouched))
        return;
    memcpy(t->host_key, d->host_key, HOST_KEY_BYTES);
    t->announced = true;
    t->vouched = vouched;
}

static bool session_is_another(struct bytes messages, const uint8_t det[DET_BYTES])
{
    enum { ID_AT = 2, IETF_DRIP = 1 };

    for (size_t i = 0; i < messages.len / REMOTE_ID_MESSAGE; i++) {
        const struct bytes m = message_of(messages, i);
        if (type_of(messages, i) == REMOTE_ID_BASIC && m.at[1] >> 4 == REMOTE_ID_SESSION && m.at[ID_AT] == IETF_DRIP)
            return memcmp(m.at + ID_AT + 1, det, DET_BYTES) != 0;
    }
    return false;
}

static void count_hashes(const struct drip *d, struct bytes messages, struct signature_result *ret)
{
    static const char custom[] = "Remote ID Auth Hash";
    enum { HEAD = 3 * DRIP_HASH_BYTES };
    uint8_t hash[DRIP_HASH_BYTES];

    ret->hashes = (unsigned)((d->evidence.len - HEAD) / DRIP_HASH_BYTES);
    for (size_t i = 0; i < messages.len / REMOTE_ID_MESSAGE; i++) {
        drip_hash((struct bytes){ .at = (const uint8_t *)custom, .len = sizeof custom - 1 }, message_of(messages, i),
                  hash);
        for (size_t k = HEAD; k < d->evidence.len; k += DRIP_HASH_BYTES)
            if (memcmp(d->evidence.at + k, hash, sizeof hash) == 0) {
                ret->hashes_heard++;
                break;
            }
    }
}

static const char *covers(const struct drip *d, const struct signature_input *in)
{
    switch (d->form) {
    case DRIP_LINK:     return "key";
    case DRIP_MANIFEST: return "hashes";
    case DRIP_FRAME:    return "frame";
    default:            return d->evidence.len > 0 || !in->is_pack ? "wrapped_messages" : "messages_by_type";
    }
}

/* Who signs, as far as anybody told: a key of the file, else one that a link named. */
static bool signed_by_signer(struct verifier *v, const struct drip *d, const struct signature_input *in,
                             struct signature_result *ret)
{
    const struct tag *tag = tag_get(v, d->signer);
    struct signed_content s = { .len = 0 };

    if (!tag)
        v->left_out++;
    if (!tag || !(tag->key || tag->announced))
        return false;
    ret->key_source = tag->key ? "file" : tag->vouched ? "link" : "announced";
    if (tag->key)
        memcpy(ret->key, tag->key->name, sizeof ret->key);
    add(&s, d->before);
    if (d->form == DRIP_WRAPPER && d->evidence.len == 0 && in->is_pack)
        add_by_type(&s, in->messages);
    else
        add(&s, d->evidence);
    add(&s, d->after);
    ++*v->tries;
    return host_key_verify(tag->key ? tag->key->host_key : tag->host_key, whole_of(&s), d->signature);
}

static void check_drip(struct verifier *v, const struct signature_input *in, struct signature_result *ret)
{
    enum { CLOCK_S = 60, CLOCK_SET_S = 1420070400 };
    const int64_t at_s = fact_known_int(in->at_utc_ns) ? in->at_utc_ns / NS_PER_S : 0;
    struct drip d;

    if (drip_parse(in->data, &d) != PARSE_OK)
        return;
    ret->is_drip = true;
    ret->form = d.form;
    ret->valid_from = d.valid_from;
    ret->valid_until = d.valid_until;
    memcpy(ret->det, d.det, DET_BYTES);
    memcpy(ret->signer, d.signer, DET_BYTES);
    ret->has_signer = d.form == DRIP_LINK;
    if (at_s >= CLOCK_SET_S && (at_s < remote_id_utc_s(d.valid_from) - CLOCK_S ||
                                at_s > remote_id_utc_s(d.valid_until) + CLOCK_S))
        ret->oddities |= SIGNATURE_NOT_VALID_NOW;
    if (session_is_another(in->messages, d.det))
        ret->oddities |= SIGNATURE_TAG_DIFFERS;
    if (d.form == DRIP_LINK && !det_is_of_key(d.det, d.host_key))
        ret->oddities |= SIGNATURE_TAG_FALSE;
    if (d.form == DRIP_MANIFEST)
        count_hashes(&d, in->messages, ret);
    const bool good = signed_by_signer(v, &d, in, ret),
        own_word = ret->key_source && strcmp(ret->key_source, "announced") == 0;
    if (good)
        ret->covers = covers(&d, in);
    if (d.form == DRIP_LINK && !(ret->oddities & SIGNATURE_TAG_FALSE))
        tag_remember(v, &d, good && !own_word && !(ret->oddities & SIGNATURE_NOT_VALID_NOW));
    if (!v->keys || !ret->key_source || own_word)
        return;
    if (good && ret->oddities == 0)
        ret->verdict = SIGNATURE_GOOD;
    else if (!in->may_be_mixed)
        ret->verdict = SIGNATURE_WRONG;
}

void verifier_check(struct verifier *v, const struct signature_input *in, struct signature_result *ret)
{
    *ret = (struct signature_result){ .verdict = SIGNATURE_UNKNOWN };
    if (*v->tries >= TRIES_MAX) {
        v->left_out++;
        return;
    }
    if (in->type == SIGNATURE_BY_METHOD)
        check_drip(v, in, ret);
    else if (!v->keys)
        return;
    else if (in->type == SIGNATURE_OF_UAS_ID && text_known(in->uas_id))
        check_ways(v, in, id_ways, in->uas_id, first_of_type(in->messages, REMOTE_ID_BASIC), ret);
    else if (in->type == SIGNATURE_OF_OPERATOR_ID && text_known(in->operator_id))
        check_ways(v, in, id_ways, in->operator_id, first_of_type(in->messages, REMOTE_ID_OPERATOR), ret);
    else if (in->type == SIGNATURE_OF_MESSAGES && in->messages.len > 0)
        check_ways(v, in, set_ways, TEXT(""), (struct bytes){ 0 }, ret);
    /* Of messages that come one by one it is not known which of them the set was. */
    if (in->type == SIGNATURE_OF_MESSAGES && !in->is_pack && ret->verdict == SIGNATURE_WRONG)
        ret->verdict = SIGNATURE_UNKNOWN;
}

static void tag_member(struct details *d, const char *name, const uint8_t det[DET_BYTES])
{
    char text[INET6_ADDRSTRLEN];

    details_word(d, name, inet_ntop(AF_INET6, det, text, sizeof text));
}

void signature_details(const struct signature_result *r, struct details *d)
{
    if (r->is_drip) {
        details_word(d, "method", drip_form_name((enum drip_form)r->form));
        details_int(d, "valid_from_utc_s", remote_id_utc_s(r->valid_from));
        details_int(d, "valid_until_utc_s", remote_id_utc_s(r->valid_until));
        tag_member(d, "entity_tag", r->det);
        if (r->has_signer)
            tag_member(d, "signer_tag", r->signer);
        if (r->form == DRIP_MANIFEST) {
            details_int(d, "hashes", r->hashes);
            details_int(d, "hashes_heard", r->hashes_heard);
        }
    }
    if (r->covers)
        details_word(d, "signed", r->covers);
    if (r->key_source)
        details_word(d, "key_source", r->key_source);
    if (*r->key)
        details_word(d, "key", r->key);
}
