#ifndef LEASH_PACKET_EXPECTED_H
#define LEASH_PACKET_EXPECTED_H

#include "packet/address.h"
#include "packet/conversation.h"
#include "packet/flow.h"

/* TCP connections that one conversation said would come, such as those that FTP opens for each file: by the end that
 * is to be called.  The oldest give way. */
enum { EXPECTED_MAX = 32 };

struct expected {
    struct {
        struct address address;
        uint16_t port;
        const struct protocol *protocol; /* NULL: no entry */
    } list[EXPECTED_MAX];
    unsigned next, count;
};

void expected_add(struct expected *e, const struct address *address, uint16_t port, const struct protocol *protocol);
/* What was said about this connection, once; NULL when nothing was. */
const struct protocol *expected_take(struct expected *e, const struct flow *f);

#endif
