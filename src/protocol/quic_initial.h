#ifndef LEASH_PROTOCOL_QUIC_INITIAL_H
#define LEASH_PROTOCOL_QUIC_INITIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"
#include "protocol/crypto.h"

/* QUIC's long-header packets and the protection of its first ones, whose keys anyone
 * can work out.  RFC 9000 section 17, RFC 9001 section 5, RFC 9369 (version 2),
 * draft-ietf-quic-tls-21 to -34. */

enum { QUIC_CID_MAX = 20 };

enum quic_packet_type { QUIC_INITIAL, QUIC_0RTT, QUIC_HANDSHAKE, QUIC_RETRY, QUIC_NEGOTIATION };

struct quic_packet {
    enum quic_packet_type type;
    uint32_t version;
    struct bytes destination_cid, source_cid;
    struct bytes whole;          /* first byte to the end of the payload */
    size_t number_offset;        /* of the packet number in `whole`; of types with one */
};

/* How one version makes its initial keys. */
struct quic_version;

/* NULL when the version is none of those above. */
const struct quic_version *quic_version_find(uint32_t version);
/* Of an Initial packet of a version that is not known: the version whose keys open it.  Versions that exist only to
 * be refused (RFC 9000, 15) and those of one maker mostly are protected as another one is; the authentication tells.
 * `into` has room for packet->whole.len bytes.  NULL: none of them, or the packet is too small for a client's first. */
enum { QUIC_FIRST_BYTES_MIN = 1000 /* RFC 9000, 14.1: the datagram has 1,200; early drafts counted otherwise */ };
const struct quic_version *quic_version_by_trial(const struct quic_packet *packet, uint8_t *into);
/* Not TLS: Google's own messages are in the frames. */
bool quic_version_has_own_handshake(const struct quic_version *v);
/* Frames have the numbers of Google's QUIC, in which CRYPTO is 8. */
bool quic_version_has_own_frames(const struct quic_version *v);
/* "v1", "v2", "draft-29", "Q050", "0x1234abcd"; in `arena` or literal. */
struct text quic_version_text(uint32_t version, struct arena *arena);

/* Takes the next long-header packet off a datagram.  INVALID for short headers and what
 * is no QUIC, UNSUPPORTED for versions not known (`ret` then has version and connection
 * ids, and the rest as version 1 would have it; number_offset is 0 where that cannot be). */
__attribute__((warn_unused_result))
enum parse_status quic_packet_next(struct cursor *c, struct quic_packet *ret);

/* A variable-length integer: RFC 9000, 16. */
uint64_t quic_varint(struct cursor *c);

struct quic_keys {
    uint8_t key[AES128_BYTES], iv[GCM_NONCE_BYTES], header_key[AES128_BYTES];
};

/* The keys for what the client sends in reply to nothing: from the destination
 * connection id of its first packet, or of the first after a Retry. */
void quic_client_keys(const struct quic_version *v, struct bytes destination_cid, struct quic_keys *ret);

/* Removes the protection of an Initial packet.  `into` has room for packet->whole.len
 * bytes; `ret_frames` is a part of it.  False when the keys do not fit. */
__attribute__((warn_unused_result))
bool quic_initial_open(const struct quic_packet *packet, const struct quic_keys *keys, uint8_t *into,
                       struct bytes *ret_frames);

#endif
