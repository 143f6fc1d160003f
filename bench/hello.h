#ifndef LEASH_BENCH_HELLO_H
#define LEASH_BENCH_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How TLS and QUIC begin, for the captures that are made here.  Random bytes come from `state`. */

enum { CLIENT_HELLO_MAX = 1024, QUIC_INITIAL_BYTES = 1200 };

/* Ends the program where something is not so. */
void must(bool worked, const char *what);

/* A ClientHello (RFC 8446, 4.1.2) without its record; `variant` picks what makes fingerprints differ.  Gives its
 * length. */
size_t client_hello(uint64_t *state, uint8_t *into, const char *name, unsigned variant, bool quic);

/* One Initial packet with the hello in it (RFC 9000, 17.2.2; RFC 9001, 5). */
void quic_initial(uint64_t *state, uint8_t packet[QUIC_INITIAL_BYTES], const char *name, unsigned variant);

/* A certificate of its own in DER; gives its length, at most `room`. */
size_t make_certificate(uint64_t *state, uint8_t *into, size_t room);

#endif
