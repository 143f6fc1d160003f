#ifndef LEASH_PROTOCOL_CERTIFICATE_NAME_H
#define LEASH_PROTOCOL_CERTIFICATE_NAME_H

#include "base/arena.h"
#include "protocol/der.h"

/* A distinguished name (X.501; RFC 5280, 4.1.2.4) as RFC 4514 writes it: "CN=example.org,O=Example,C=US",
 * in `arena`.  `name` runs over the content of its outer sequence.  Of a damaged one, what was read before. */
struct text certificate_name_text(struct cursor name, struct arena *arena);

#endif
