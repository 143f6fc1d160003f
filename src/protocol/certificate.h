#ifndef LEASH_PROTOCOL_CERTIFICATE_H
#define LEASH_PROTOCOL_CERTIFICATE_H

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

/* Who an X.509 certificate (RFC 5280, DER) says it is from and for, and when.  Nothing is
 * verified: it is what the other side showed. */
struct certificate {
    struct text issuer, subject; /* RFC 4514 text: "CN=example.org,O=Example,C=US" */
    struct text serial;          /* lower-case hex, as it stands there */
    int64_t not_before_utc_ns, not_after_utc_ns; /* FACT_UNKNOWN_INT where it is no date */
    struct text_list names;      /* the subject alternative names that are text or addresses; unknown without any */
    struct text host;            /* a DNS name it is for: the first without a wildcard in the
                                  * subject alternative names, else the first, else the common
                                  * name when it looks like one; unknown otherwise */
    struct bytes whole;          /* its own bytes, a view: what lies behind it is left out */
};

/* Texts are copied into `arena`.  `der` may go on behind the certificate. */
__attribute__((warn_unused_result))
enum parse_status certificate_parse(struct bytes der, struct arena *arena, struct certificate *ret);

#endif
