#ifndef LEASH_LEAK_CHAIN_H
#define LEASH_LEAK_CHAIN_H

#include "base/arena.h"
#include "base/text.h"

/* Chains of decoding steps ("http body", "gzip", "json text"), each known by a number
 * of two bytes, because a view and a hit must stay small.  0 is the empty chain. */
struct chains;

/* A step that undoes XOR: this, and the key in hex. */
#define CHAIN_XOR "XOR "

struct chains *chains_new(void);
void chains_free(struct chains *c);
/* The chain one step longer.  When there are too many, the chain itself. */
uint16_t chain_with(struct chains *c, uint16_t chain, struct text step);
/* The same whatever keys of XOR are in it, as a sender may take another one for each message; and whatever a part of
 * what was sent looked like, as of messages that are alike some look like a list of another format. */
uint16_t chain_family(const struct chains *c, uint16_t chain);
/* The chain without its last step; 0 for the empty one. */
uint16_t chain_before(const struct chains *c, uint16_t chain);
/* Its last step; unknown for the empty one.  Lives as long as `c`. */
struct text chain_last_step(const struct chains *c, uint16_t chain);
uint16_t chain_of_list(struct chains *c, struct text_list steps);
/* The steps, outermost first, and then `last` unless it is unknown.  The texts live as
 * long as `c`, the list as long as `arena`. */
struct text_list chain_steps(const struct chains *c, uint16_t chain, struct text last, struct arena *arena);

#endif
