#ifndef LEASH_PROTOCOL_DNS_MESSAGE_H
#define LEASH_PROTOCOL_DNS_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/cursor.h"
#include "packet/address.h"

/* Messages of the domain name system: RFC 1035 sections 3 and 4; types and their
 * data from the RFCs named in dns_record.c.  Knows bytes only; conversations are in
 * dns.c. */

/* A name decompressed, in wire form: length-prefixed labels up to and with the root. */
enum {
    DNS_NAME_MAX = 255,       /* RFC 1035, 2.3.4 */
    /* Every byte may become \DDD, and there is a dot behind each label. */
    DNS_NAME_TEXT_MAX = 4 * DNS_NAME_MAX,
    /* A name has at most 127 labels, so a chain of pointers in which each leads to at
     * least one label is no longer.  Besides, each must point before the label
     * sequence that it ends: what follows such pointers cannot run in a circle. */
    DNS_POINTERS_MAX = 127,
};

struct dns_name {
    uint8_t wire[DNS_NAME_MAX];
    uint8_t len;
};

/* Reads a name at the cursor, which must run over (the rest of) `message`; pointers
 * are followed inside `message`. */
__attribute__((warn_unused_result))
enum parse_status dns_name_read(struct cursor *c, struct bytes message, struct dns_name *ret);

/* Presentation form (RFC 1035, 5.1) without the dot at the end; "." is the root.
 * Dots and backslashes inside labels get a backslash, bytes that are not printable
 * ASCII become \DDD, so that the result is always text. */
struct text dns_name_text(const struct dns_name *name, char into[DNS_NAME_TEXT_MAX]);
bool dns_name_equal(const struct dns_name *a, const struct dns_name *b); /* ignoring ASCII case */

struct dns_question {
    struct dns_name name;
    uint16_t type, class;
};

struct dns_record {
    struct dns_name owner;
    uint16_t type, class;
    uint32_t ttl_s;
    struct bytes data; /* inside the message */
};

struct dns_message {
    struct bytes whole;
    uint16_t id;
    bool response, truncated;
    uint8_t opcode, response_code;
    uint16_t question_count, answer_count, authority_count, additional_count;
};

enum { DNS_HEADER_BYTES = 12, DNS_OPCODE_QUERY = 0, DNS_OPCODE_UPDATE = 5 };

enum dns_type {
    DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28,
    DNS_SRV = 33, DNS_DNAME = 39, DNS_OPT = 41, DNS_RRSIG = 46, DNS_SVCB = 64, DNS_HTTPS = 65, DNS_SPF = 99,
    DNS_CAA = 257,
};

/* The header.  Leaves `c` before the first question. */
__attribute__((warn_unused_result))
enum parse_status dns_header_read(struct cursor *c, struct bytes whole, struct dns_message *ret);
__attribute__((warn_unused_result))
enum parse_status dns_question_read(struct cursor *c, struct bytes message, struct dns_question *ret);
__attribute__((warn_unused_result))
enum parse_status dns_record_read(struct cursor *c, struct bytes message, struct dns_record *ret);

/* "A", "HTTPS", or "TYPE1234" (RFC 3597, 5); the result may point into `into`. */
enum { DNS_TYPE_TEXT_MAX = 12 };
struct text dns_type_text(uint16_t type, char into[DNS_TYPE_TEXT_MAX]);

/* "NOERROR", "NXDOMAIN", or "RCODE14" in `arena`. */
struct text dns_response_text(uint8_t response_code, struct arena *arena);

/* The data as master files write it: addresses, names, "10 mail.example", texts joined;
 * for types without a form here, and for data that contradicts its type, the form of
 * RFC 3597 `\# LENGTH HEX` (of long data the first DNS_DATA_HEX_MAX bytes and "...").
 * False when the buffer's limit was reached; what was added stays. */
enum { DNS_DATA_HEX_MAX = 1024 };
bool dns_data_text(const struct dns_record *record, struct bytes message, struct buffer *into);

/* The addresses that a record leads to: A, AAAA and the hints of SVCB and HTTPS.
 * Calls `each` with 4 or 16 bytes. */
void dns_addresses(const struct dns_record *record, struct bytes message,
                   void (*each)(void *user, struct bytes address), void *user);

/* Of 4 or 16 bytes, as they stand. */
struct text dns_address_text(struct bytes address, char into[ADDRESS_TEXT_MAX]);

#endif
