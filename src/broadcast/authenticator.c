#include "broadcast/authenticator.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"

/* Messages that come alone are kept: a signature may cover those that came before it. */
static void keep_message(struct authenticator *x, const struct remote_id *r)
{
    if (r->is_pack || r->single_type >= LAST_TYPES || r->single_type == REMOTE_ID_AUTHENTICATION || r->raw.len == 0)
        return;
    if (!x->last_messages)
        x->last_messages = memory_alloc_array(1, sizeof *x->last_messages);
    memcpy(x->last_messages->at[r->single_type], r->raw.at, REMOTE_ID_MESSAGE);
    x->last_messages->there[r->single_type] = true;
}

/* What a signature of such a type may cover. */
static bool may_be_signed(unsigned authentication_type, unsigned message_type)
{
    switch (authentication_type) {
    case SIGNATURE_OF_UAS_ID:      return message_type == REMOTE_ID_BASIC;
    case SIGNATURE_OF_OPERATOR_ID: return message_type == REMOTE_ID_OPERATOR;
    default:                       return message_type != REMOTE_ID_AUTHENTICATION;
    }
}

/* One behind the other in `room`: of the pack, or the last ones that came alone. */
static struct bytes signed_messages(const struct authenticator *x, const struct remote_id *r,
                                    uint8_t room[REMOTE_ID_IDS_MAX * REMOTE_ID_MESSAGE])
{
    const unsigned type = x->authentication->type;
    size_t len = 0;

    for (size_t at = 0; r->is_pack && at < r->raw.len; at += REMOTE_ID_MESSAGE)
        if (may_be_signed(type, r->raw.at[at] >> 4)) {
            memcpy(room + len, r->raw.at + at, REMOTE_ID_MESSAGE);
            len += REMOTE_ID_MESSAGE;
        }
    for (unsigned i = 0; !r->is_pack && x->last_messages && i < LAST_TYPES; i++)
        if (x->last_messages->there[i] && may_be_signed(type, i)) {
            memcpy(room + len, x->last_messages->at[i], REMOTE_ID_MESSAGE);
            len += REMOTE_ID_MESSAGE;
        }
    return (struct bytes){ .at = room, .len = len };
}

/* Of what a signature's verdict comes from, so that the same is not verified again and again.  0: it also
 * depends on other things. */
static uint64_t hash_of_input(const struct signature_input *in)
{
    uint64_t h = in->type * 4 + in->may_be_mixed * 2 + in->is_pack + 1;

    if (in->type >= SIGNATURE_BY_METHOD)
        return 0;
    h = hash_mix(in->data.at, in->data.len, h * 64 + in->timestamp);
    h = hash_mix(in->uas_id.at, in->uas_id.len, h);
    h = hash_mix(in->operator_id.at, in->operator_id.len, h);
    return hash_mix(in->messages.at, in->messages.len, h) | 1;
}

static void verify(const struct authenticator *x, struct verifier *verifier, struct announcement *a)
{
    static const struct { unsigned bit; const char *word; } words[] = {
        { SIGNATURE_NOT_VALID_NOW, "authentication_expired" }, { SIGNATURE_TAG_FALSE, "entity_tag_false" },
        { SIGNATURE_TAG_DIFFERS, "entity_tag_disagrees" },
    };
    struct authentication *const whole = x->authentication;
    const uint8_t *const operator = last_message(x, REMOTE_ID_OPERATOR);
    uint8_t room[REMOTE_ID_IDS_MAX * REMOTE_ID_MESSAGE];
    const struct signature_input in = {
        .type = whole->type, .timestamp = whole->timestamp, .data = authentication_data(whole),
        .messages = signed_messages(x, a->remote_id, room), .is_pack = a->is_pack,
        .may_be_mixed = authentication_may_be_mixed(whole), .uas_id = a->uas_id,
        .operator_id = text_known(a->operator_id) || !operator ? a->operator_id : remote_id_operator(operator),
        .at_utc_ns = a->at_utc_ns,
    };
    const struct signature_result *const result = &whole->checked;
    const uint64_t hash = hash_of_input(&in);

    if (hash == 0 || hash != whole->checked_hash)
        verifier_check(verifier, &in, &whole->checked);
    whole->checked_hash = hash;
    authentication_details(whole, result, &a->details);
    a->verified = result->verdict;
    if (result->verdict == SIGNATURE_WRONG)
        announcement_odd(a, "signature_wrong");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (result->oddities & words[i].bit)
            announcement_odd(a, words[i].word);
}

void authenticator_take(struct authenticator *x, struct verifier *verifier, struct announcement *a)
{
    if (!a->remote_id)
        return;
    keep_message(x, a->remote_id);
    if (!a->remote_id->pages_there)
        return;
    if (!x->authentication)
        x->authentication = memory_alloc_array(1, sizeof *x->authentication);
    const enum authentication_state state = authentication_add(x->authentication, a->remote_id);
    if (state == AUTHENTICATION_WHOLE)
        verify(x, verifier, a);
    else if (state == AUTHENTICATION_TOO_SHORT)
        announcement_odd(a, "authentication_length");
}

void authenticator_done(struct authenticator *x)
{
    free(x->authentication);
    free(x->last_messages);
}
