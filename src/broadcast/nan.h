#ifndef LEASH_BROADCAST_NAN_H
#define LEASH_BROADCAST_NAN_H

#include "base/cursor.h"

/* Wi-Fi NAN (Neighbor Awareness Networking, Wi-Fi Alliance specification 3.2): finds Remote ID's
 * content, from its counter on, in the body of a public action frame that publishes the service
 * org.opendroneid.remoteid (ASTM F3411; opendroneid-core-c:libopendroneid/wifi.c@beb5639).
 * Sections: 9.5.2 service discovery frame, 9.5.4.4 service descriptor attribute.
 * INVALID: no such frame, or it does not hold the service. */
__attribute__((warn_unused_result))
enum parse_status nan_remote_id(struct bytes action_body, struct bytes *content_ret);

#endif
