#include "packet/name.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/timestamp.h"
#include "fact/fact.h"
#include "packet/index.h"
#include "packet/pool.h"

struct name {
    uint32_t users;
    uint16_t len;
    char *at;
};

struct answer {
    struct address client, address;
    int64_t learnt_utc_ns, until_utc_ns; /* or unknown */
    uint32_t name;
};

struct names {
    struct pool name_pool;
    struct index by_text;
    struct answer *answers;   /* a ring in the order learnt; allocated with the first */
    uint32_t answer_count, answer_next;
    struct index by_addresses;
    size_t text_bytes;
    uint32_t given_count;
};

/* Stands for all clients in names that the file gives; it is no client's address. */
static const struct address any_client = { { 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };

struct names *names_new(void)
{
    struct names *n = memory_alloc_array(1, sizeof *n);

    pool_init(&n->name_pool, sizeof(struct name), UINT32_MAX);
    return n;
}

void names_free(struct names *n)
{
    if (!n)
        return;
    for (uint32_t i = 0; i < n->answer_count; i++)
        names_drop(n, n->answers[i].name);
    /* Whatever users are left gave up theirs before, or leak nothing but these. */
    pool_done(&n->name_pool);
    index_done(&n->by_text);
    index_done(&n->by_addresses);
    free(n->answers);
    free(n);
}

static struct name *name_at(const struct names *n, uint32_t name)
{
    return pool_at(&n->name_pool, name);
}

struct text names_text(const struct names *n, uint32_t name)
{
    const struct name *x = name_at(n, name);
    return (struct text){ .at = x->at, .len = x->len };
}

static uint32_t name_take(struct names *n, struct text t)
{
    const uint64_t hash = hash_mix(t.at, t.len, 0);
    struct index_walk w = index_walk(&n->by_text, hash);

    for (uint32_t i; (i = index_next(&n->by_text, &w)) != 0; ) {
        if (text_equal(names_text(n, i), t)) {
            name_at(n, i)->users++;
            return i;
        }
    }
    const uint32_t i = pool_take(&n->name_pool);
    struct name *x = name_at(n, i);
    x->users = 1;
    x->len = (uint16_t)t.len;
    x->at = memory_alloc(t.len);
    memcpy(x->at, t.at, t.len);
    n->text_bytes += t.len + 16;
    index_add(&n->by_text, hash, i);
    return i;
}

void names_drop(struct names *n, uint32_t name)
{
    if (!name)
        return;
    struct name *x = name_at(n, name);
    if (--x->users > 0)
        return;
    index_remove(&n->by_text, hash_mix(x->at, x->len, 0), name);
    n->text_bytes -= x->len + 16u;
    free(x->at);
    pool_give(&n->name_pool, name);
}

static uint64_t hash_addresses(const struct address *client, const struct address *address)
{
    return hash_mix(address, sizeof *address, hash_mix(client, sizeof *client, 1));
}

static struct answer *answer_find(const struct names *n, uint64_t hash, const struct address *client,
                                  const struct address *address)
{
    struct index_walk w = index_walk(&n->by_addresses, hash);

    for (uint32_t i; (i = index_next(&n->by_addresses, &w)) != 0; ) {
        struct answer *a = &n->answers[i - 1];
        if (memcmp(&a->client, client, sizeof *client) == 0 && memcmp(&a->address, address, sizeof *address) == 0)
            return a;
    }
    return NULL;
}

/* The next place in turn that is free: nobody holds on to what it says any longer.  Only a few are looked at each time,
 * so that a packet with a false time does not take them all. */
static struct answer *answer_over(struct names *n, int64_t at_utc_ns)
{
    enum { LOOK_AT = 4 };

    for (uint32_t i = 0; i < LOOK_AT && i < n->answer_count; i++) {
        struct answer *a = &n->answers[n->answer_next];
        n->answer_next = (n->answer_next + 1) % n->answer_count;
        if (fact_known_int(at_utc_ns) && fact_known_int(a->until_utc_ns) && a->until_utc_ns < at_utc_ns)
            return a;
    }
    return NULL;
}

static struct answer *answer_new(struct names *n, uint64_t hash, int64_t at_utc_ns)
{
    if (!n->answers)
        n->answers = memory_alloc_array(NAMES_MAX, sizeof *n->answers);
    struct answer *a = answer_over(n, at_utc_ns);
    if (!a && n->answer_count < NAMES_MAX) {
        a = &n->answers[n->answer_count++];
    } else {
        if (!a)
            a = &n->answers[n->answer_next];
        index_remove(&n->by_addresses, hash_addresses(&a->client, &a->address), (uint32_t)(a - n->answers) + 1);
        names_drop(n, a->name);
    }
    index_add(&n->by_addresses, hash, (uint32_t)(a - n->answers) + 1);
    a->name = 0;
    return a;
}

void names_learn(struct names *n, const struct address *client, const struct address *address, struct text name,
                 int64_t at_utc_ns, int64_t ttl_s)
{
    if (!text_known(name) || name.len == 0 || name.len > NAME_LENGTH_MAX)
        return;
    const uint64_t hash = hash_addresses(client, address);
    const uint32_t taken = name_take(n, name);
    struct answer *a = answer_find(n, hash, client, address);
    if (!a)
        a = answer_new(n, hash, at_utc_ns);
    names_drop(n, a->name);

    const int64_t believed_ttl_s = ttl_s < 0 ? 0 : ttl_s > UINT32_MAX ? UINT32_MAX : ttl_s;
    const int64_t life_ns = (believed_ttl_s + NAME_GRACE_S) * NS_PER_S;
    int64_t until = FACT_UNKNOWN_INT;
    if (fact_known_int(at_utc_ns) && __builtin_add_overflow(at_utc_ns, life_ns, &until))
        until = INT64_MAX;
    *a = (struct answer){ *client, *address, at_utc_ns, until, taken };
}

uint32_t names_find(struct names *n, const struct address *client, const struct address *address, int64_t at_utc_ns)
{
    if (n->answer_count == 0)
        return 0;
    const struct answer *a = answer_find(n, hash_addresses(client, address), client, address);
    if (!a)
        return 0;
    if (fact_known_int(at_utc_ns) && fact_known_int(a->until_utc_ns) &&
        (at_utc_ns > a->until_utc_ns || at_utc_ns < a->learnt_utc_ns))
        return 0;
    name_at(n, a->name)->users++;
    return a->name;
}

bool names_give(struct names *n, const struct address *address, struct text name)
{
    if (!text_known(name) || name.len == 0 || name.len > NAME_LENGTH_MAX || n->given_count == NAMES_GIVEN_MAX)
        return false;
    n->given_count++;
    names_learn(n, &any_client, address, name, FACT_UNKNOWN_INT, 0);
    return true;
}

uint32_t names_given(struct names *n, const struct address *address)
{
    return n->given_count ? names_find(n, &any_client, address, FACT_UNKNOWN_INT) : 0;
}

size_t names_bytes(const struct names *n)
{
    return n->text_bytes + pool_bytes(&n->name_pool) + index_bytes(&n->by_text) + index_bytes(&n->by_addresses) +
           n->answer_count * sizeof *n->answers;
}
