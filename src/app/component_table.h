#ifndef LEASH_APP_COMPONENT_TABLE_H
#define LEASH_APP_COMPONENT_TABLE_H

#include "base/text.h"

/* What leash knows about the kits that apps are built from: data/components.csv, one component a
 * line.  Filled before the readers are started and only read after that.
 *
 * A pattern list is separated by blanks:
 *   classes    package or class names, "com.amap.api": it and all below it; the longest one that fits wins
 *   libraries  names of native libraries, "libBugly.so"; one '*' stands for anything
 *   manifest   class names or keys of the manifest, or what they begin with (up to a '.')
 *   files      paths in the package; one '*' stands for anything
 *   hosts      a name and all below it */
struct component_table;

enum component_column {
    COMPONENT_NAME, COMPONENT_KIND, COMPONENT_OWNER, COMPONENT_COUNTRY, COMPONENT_PURPOSE, COMPONENT_FCC_CLASS, COMPONENT_CLASSES,
    COMPONENT_LIBRARIES, COMPONENT_MANIFEST, COMPONENT_FILES, COMPONENT_HOSTS, COMPONENT_SOURCE, COMPONENT_CERTAINTY,
    COMPONENT_LICENCE,
    COMPONENT_COLUMN_COUNT,
};

/* The names of the columns, in that order. */
extern const char *const component_columns[COMPONENT_COLUMN_COUNT];

enum component_kind { COMPONENT_SDK, COMPONENT_PACKER };

struct component {
    enum component_kind kind;
    bool has_classes;    /* the table knows names of its classes */
    /* empty in the table: unknown */
    struct text name, owner, country, purpose, fcc_class;
    struct text source;  /* with its certainty */
    struct text licence; /* SPDX's name of it */
};

/* Who is known to sign with a certificate: data/signers.csv. */
enum signer_column { SIGNER_SHA256, SIGNER_OWNER, SIGNER_COUNTRY, SIGNER_MEANING, SIGNER_SOURCE, SIGNER_CERTAINTY,
                     SIGNER_COLUMN_COUNT };

extern const char *const signer_columns[SIGNER_COLUMN_COUNT];

struct known_signer {
    struct text owner, country; /* unknown where anyone can sign with it */
    struct text meaning;        /* its class first: "release key", "public test key" */
    struct text source;         /* with its certainty */
};

enum { COMPONENTS_MAX = 20000, COMPONENT_NONE = -1 };

struct component_table *component_table_new(void);
void component_table_free(struct component_table *t); /* NULL is fine */

/* Takes one line: its fields in the order of component_columns; copies them.  NULL when it is
 * used, else why it is not, as a literal.  Fits destination/table.h's `row`. */
const char *component_table_add(void *table, const struct text *fields);

/* The same for a line about a signer. */
const char *component_table_add_signer(void *table, const struct text *fields);

/* By the SHA-256 of the certificate in lower-case hex; NULL: not known. */
const struct known_signer *component_table_signer(const struct component_table *t, struct text sha256);

size_t component_table_count(const struct component_table *t);
const struct component *component_at(const struct component_table *t, size_t index);

/* Each gives the index of the component, or COMPONENT_NONE. */
int component_of_class(const struct component_table *t, struct text descriptor);  /* "Lcom/example/Name;" */
int component_of_name(const struct component_table *t, struct text dotted);       /* of the manifest: by `manifest`, else `classes` */
int component_of_library(const struct component_table *t, struct text file_name);
int component_of_file(const struct component_table *t, struct text path);
int component_of_host(const struct component_table *t, struct text host);

#endif
