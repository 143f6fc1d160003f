#ifndef LEASH_APP_ZIP_H
#define LEASH_APP_ZIP_H

#include "app/signature_key.h"
#include "base/buffer.h"
#include "base/hash.h"
#include "evidence/reading.h"

/* A zip file as Android sees it: from the directory at its end, which decides about names,
 * sizes, methods and places.  What an entry's own header says otherwise, entries that lie
 * over each other or twice under one name, marks that Android passes over (encryption,
 * unknown methods) and entries that no directory names are tricks by which other tools are
 * shown something else than what runs: each is told.
 *
 * Sources: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4; what Android makes of it: public
 * description of APK Signature Scheme v2, and apksig's handling of its published test packages
 * (any method but 0 is inflated, bit 0 of the flags is ignored). */

enum {
    ZIP_ENTRIES_MAX = 100000,
    ZIP_NAME_BYTES_MAX = 4096,
    ZIP_STORED = 0, ZIP_DEFLATED = 8,
};

/* Of all entries together, however often (and four times the file): entries may lie over each other
 * and unpack to anything. */
#define ZIP_UNPACKED_BYTES_MAX (UINT64_C(4) << 30)

struct zip_entry {
    struct text name;             /* a view of the directory */
    uint16_t flags, method;       /* of the directory */
    uint32_t crc32;
    uint32_t packed_bytes, bytes;
    uint64_t directory_offset;    /* of its record in the directory */
    uint64_t local_offset;        /* of its own header */
    struct bytes packed;          /* its content as it lies there; origin is its offset */
    struct bytes unpacked;        /* what it is when it was not compressed, as far as that lies in front of the directory */
    bool readable;                /* packed lies inside the file, in front of the directory */
    bool shadowed;                /* an earlier entry of the directory has the same name */
    int interest;                 /* the reader's own */
    /* of its content, worked out while it was unpacked for something else; DIGEST_NONE: not yet */
    enum digest_kind digest_kind;
    uint8_t digest[DIGEST_BYTES_MAX];
};

struct zip {
    struct bytes whole;
    struct bytes directory;       /* all its records */
    struct bytes end;             /* the end record with its comment */
    struct zip_entry *entries;    /* in the order of the directory */
    size_t count;
    struct zip_entry **by_name;   /* all of them, sorted; of one name, in the order of the directory */
    unsigned tricks;              /* enum zip_trick bits */
    uint64_t unpacked_bytes;      /* that zip_content gave so far */
    bool exhausted;               /* it gives no more */
};

/* In the order of the words that zip_trick_name gives. */
enum zip_trick {
    ZIP_TRICK_DUPLICATE    = 1 << 0,  /* one name twice */
    ZIP_TRICK_OVERLAP      = 1 << 1,  /* entries share bytes */
    ZIP_TRICK_ENCRYPTED    = 1 << 2,  /* marked encrypted, which Android ignores */
    ZIP_TRICK_METHOD       = 1 << 3,  /* a method that is neither stored nor deflated */
    ZIP_TRICK_HEADER       = 1 << 4,  /* own header and directory disagree */
    ZIP_TRICK_SIZE         = 1 << 5,  /* more or less came out than announced */
    ZIP_TRICK_HIDDEN       = 1 << 6,  /* an entry that the directory does not name */
    ZIP_TRICK_PREFIX       = 1 << 7,  /* something stands before the first entry */
    ZIP_TRICK_NAME         = 1 << 8,  /* a name with NUL, or no name */
    ZIP_TRICK_FOLDER       = 1 << 9,  /* one name for a file and for the folder of others */
    ZIP_TRICK_TAIL         = 1 << 10, /* something stands behind the end record and its comment */
    ZIP_TRICK_COUNT = 11,
};

/* For trick `bit` (0 .. ZIP_TRICK_COUNT - 1): a word for a setting row. */
const char *zip_trick_name(unsigned bit);

/* The end record, as Android finds it: the last one whose comment ends with the file; where there is none, the last one
 * whose comment lies in the file, which Android refuses and other tools do not.  False, and `ret` untouched, when there
 * is none. */
__attribute__((warn_unused_result))
bool zip_find_end(struct bytes whole, struct bytes *ret);

/* Cheap: is there an entry of that name in the directory? */
bool zip_has_entry(struct bytes whole, struct text name);
/* Likewise, one whose name `like` says yes to. */
bool zip_has_entry_like(struct bytes whole, bool (*like)(struct text name));

/* Reads the directory and compares it with the entries' own headers; what is wrong becomes
 * damage of `r`.  Entries live in r->arena.  `ret` is set on PARSE_OK only, which also means
 * that some entries may be unreadable. */
__attribute__((warn_unused_result))
enum parse_status zip_open(struct reading *r, struct bytes whole, struct zip *ret);

/* The first entry of that name that can be read, or NULL. */
const struct zip_entry *zip_find(const struct zip *z, struct text name);

/* The first bytes of an entry, unpacked into `into` (cleared first) or as a view of the file. */
struct bytes zip_begins_with(const struct zip_entry *e, struct buffer *into);

enum zip_content_status { ZIP_CONTENT_OK, ZIP_CONTENT_DAMAGED, ZIP_CONTENT_TOO_LARGE };

/* The content of an entry, unpacked into `into` (cleared first; its limit bounds the size), or,
 * for a stored entry, a view of the file.  `ret` is always set: to what could be had.  Damage is told to
 * `r` once, unless `r` is NULL; tricks are added to `z`. */
enum zip_content_status zip_content(struct zip *z, const struct zip_entry *e, struct reading *r, struct buffer *into,
                                    struct bytes *ret);

#endif
