#ifndef LEASH_BENCH_FRAMES_H
#define LEASH_BENCH_FRAMES_H

#include <stddef.h>
#include <stdint.h>

/* What the generators of captures share: a pcap being written, quick random numbers that
 * are the same everywhere, and DNS messages.  Failure to write ends the program. */

void put16(uint8_t *at, unsigned v); /* big-endian, as on the network */
void put32(uint8_t *at, uint32_t v);

/* xorshift64*; the state must not be 0. */
uint64_t random_next(uint64_t *state);
void random_bytes(uint64_t *state, uint8_t *at, size_t len);

void capture_begin(const char *path); /* Ethernet, microseconds, this machine's byte order */
void capture_record(int64_t at_us, const uint8_t *frame, size_t len);
void capture_end(void);               /* prints how much was written */

/* A query, or with `answers` its answer: A records (RFC 1035, 4) with a life of 60 s. */
enum { DNS_MESSAGE_MAX = 300 };
size_t dns_message(uint8_t into[DNS_MESSAGE_MAX], int id, const char *name, int answers, const uint8_t (*addresses)[4]);

#endif
