#ifndef LEASH_PROTOCOL_FINGERPRINT_H
#define LEASH_PROTOCOL_FINGERPRINT_H

#include "base/text.h"
#include "protocol/tls_client_hello.h"

/* Fingerprints of a whole ClientHello.
 *
 * JA3: salesforce/ja3, README.  MD5 of "version,ciphers,extensions,groups,point formats".
 * JA4: FoxIO-LLC/ja4, technical_details/JA4.md (TLS client; BSD-3-Clause.  JA4 is a
 * trademark of FoxIO).  Written from the specification; where FoxIO's own programs
 * differ from it (ALPN values that are not ASCII), the specification is followed. */

enum { JA3_TEXT_LEN = 32, JA4_TEXT_LEN = 36 };

struct text ja3_of(const struct tls_client_hello *h, char into[JA3_TEXT_LEN]);

/* `transport`: 't' TCP, 'q' QUIC, 'd' DTLS. */
struct text ja4_of(const struct tls_client_hello *h, char transport, char into[JA4_TEXT_LEN]);

#endif
