#ifndef LEASH_APP_JAR_MANIFEST_H
#define LEASH_APP_JAR_MANIFEST_H

#include "app/signature_key.h"
#include "base/arena.h"
#include "base/text.h"

/* META-INF/MANIFEST.MF and *.SF: sections of attributes.
 * Source: Oracle's "JAR File Specification", sections "Name-Value pairs and Sections" and
 * "Signature File"; which digests count at which platform: apksig's documented behaviour. */

enum { JAR_SECTIONS_MAX = 100000, JAR_ATTRIBUTES_MAX = 64 };

struct jar_section {
    struct text name;      /* attribute Name, or unknown */
    struct bytes bytes;    /* with the blank line that ends it: what digests are of */
};

struct jar_manifest {
    struct bytes whole;
    struct jar_section main;
    struct jar_section *sections;  /* in order */
    size_t count;
    struct jar_section **sorted;   /* by name; of one name twice, in order */
    bool nameless, duplicate;      /* such sections are there */
};

/* False when there are more than JAR_SECTIONS_MAX sections or the arena is full. */
bool jar_manifest_parse(struct bytes whole, struct arena *arena, struct jar_manifest *ret);
const struct jar_section *jar_section_find(const struct jar_manifest *m, struct text name);

/* The value of an attribute, its continuation lines joined (in `arena`); or unknown. */
struct text jar_attribute(const struct jar_section *section, struct text name, struct arena *arena);

struct jar_digest { enum digest_kind kind; uint8_t value[DIGEST_BYTES_MAX]; size_t len; };

/* The digests whose names end in `suffix` ("-Digest", "-Digest-Manifest" ...) that platforms from
 * `min_sdk` on look at: at most two, one for those before 18.  Gives how many. */
size_t jar_digests(const struct jar_section *section, const char *suffix, int64_t min_sdk, struct arena *arena,
                   struct jar_digest ret[2]);

#endif
