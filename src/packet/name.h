#ifndef LEASH_PACKET_NAME_H
#define LEASH_PACKET_NAME_H

#include "packet/address.h"

/* Names that the name service gave to clients: (client, address) -> name.  Bounded:
 * answers whose time is over make room first; when it is full, the places go in turn.  An answer counts from when
 * it was seen until NAME_GRACE_S after its time to live, because stub resolvers and apps
 * hold on to answers longer than they should; a later answer replaces it. */
enum { NAMES_MAX = 64 * 1024, NAME_LENGTH_MAX = 255, NAME_GRACE_S = 600 };

struct names;

struct names *names_new(void);
void names_free(struct names *n);

void names_learn(struct names *n, const struct address *client, const struct address *address, struct text name,
                 int64_t at_utc_ns, int64_t ttl_s);

/* A name counted up for the caller, who gives it back with names_drop; 0: none is known
 * for that time. */
__attribute__((warn_unused_result))
uint32_t names_find(struct names *n, const struct address *client, const struct address *address, int64_t at_utc_ns);
void names_drop(struct names *n, uint32_t name);
struct text names_text(const struct names *n, uint32_t name);

/* Names that the capture's own file gives for addresses (a name resolution block of pcapng): whoever wrote
 * the file found them, for all clients and at a time that is not known.  They are asked for where nothing else
 * named the address.  False: it is no name, or there are NAMES_GIVEN_MAX of them. */
enum { NAMES_GIVEN_MAX = 16 * 1024 };
__attribute__((warn_unused_result))
bool names_give(struct names *n, const struct address *address, struct text name);
/* As names_find. */
__attribute__((warn_unused_result))
uint32_t names_given(struct names *n, const struct address *address);

size_t names_bytes(const struct names *n);

#endif
