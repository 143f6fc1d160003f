#include "leak/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "leak/structure.h"

enum { CHAINS_MAX = 4096, STEP_BYTES_MAX = 64 };

struct link {
    struct text step;
    uint16_t before, family;
};

struct chains {
    struct arena *arena;
    struct link *links; /* links[0] is the empty chain */
    size_t count, room;
};

struct chains *chains_new(void)
{
    struct chains *c = memory_alloc_array(1, sizeof *c);

    c->arena = arena_new(0);
    c->room = 16;
    c->links = memory_alloc_array(c->room, sizeof *c->links);
    c->count = 1;
    return c;
}

void chains_free(struct chains *c)
{
    if (!c)
        return;
    arena_free(c->arena);
    free(c->links);
    free(c);
}

static bool is_key(struct text step)
{
    const struct text mark = TEXT(CHAIN_XOR);

    return step.len > mark.len && memcmp(step.at, mark.at, mark.len) == 0;
}

/* A name for how the bytes are arranged, which changes none of them. */
static bool is_structure(struct text step)
{
    for (int kind = STRUCTURE_NONE + 1; kind < STRUCTURE_KINDS; kind++)
        if (text_equal(step, text_of(structure_name((enum structure_kind)kind))))
            return true;
    return false;
}

enum { ITS_OWN = UINT16_MAX };

/* Without a key or a structure in it a chain is its own family; the family of one is such a chain. */
static uint16_t family_of(struct chains *c, uint16_t chain, struct text step)
{
    const uint16_t before = c->links[chain].family;

    if (is_key(step))
        return chain_with(c, before, TEXT("XOR, another key for each message"));
    if (is_structure(step))
        return before;
    return before != chain ? chain_with(c, before, step) : ITS_OWN;
}

uint16_t chain_with(struct chains *c, uint16_t chain, struct text step)
{
    if (step.len > STEP_BYTES_MAX)
        step.len = STEP_BYTES_MAX;
    for (size_t i = 1; i < c->count; i++)
        if (c->links[i].before == chain && text_equal(c->links[i].step, step))
            return (uint16_t)i;
    const uint16_t family = family_of(c, chain, step);
    if (c->count >= CHAINS_MAX)
        return chain;
    if (c->count == c->room) {
        c->room *= 2;
        c->links = memory_resize_array(c->links, c->room, sizeof *c->links);
    }
    c->links[c->count] = (struct link){ .step = arena_text(c->arena, step), .before = chain,
                                           .family = family == ITS_OWN ? (uint16_t)c->count : family };
    return (uint16_t)c->count++;
}

uint16_t chain_family(const struct chains *c, uint16_t chain) { return c->links[chain].family; }

uint16_t chain_before(const struct chains *c, uint16_t chain)
{
    return c->links[chain].before;
}

struct text chain_last_step(const struct chains *c, uint16_t chain)
{
    return c->links[chain].step; /* of the empty one: zeros */
}

uint16_t chain_of_list(struct chains *c, struct text_list steps)
{
    uint16_t chain = 0;

    for (size_t i = 0; i < steps.count; i++)
        chain = chain_with(c, chain, steps.items[i]);
    return chain;
}

struct text_list chain_steps(const struct chains *c, uint16_t chain, struct text last, struct arena *arena)
{
    size_t count = text_known(last);

    for (uint16_t at = chain; at; at = c->links[at].before)
        count++;
    struct text *items = arena_alloc(arena, count ? count : 1, sizeof *items);
    if (!items)
        return (struct text_list){ NULL, 0 };
    size_t i = count;
    if (text_known(last))
        items[--i] = last;
    for (uint16_t at = chain; at; at = c->links[at].before)
        items[--i] = c->links[at].step;
    return (struct text_list){ .items = items, .count = count };
}
