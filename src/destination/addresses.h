#ifndef LEASH_DESTINATION_ADDRESSES_H
#define LEASH_DESTINATION_ADDRESSES_H

#include "destination/table.h"

/* What databases say about an address.  Three different questions, never mixed: who holds
 * the AS it is routed from, for which country a registry gave it out, and (only with a
 * location database of the operator) where it is. */
struct addresses;

struct remote_address {
    uint8_t octets[16]; /* IPv4 as ::ffff:a.b.c.d */
};

enum remote_scope {
    REMOTE_PUBLIC,
    REMOTE_LOCAL,    /* private, link-local, loopback, multicast: not beyond the operator's network */
    REMOTE_RESERVED, /* given to nobody: shared by carriers, documentation, benchmarks, the future */
};

/* Text form; a zone ("%eth0") is passed over, and IPv4 inside IPv6 (mapped, or NAT64 with
 * the well-known prefix of RFC 6052) becomes IPv4.  False leaves `ret` alone. */
bool remote_address_parse(struct text t, struct remote_address *ret);
/* By the special-purpose registries of IANA (RFC 6890 and its updates). */
enum remote_scope remote_scope(const struct remote_address *a);

enum country_question { COUNTRY_REGISTRY, COUNTRY_LOCATION };

struct address_database {
    struct text name;              /* "libloc", "iptoasn", or the type written in the operator's file */
    char date[11];                 /* YYYY-MM-DD of its making; empty when not known */
    int64_t made_utc_ns;           /* the same, or unknown */
    enum country_question question;
};

enum { ADDRESS_DATABASES_MAX = 16 };

struct country_answer {
    size_t database;               /* number of the database */
    char country[3];               /* ISO 3166-1 alpha-2 */
};

struct address_answer {
    int64_t asn;                   /* or unknown */
    struct text as_name;           /* in the arena of the look-up, or unknown */
    struct country_answer countries[ADDRESS_DATABASES_MAX];
    size_t country_count;
};

/* Opens what there is, in this order: libloc's database (`data_dir`/location.db, or where
 * Debian and `location update` keep it), iptoasn-country.mmdb (in `data_dir`, or in
 * node_modules of `data_dir` or of the folder around it), then the operator's own files in
 * MaxMind format.  With a folder of system data (base/system_data.h) the first two are looked
 * for there alone.  What is missing or broken is noted, and never a failure. */
struct addresses *addresses_open(const char *data_dir, const char *const *geoip_files, size_t geoip_count,
                                 const struct note_taker *notes);
void addresses_free(struct addresses *a); /* NULL is fine */

size_t addresses_database_count(const struct addresses *a);
const struct address_database *addresses_database(const struct addresses *a, size_t number);

/* Answers only for public addresses; everything stays unknown for the others.  Not for
 * use from several threads (libloc). */
void addresses_find(const struct addresses *a, const struct remote_address *address, struct arena *arena,
                    struct address_answer *ret);

#endif
