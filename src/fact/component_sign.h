#ifndef LEASH_FACT_COMPONENT_SIGN_H
#define LEASH_FACT_COMPONENT_SIGN_H

#include "base/arena.h"
#include "base/text.h"

/* What speaks for a component, as one step of its row's origin: words for a person, from which a
 * report gets file, class and name again.  Readers write them, reports read them; the words
 * stand in one table. */

enum component_sign_kind {
    COMPONENT_SIGN_CLASSES,      /* "3 classes, first Lcom/kit/A; in classes.dex" */
    COMPONENT_SIGN_EXPORT,       /* "native library lib/arm64-v8a/libkit.so (exports Java_com_kit_A_b)" */
    COMPONENT_SIGN_LIBRARY,      /* "native library lib/arm64-v8a/libkit.so" */
    COMPONENT_SIGN_FILE,         /* "file assets/kit.dat" */
    COMPONENT_SIGN_MANIFEST,     /* "manifest: com.kit.KEY" */
    COMPONENT_SIGN_HOST,         /* "host kit.example" */
    COMPONENT_SIGN_VERSION,      /* "version text at 4096 in lib/arm64-v8a/libkit.so" */
    COMPONENT_SIGN_CERTIFICATE,  /* "certificate SHA-256 09af..." */
    COMPONENT_SIGN_TRAFFIC,      /* "a connection to kit.example was seen" */
    COMPONENT_SIGN_KIND_COUNT,
};

struct component_sign {
    enum component_sign_kind kind;
    uint64_t number;         /* of classes; of the byte in the file */
    struct text name;        /* class, exported name, name in the manifest, host, digest; else unknown */
    struct text file;        /* path in the package, or unknown */
};

struct text component_sign_words(const struct component_sign *sign, struct arena *arena);

/* False when the words are not such; views of `words`. */
bool component_sign_read(struct text words, struct component_sign *ret);

#endif
